// Finds new objects: searches for leaves and lists the due partitions, several
// at a time, and puts each new object into the queue as soon as its page is
// read. One or two partitions are asked first, since the first response sets
// the clock that decides which days there are.

import type { CycleTime } from '../clock.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Leaf } from '../cursor/cursor-state.ts'
import { catchUp, olderFor } from '../cursor/older-days.ts'
import { recordPatterns, type PatternSettings } from './changed-patterns.ts'
import { DueQueue } from './due-queue.ts'
import { Condition } from './queue.ts'
import {
  discover,
  isDiscoveryDue,
  type DiscoverySettings,
} from './discovery.ts'
import {
  emptySearch,
  recordError,
  trackReached,
  type SearchResult,
} from './search-result.ts'
import { listFolder, type Listing, type Taker } from './listing.ts'
import { NamedDays } from './named-days.ts'
import { lookBack, type LateTaker } from './look-back.ts'
import { activeLeaves, duePartitionsOf, type DuePartition } from './window.ts'
import { meetClock } from './believe-clock.ts'
import { isSuspect } from './clock-judgement.ts'
import { firstToAsk, isHopeless, isRootReached, mostAtOnce } from './reach.ts'
import { isRead, readAgain } from './refused-leaves.ts'
import { shapeOf, type Scope } from './scope.ts'
import { SlowLists } from './slow-lists.ts'

/** The inputs of a search. */
export interface SearchPlan extends Listing {
  cursor: Cursor
  settings: DiscoverySettings & PatternSettings
  scope: Scope
}

const PATIENCE_MS = 1000

/** Searches until everything due is listed or time is up; collects errors and throws none. */
export async function findObjects(
  plan: SearchPlan,
  time: CycleTime,
  onFound: Taker['onFound'],
): Promise<SearchResult> {
  const search = new Search(plan, time, onFound)
  await search.run()
  return search.result
}

class Search {
  readonly result = emptySearch()
  readonly #plan: SearchPlan
  readonly #time: CycleTime
  readonly #named: NamedDays
  readonly #taker: Taker
  readonly #slow: SlowLists
  readonly #change = new Condition()
  readonly #running = new Set<Promise<void>>()
  readonly #queue = new DueQueue()
  #discovery: Promise<void> | undefined
  #discovering = false
  #looking: Promise<void> | undefined
  #knowsTime = false
  #mustKeep: boolean | undefined
  #foundAny = false

  constructor(plan: SearchPlan, time: CycleTime, onFound: Taker['onFound']) {
    this.#time = time
    this.#named = new NamedDays(plan.cursor.state.leaves.values())
    this.#slow = new SlowLists(time, this.#onError)
    const store = trackReached(plan.store, this.result, () => {
      this.#judgeClock()
      this.#change.notify()
    })
    this.#plan = { ...plan, store: this.#slow.over(store) }
    this.#taker = {
      hasTime: this.#hasTime,
      onFound: found => {
        this.#foundAny = true
        return onFound(found)
      },
    }
  }

  async run(): Promise<void> {
    const { clock, cursor, scope, s3Clock } = this.#plan
    try {
      await catchUp(cursor)
    } catch (error) {
      return this.#onError(error)
    }
    const waiting = new AbortController()
    const answered = this.#change.changed()
    this.#discoverIfDue()
    await Promise.race([
      answered,
      this.#discovery ?? this.#listFirst(),
      // Two partitions that stall must not delay the others.
      clock.sleep(PATIENCE_MS, waiting.signal),
    ])
    waiting.abort()
    if (this.#discovery === undefined) this.#discoverIfDue()
    await this.#learnTime()
    if (!this.#knowsTime) this.#enqueue(this.#leaves())
    await this.#listPlanned()
    await Promise.all([this.#discovery, this.#looking])
    if (!this.result.reached) return
    const known = this.#leaves().length
    this.#slow.end(cursor.state, scope.FilePath, known, s3Clock.now())
  }

  // Until a page has come, the offset of the last cycle decides the days. A
  // bucket that only refuses may be the wrong one, so it leaves no trace.
  async #learnTime(): Promise<void> {
    const { cursor, settings } = this.#plan
    if (this.#knowsTime || !this.result.reached) return
    this.#knowsTime = true
    this.#judgeClock()
    // If this cycle is killed, the next may come days later.
    const isNew = !isSuspect(cursor.state) && recordPatterns(cursor, settings)
    if (this.#mustKeep || isNew) await cursor.flush()
    if (!isSuspect(cursor.state)) this.#looking = this.#lookBack()
    this.#enqueue(this.#leaves())
  }

  #judgeClock(): void {
    const { cursor, settings, s3Clock } = this.#plan
    this.#mustKeep ??= meetClock(cursor, settings, s3Clock)
  }

  #leaves(): Leaf[] {
    const { cursor, scope } = this.#plan
    return activeLeaves(cursor.state, shapeOf(scope))
  }

  #discoverIfDue(): void {
    const { cursor, scope, settings, s3Clock } = this.#plan
    const time = this.#time
    const noneKnown = this.#leaves().length === 0
    const isFirst = noneKnown || cursor.state.discovery.complete === 0
    const isDue = isDiscoveryDue(cursor.state, scope, settings, s3Clock.now())
    if (!this.#hasTime() || (!isDue && !noneKnown)) return
    this.#discovering = true
    this.#discovery = discover(this.#plan, this.#named, {
      hasTime: () => this.#hasTime() && (isFirst || !time.isOver('discovery')),
      onLeaf: leaf => this.#enqueue([leaf]),
      onError: this.#onError,
    }).finally(() => {
      this.#discovering = false
      this.#change.notify()
    })
  }

  async #listFirst(): Promise<void> {
    const first = firstToAsk(this.#due(this.#leaves()))
    first.forEach(one => this.#queue.plan(one, true))
    await Promise.all(first.map(one => this.#start(one)))
  }

  async #lookBack(): Promise<void> {
    const taker: LateTaker = {
      onFound: this.#taker.onFound,
      isPlanned: folder => this.#queue.has(folder),
      hasTime: () =>
        this.#hasTime() &&
        !this.#time.isOver(this.#foundAny ? 'discovery' : 'listing'),
    }
    await lookBack(this.#leaves(), this.#plan, taker, result => {
      this.result.looks.push(result)
      if (result.error !== undefined) this.#onError(result.error)
    }).catch(this.#onError)
  }

  #due(leaves: readonly Leaf[]): DuePartition[] {
    const { cursor, settings, s3Clock } = this.#plan
    const now = s3Clock.now()
    return duePartitionsOf(leaves, cursor, settings, now, this.#named)
  }

  #enqueue(leaves: readonly Leaf[]): void {
    for (const due of this.#due(leaves)) this.#queue.plan(due)
    this.#change.notify()
  }

  async #listPlanned(): Promise<void> {
    const { result } = this
    const { FilePath } = this.#plan.scope
    let mayAskRoot = true
    for (;;) {
      await this.#learnTime()
      while (this.#running.size < mostAtOnce(result) && this.#hasTime()) {
        const due = this.#queue.take(result.reached ? undefined : Math.random)
        if (due === undefined) break
        void this.#start(due)
      }
      if (this.#running.size > 0 || this.#discovering) {
        await Promise.race([...this.#running, this.#change.changed()])
        continue
      }
      if (!mayAskRoot) return
      mayAskRoot = false
      if (!(await isRootReached(result, FilePath, this.#plan, this.#time)))
        return
    }
  }

  #start(due: DuePartition): Promise<void> {
    const task = this.#list(due).finally(() => this.#running.delete(task))
    this.#running.add(task)
    return task
  }

  async #list(due: DuePartition): Promise<void> {
    let older: CursorState | undefined
    try {
      older = await olderFor(this.#plan.cursor, due.partition)
    } catch (error) {
      // Without its sets every collected object would be printed again.
      this.#queue.settle(due)
      return this.#onError(error)
    }
    const result = await listFolder(due, this.#plan, this.#taker, older)
    this.result.listings.push(result)
    if (this.#queue.settle(due, result)) this.#onError(result.error)
    if (isRead(result)) this.#enqueue(readAgain(this.#plan.cursor, due.leaf))
  }

  readonly #onError = (error: unknown): void => recordError(error, this.result)

  readonly #hasTime = (): boolean => {
    if (this.#plan.signal.aborted || isHopeless(this.result)) return false
    return !this.#time.isOver(this.#foundAny ? 'listing' : 'newWork')
  }
}
