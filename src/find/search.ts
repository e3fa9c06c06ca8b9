// Finds new objects: searches for leaves and lists the due partitions, several
// at a time, and puts each new object into the queue as soon as its page is
// read. One or two partitions are asked first, since the first response sets
// the clock that decides which days there are.

import type { Clock, CycleTime } from '../clock.ts'
import type { CursorState, Partition, Leaf } from '../cursor/cursor-state.ts'
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
import { listFolder } from './listing.ts'
import { NamedDays } from './named-days.ts'
import { lookBack, type LookBackContext } from './look-back.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import { activeLeaves, duePartitionsOf, type DuePartition } from './window.ts'
import { meetClock } from './believe-clock.ts'
import { isSuspect } from './clock-judgement.ts'
import type { S3Clock } from '../s3/clock.ts'
import { firstToAsk, isHopeless, isRootReached, mostAtOnce } from './reach.ts'
import { isRead, readAgain } from './refused-leaves.ts'
import { shapeOf, type Scope } from './scope.ts'
import { SlowLists } from './slow-lists.ts'

export interface FindContext extends Omit<
  LookBackContext,
  'now' | 'hasTime' | 'isPlanned'
> {
  settings: DiscoverySettings & PatternSettings
  scope: Scope
  s3Clock: S3Clock
  clock: Clock
  time: CycleTime
}

const PATIENCE_MS = 1000

/** Searches until everything due is listed or time is up; collects errors and throws none. */
export async function findObjects(context: FindContext): Promise<SearchResult> {
  const named = new NamedDays(context.cursor.state.leaves.values())
  const search = new Search({ ...context, named })
  await search.run()
  return search.result
}

class Search {
  readonly result = emptySearch()
  readonly #context: FindContext & { named: NamedDays }
  readonly #store: ObjectStore
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

  constructor(context: FindContext & { named: NamedDays }) {
    this.#context = context
    const store = trackReached(context.store, this.result, () => {
      this.#judgeClock()
      this.#change.notify()
    })
    this.#slow = new SlowLists(context.time, this.#onError)
    this.#store = this.#slow.over(store)
  }

  async run(): Promise<void> {
    const { clock, cursor, scope, s3Clock } = this.#context
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
    if (!this.#knowsTime) this.#plan(this.#leaves())
    await this.#listPlanned()
    await Promise.all([this.#discovery, this.#looking])
    if (!this.result.reached) return
    const known = this.#leaves().length
    this.#slow.end(cursor.state, scope.FilePath, known, s3Clock.now())
  }

  // Until a page has come, the offset of the last cycle decides the days. A
  // bucket that only refuses may be the wrong one, so it leaves no trace.
  async #learnTime(): Promise<void> {
    const { cursor, settings } = this.#context
    if (this.#knowsTime || !this.result.reached) return
    this.#knowsTime = true
    this.#judgeClock()
    // If this cycle is killed, the next may come days later.
    const isNew = !isSuspect(cursor.state) && recordPatterns(cursor, settings)
    if (this.#mustKeep || isNew) await cursor.flush()
    if (!isSuspect(cursor.state)) this.#looking = this.#lookBack()
    this.#plan(this.#leaves())
  }

  #judgeClock(): void {
    const { cursor, settings, s3Clock } = this.#context
    this.#mustKeep ??= meetClock(cursor, settings, s3Clock)
  }

  #leaves(): Leaf[] {
    const { cursor, scope } = this.#context
    return activeLeaves(cursor.state, shapeOf(scope))
  }

  #discoverIfDue(): void {
    const { cursor, scope, settings, s3Clock, time } = this.#context
    const noneKnown = this.#leaves().length === 0
    const isFirst = noneKnown || cursor.state.discovery.complete === 0
    const isDue = isDiscoveryDue(cursor.state, scope, settings, s3Clock.now())
    if (!this.#hasTime() || (!isDue && !noneKnown)) return
    this.#discovering = true
    this.#discovery = discover({
      ...this.#context,
      store: this.#store,
      now: () => s3Clock.now(),
      hasTime: () => this.#hasTime() && (isFirst || !time.isOver('discovery')),
      onLeaf: leaf => this.#plan([leaf]),
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
    const { time } = this.#context
    const context = {
      ...this.#listing(),
      isPlanned: (folder: Partition) => this.#queue.has(folder),
      hasTime: () =>
        this.#hasTime() &&
        !time.isOver(this.#foundAny ? 'discovery' : 'listing'),
    }
    await lookBack(this.#leaves(), context, result => {
      this.result.looks.push(result)
      if (result.error !== undefined) this.#onError(result.error)
    }).catch(this.#onError)
  }

  #due(leaves: readonly Leaf[]): DuePartition[] {
    const { cursor, settings, s3Clock, named } = this.#context
    return duePartitionsOf(leaves, cursor, settings, s3Clock.now(), named)
  }

  #plan(leaves: readonly Leaf[]): void {
    for (const due of this.#due(leaves)) this.#queue.plan(due)
    this.#change.notify()
  }

  async #listPlanned(): Promise<void> {
    const { result } = this
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
      const context = { ...this.#context, store: this.#store }
      if (!mayAskRoot || !(await isRootReached(result, context))) return
      mayAskRoot = false
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
      older = await olderFor(this.#context.cursor, due.partition)
    } catch (error) {
      // Without its sets every collected object would be printed again.
      this.#queue.settle(due)
      return this.#onError(error)
    }
    const result = await listFolder(due, { ...this.#listing(), older })
    this.result.listings.push(result)
    if (this.#queue.settle(due, result)) this.#onError(result.error)
    if (isRead(result)) this.#plan(readAgain(this.#context.cursor, due.leaf))
  }

  #listing(): Omit<LookBackContext, 'isPlanned'> {
    const { s3Clock, onFound } = this.#context
    return {
      ...this.#context,
      store: this.#store,
      now: () => s3Clock.now(),
      hasTime: () => this.#hasTime(),
      onFound: found => {
        this.#foundAny = true
        return onFound(found)
      },
    }
  }

  readonly #onError = (error: unknown): void => recordError(error, this.result)

  #hasTime(): boolean {
    const { signal, time } = this.#context
    if (signal.aborted || isHopeless(this.result)) return false
    return !time.isOver(this.#foundAny ? 'listing' : 'newWork')
  }
}
