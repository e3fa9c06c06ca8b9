// The search for new objects, cycle after cycle, without the steps after it:
// a bucket in memory, a clock that stands, and a test that says which objects
// were settled. Time may pass with every LIST.

import { join } from 'node:path'
import type { Test } from 'tap'
import { endCycle } from '../../../src/cycle.ts'
import { DAY_MS } from '../../../src/find/day-folders.ts'
import type { PatternSettings } from '../../../src/find/changed-patterns.ts'
import type { DiscoverySettings } from '../../../src/find/discovery.ts'
import { findObjects } from '../../../src/find/search.ts'
import type { SearchResult } from '../../../src/find/search-result.ts'
import { filePatterns } from '../../../src/find/file-patterns.ts'
import type { Candidate } from '../../../src/find/listing-result.ts'
import { recordListings } from '../../../src/find/record-listings.ts'
import type { ListRequest } from '../../../src/s3/object-store.ts'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { makeScope, type ScopeSettings } from '../../../src/find/scope.ts'
import { WHOLE } from '../../../src/find/shard.ts'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { lastOffset } from '../../../src/cursor/clock-note.ts'
import { Cursor } from '../../../src/cursor/cursor.ts'
import { failedAttempt } from '../../../src/cursor/failed-objects.ts'
import { commitObject } from '../../../src/cursor/commit-object.ts'
import { CycleTime } from '../../../src/clock.ts'
import { FakeClock } from '../fake-clock.ts'
import { MemoryStore } from '../s3/memory-store.ts'
import { NO_STEPS } from '../../../src/cursor/kept-objects.ts'

export type SearchSettings = DiscoverySettings & ScopeSettings & PatternSettings

export interface CycleOptions {
  /** MaxCycleSeconds; unlimited unless given. */
  seconds?: number
  /** How long the quickest LISTs take, in ms; others take up to twice that. */
  listMs?: number
  /** After so many objects no more are taken. */
  take?: number
  /** Which LISTs of this cycle fail, counted from 0. */
  fails?: (index: number, request: ListRequest) => boolean
  /** What becomes of each taken object; all are committed unless given. */
  settle?: (candidate: Candidate, index: number) => 'commit' | 'fail' | 'leave'
  /** How many days S3's Date is wrong by in this cycle; NaN: it sends none. */
  dateOff?: number
  /** The process dies before it notes its listings. */
  killed?: boolean
}

export interface CycleResult {
  /** The keys taken, in order. */
  taken: string[]
  committed: string[]
  lists: ListRequest[]
  search: SearchResult
  counts: { objects_found: number; objects_filtered: number }
}

const DEFAULTS: SearchSettings = {
  FilePath: '',
  RegionFolders: [],
  ExclusionDirectories: [],
  DepthToRecurse: undefined,
  Shard: WHOLE,
  NoOfBackDaysData: 1,
  SweepMinutes: 15,
  DiscoveryMinutes: 60,
  LateArrivalDays: 30,
  Inclusions: ['*.gz'],
  Exclusions: [],
}

export class SimulatedSearch {
  readonly store: MemoryStore
  readonly clock: FakeClock
  /** S3's time minus this machine's, in ms. */
  skew = 0
  settings: SearchSettings
  service = /^CloudTrail$/
  cursor: Cursor
  readonly #path: string

  private constructor(
    path: string,
    cursor: Cursor,
    clock: FakeClock,
    settings: Partial<SearchSettings>,
    store: MemoryStore,
  ) {
    this.store = store
    this.#path = path
    this.cursor = cursor
    this.clock = clock
    this.settings = { ...DEFAULTS, ...settings }
  }

  /** Begins with an empty bucket and no cursor, at a time such as 2026-01-02T12:00Z. */
  static async start(
    t: Test,
    settings: Partial<SearchSettings> = {},
    now = '2026-03-10T12:00:00Z',
    store = new MemoryStore(),
  ): Promise<SimulatedSearch> {
    const path = join(t.testdir(), 'cursor')
    const cursor = await openCursor(path)
    return new SimulatedSearch(
      path,
      cursor,
      new FakeClock(now),
      settings,
      store,
    )
  }

  /** S3's time in ms since 1970. */
  get now(): number {
    return this.clock.now() + this.skew
  }

  /** Stores objects now. */
  put(...keys: string[]): void {
    for (const key of keys) this.store.put(key, this.now)
  }

  /** Moves time on. */
  wait(minutes: number): void {
    this.clock.advance(minutes * 60_000)
  }

  /** Writes the cursor and reads it again, as the next process does. */
  async reopen(): Promise<void> {
    await this.cursor.flush()
    await this.cursor.close()
    this.cursor = await openCursor(this.#path)
  }

  /** Loses what was not written, as a kill does. */
  async crash(): Promise<void> {
    await this.cursor.close()
    this.cursor = await openCursor(this.#path)
  }

  /** Where the sets of older days lie. */
  get olderPath(): string {
    return `${this.#path}.late`
  }

  /** Runs one cycle. */
  async cycle(options: CycleOptions = {}): Promise<CycleResult> {
    const { cursor, settings, store, clock } = this
    const { seconds = Infinity, listMs = 0, take = 1e9, dateOff = 0 } = options
    const { number } = cursor.state.cycle
    const s3Clock = new S3Clock(clock, lastOffset(cursor.state))
    const first = store.lists.length
    store.onList = async request => {
      const index = store.lists.length - first - 1
      if (listMs > 0) await clock.sleep(listMs * (1 + (index % 3) / 3))
      const date = new Date(this.now + dateOff * DAY_MS)
      s3Clock.observe(Number.isNaN(dateOff) ? undefined : date.toUTCString())
      if (options.fails?.(index, request)) throw failedPage
    }
    const candidates: Candidate[] = []
    const counts = { objects_found: 0, objects_filtered: 0 }
    const plan = {
      store,
      cursor,
      settings,
      s3Clock,
      clock,
      counts,
      scope: makeScope(settings, this.service),
      signal: new AbortController().signal,
      matchesPatterns: filePatterns(settings.Inclusions, settings.Exclusions),
    }
    const time = new CycleTime(clock, seconds)
    const searching = findObjects(plan, time, async found => {
      candidates.push(...found.slice(0, take - candidates.length))
      return candidates.length < take
    })
    const search = await (listMs > 0 ? clock.run(searching) : searching)
    const committed = this.#settle(candidates, options, number + 1)
    if (search.reached && !options.killed) {
      const at = s3Clock.now()
      recordListings(search, cursor, settings, at)
      await endCycle(cursor, settings, {
        number: number + 1,
        at,
        clockOffset: s3Clock.offset,
        outcome: 'done',
        summary: {},
      })
    }
    return {
      committed,
      search,
      counts,
      taken: candidates.map(({ key }) => key),
      lists: store.lists.slice(first),
    }
  }

  #settle(
    candidates: Candidate[],
    { settle }: CycleOptions,
    cycle: number,
  ): string[] {
    const { cursor } = this
    const committed: string[] = []
    const fault = { code: 'gzip', message: 'cut', refused: false, at: 0 }
    const failure = { ...fault, etag: '', size: 0, ...NO_STEPS, counts: true }
    candidates.forEach((candidate, index) => {
      const { key, size } = candidate
      const fate = settle?.(candidate, index) ?? 'commit'
      if (fate === 'leave') return
      candidate.pending.delete(candidate)
      if (fate === 'commit') {
        commitObject(cursor, candidate, size, '')
        committed.push(key)
        return
      }
      const failed = failedAttempt(candidate, failure, cursor, cycle, 5)
      cursor.record({ k: 'failed', ...failed })
    })
    return committed
  }
}

const failedPage = new SourceError('listing: a fault on demand', {
  code: 'InternalError',
  kind: 'network',
})

const openCursor = (path: string): Promise<Cursor> =>
  Cursor.open({ path, bucket: 'logs', logType: 'CloudTrail' })
