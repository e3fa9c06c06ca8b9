// Finds what is new: looks for leaves and lists the due folders, several at a
// time, and puts each new object into the waiting room as soon as its page is
// there. The first request runs alone, since its response sets the clock that
// says which days there are.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder, Leaf } from '../cursor/cursor-state.ts'
import type { CycleTime } from '../cycle-time.ts'
import { Condition } from './condition.ts'
import {
  discover,
  isDiscoveryDue,
  type DiscoverySettings,
} from './discovery.ts'
import {
  listFolder,
  type Candidate,
  type ListingCounts,
  type ListingResult,
} from './listing.ts'
import type { ObjectStore } from './object-store.ts'
import {
  activeLeaves,
  byFairness,
  dueFoldersOf,
  type DueFolder,
} from './partitions.ts'
import type { S3Clock } from './s3-clock.ts'
import { shapeOf, type Scope } from './scope.ts'
import { SourceError } from './source-error.ts'

export interface FindContext {
  store: ObjectStore
  cursor: Cursor
  settings: DiscoverySettings
  scope: Scope
  s3Clock: S3Clock
  elapsed(): number
  time: CycleTime
  signal: AbortSignal
  isWanted(key: string): boolean
  offer(found: Candidate[]): Promise<boolean>
  counts: ListingCounts
}

/** What a search came to; `reached` tells whether any LIST succeeded. */
export interface Findings {
  listings: ListingResult[]
  errors: unknown[]
  reached: boolean
}

const PARALLEL = 8
// So many failures with no success say that nothing will succeed.
const HOPELESS = 8

/** Searches until everything due is listed or time is up; errors are collected, not thrown. */
export async function findObjects(context: FindContext): Promise<Findings> {
  const search = new Search(context)
  await search.run()
  return search.findings
}

class Search {
  readonly findings: Findings = { listings: [], errors: [], reached: false }
  readonly #context: FindContext
  readonly #store: ObjectStore
  readonly #shape: string
  readonly #change = new Condition()
  readonly #planned = new Set<Folder>()
  readonly #queue: DueFolder[] = []
  #discovery: Promise<void> | undefined
  #discovering = false
  #foundAny = false

  constructor(context: FindContext) {
    this.#context = context
    this.#shape = shapeOf(context.scope)
    this.#store = {
      get: request => context.store.get(request),
      list: async request => {
        const page = await context.store.list(request)
        this.findings.reached = true
        return page
      },
    }
  }

  async run(): Promise<void> {
    const { s3Clock } = this.#context
    this.#discoverIfDue()
    if (this.#discovery === undefined) {
      await this.#listFirst()
      this.#discoverIfDue()
    } else await Promise.race([s3Clock.known, this.#discovery])
    for (const leaf of this.#leaves()) this.#plan(leaf)
    await this.#listPlanned()
    await this.#discovery
  }

  #leaves(): Leaf[] {
    return activeLeaves(this.#context.cursor, this.#shape)
  }

  #discoverIfDue(): void {
    const { cursor, scope, settings, s3Clock, time } = this.#context
    if (!this.#mayGoOn()) return
    if (!isDiscoveryDue(cursor, scope, settings, s3Clock.now())) return
    const noneKnown = this.#leaves().length === 0
    this.#discovering = true
    this.#discovery = discover({
      ...this.#context,
      store: this.#store,
      now: () => s3Clock.now(),
      mayGoOn: () =>
        this.#mayGoOn() && (noneKnown || !time.isOver('discovery')),
      onLeaf: leaf => this.#plan(leaf),
      onError: error => this.#onError(error),
    }).finally(() => {
      this.#discovering = false
      this.#change.notify()
    })
  }

  async #listFirst(): Promise<void> {
    const { cursor, settings, s3Clock } = this.#context
    const [first] = this.#leaves()
      .flatMap(leaf => dueFoldersOf(leaf, cursor, settings, s3Clock.now()))
      .toSorted(byFairness)
    if (first === undefined) return
    this.#planned.add(first.folder)
    await this.#list(first)
  }

  #plan(leaf: Leaf): void {
    const { cursor, settings, s3Clock } = this.#context
    for (const due of dueFoldersOf(leaf, cursor, settings, s3Clock.now()))
      if (!this.#planned.has(due.folder)) {
        this.#planned.add(due.folder)
        this.#queue.push(due)
      }
    this.#queue.sort(byFairness)
    this.#change.notify()
  }

  async #listPlanned(): Promise<void> {
    const running = new Set<Promise<void>>()
    for (;;) {
      while (running.size < PARALLEL && this.#mayGoOn()) {
        const due = this.#queue.shift()
        if (due === undefined) break
        const task = this.#list(due).finally(() => running.delete(task))
        running.add(task)
      }
      if (running.size === 0 && !this.#discovering) return
      await Promise.race([...running, this.#change.changed()])
    }
  }

  async #list(due: DueFolder): Promise<void> {
    const { s3Clock, offer } = this.#context
    const result = await listFolder(due, {
      ...this.#context,
      store: this.#store,
      now: () => s3Clock.now(),
      mayGoOn: () => this.#mayGoOn(),
      offer: async found => {
        this.#foundAny = true
        return this.#mayGoOn() && offer(found)
      },
    })
    this.findings.listings.push(result)
    if (result.error !== undefined) this.#onError(result.error)
  }

  #onError(error: unknown): void {
    if (!this.#context.signal.aborted) this.findings.errors.push(error)
  }

  #mayGoOn(): boolean {
    const { signal, time } = this.#context
    const share = this.#foundAny ? 'listing' : 'newWork'
    return !signal.aborted && !time.isOver(share) && !this.#isHopeless()
  }

  #isHopeless(): boolean {
    const { errors, reached } = this.findings
    return (
      (!reached && errors.length >= HOPELESS) ||
      errors.some(error => error instanceof SourceError && error.everywhere)
    )
  }
}
