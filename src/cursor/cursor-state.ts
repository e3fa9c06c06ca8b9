// The state of a cursor, and the entries of its file. The same entries are
// appended as things happen and written out whole when the file is made
// compact, so there is one way to read them.

import type { ClockNote } from './clock-note.ts'
import type { CycleNote } from './cycle-note.ts'
import { FingerprintSet } from './fingerprint-set.ts'
import { NO_HOST, type HostNote } from './host-note.ts'
import type {
  FailedObject,
  PartialObject,
  TakenObject,
} from './kept-objects.ts'
import type { LookBack, Patterns } from './late-arrivals.ts'
import type { OlderDays } from './older-file.ts'
import { Shelf, type ShelfNote } from './shelf.ts'
import { nothingKnown, type Silence } from './silence-note.ts'
import { neverVerified, type VerifyNote } from './verify-note.ts'

/** The layout of a leaf's logs: in dated folders, or directly in the leaf. */
export type Layout = 'date' | 'hive' | 'flat'

/** A folder that is still to be walked; one that failed before is walked last. */
export interface WalkPosition {
  prefix: string
  /** The walk continues behind this name or, while the store takes it, by the token. */
  after: string
  token?: string
  /** Its names came out of order: without its token it is walked from its start. */
  disordered?: boolean
  failed?: boolean
  /** A folder above it failed before: discoveries may have missed leaves in it. */
  behind?: boolean
}

/** A folder of dated folders or objects; days from `from` on are open. */
export interface Leaf {
  prefix: string
  layout: Layout
  from: string
  /** The number of the discovery that last saw it. */
  seen: number
  /** When a whole discovery first missed it, in ms since 1970; 0 = it is present. */
  missed: number
  /** The first day that was ever open; for later days membership alone decides. */
  first: string
  /** Its first open day before the clock leapt ahead; '' = it was not known then. */
  before: string
  /** In earlier days, an object modified before this is history; ms since 1970. */
  baseline: number
  /** The time of the newest event of the days that left the cursor. */
  newest: string
  /** The day on which the last look back reached its end. */
  looked: string
  /** When its older days were last listed in part, in ms since 1970. */
  lookedAt: number
  /** The key after which the look back continues; '' = at the oldest day. */
  lookAfter: string
  /** When all requests for it in a cycle were refused, in ms since 1970; 0 or absent = it can be read. */
  refused?: number
}

/** The progress of a partition's listings; times in ms since 1970, 0 = never. */
export interface ListingState {
  listed: number
  /** When the last complete whole listing began. */
  swept: number
  /** When the current whole listing began; it continues after `resume`. */
  begun: number
  resume: string
  /** The token for continuing, tried once; '' = continue after `resume`. */
  token: string
  /** Its keys came out of order, or twice: it continues by token alone and has no tail. */
  disordered: boolean
  /** How often in a row a listing restarted because its token was lost. */
  restarts: number
  /** The key after which a tail listing starts. */
  after: string
  /** An object in it is still pending. */
  dirty: boolean
  /** The oldest day of which the last whole listing found a new object. */
  unclean: string
}

/** The part of a bucket that one listing covers: a day of a leaf, or (day '') a leaf without dates. */
export interface Partition extends ListingState {
  /** Its number in the file; 0 without one. */
  id: number
  prefix: string
  day: string
  /** The time of the newest event committed from it. */
  newest: string
  /** The committed objects by day. */
  sets: Map<string, FingerprintSet>
}

/** The progress of the search for leaves; times in ms since 1970, 0 = never. */
export interface Discovery {
  /** The number of the discovery; clocks may step back. */
  number: number
  /** The settings that shape the leaves, and the first discovery under them. */
  shape: string
  since: number
  begun: number
  complete: number
  /** When the first discovery under these settings (or the first ever, if none was complete) began. */
  baseline: number
  /** Leaves found now may hold new objects since this day: the first of the window at the start of the last complete discovery or, before one, of the first. */
  from: string
  /** The first day for which folders of dates are walked where no visit failed; '' or absent = `from`. */
  elsewhere?: string
  /** The folders that are still to be walked. */
  left: WalkPosition[]
  /** Every remaining folder failed when it was tried. */
  stuck: boolean
}

export type Entry =
  | ({ k: 'leaf' } & Leaf)
  | { k: 'gone'; prefix: string; layout: Layout }
  | ({ k: 'discovery' } & Discovery)
  | { k: 'folder'; id: number; prefix: string; day: string }
  | ({ k: 'listing'; id: number } & ListingState)
  | { k: 'listed'; at: number; ids: number[] }
  | { k: 'done'; id: number; day: string; f: string; newest?: string }
  | ({ k: 'partial' } & PartialObject)
  | ({ k: 'failed' } & FailedObject)
  | { k: 'settled'; key: string }
  | { k: 'shelved'; f: string }
  | { k: 'unshelved'; f: string }
  | ({ k: 'shelf' } & ShelfNote)
  | ({ k: 'taken' } & TakenObject)
  | { k: 'untaken'; key: string }
  | ({ k: 'host' } & HostNote)
  | { k: 'drop'; before: string; keep?: number[] }
  | { k: 'moved'; ids: number[] }
  | ({ k: 'older' } & OlderDays)
  | ({ k: 'lookBack' } & LookBack)
  | ({ k: 'patterns' } & Patterns)
  | ({ k: 'clock' } & ClockNote)
  | ({ k: 'silence' } & Silence)
  | ({ k: 'verify' } & VerifyNote)
  | ({ k: 'cycle' } & CycleNote)

export interface CursorState {
  leaves: Map<string, Leaf>
  partitions: Map<string, Partition>
  byId: Map<number, Partition>
  failed: Map<string, FailedObject>
  /** The number of these that are not quarantined. */
  waiting: number
  shelf: Shelf
  partial: Map<string, PartialObject>
  taken: Map<string, TakenObject>
  host: HostNote
  discovery: Discovery
  older: OlderDays
  lookBack: LookBack
  patterns: Patterns
  /** Undefined before the first answer ever, and in older cursors. */
  clock: ClockNote | undefined
  silence: Silence
  verify: VerifyNote
  cycle: CycleNote
}

/** Makes the state of a new cursor. */
export function emptyState(): CursorState {
  return {
    leaves: new Map(),
    partitions: new Map(),
    byId: new Map(),
    failed: new Map(),
    waiting: 0,
    shelf: new Shelf(),
    partial: new Map(),
    taken: new Map(),
    host: NO_HOST,
    discovery: {
      number: 0,
      shape: '',
      since: 0,
      begun: 0,
      complete: 0,
      baseline: 0,
      from: '',
      left: [],
      stuck: false,
    },
    older: { upTo: '', from: '', number: 0 },
    lookBack: { began: 0, ended: 0, complete: 0, found: 0 },
    patterns: { text: '', former: [] },
    clock: undefined,
    silence: nothingKnown(''),
    verify: neverVerified(),
    cycle: {
      number: 0,
      at: 0,
      clockOffset: 0,
      outcome: 'done',
      summary: {},
    },
  }
}

/** The listing state of a partition that was never listed. */
export const NEVER_LISTED = {
  swept: 0,
  begun: 0,
  resume: '',
  token: '',
  disordered: false,
  restarts: 0,
  after: '',
  dirty: false,
  unclean: '',
}

/** Makes a partition that was never listed. */
export function newPartition(prefix: string, day: string): Partition {
  return {
    id: 0,
    prefix,
    day,
    newest: '',
    sets: new Map(),
    listed: 0,
    ...NEVER_LISTED,
  }
}

/** Gives the key of a leaf: one folder may hold both dated folders and objects. */
export function leafKey(prefix: string, layout: Layout): string {
  return `${layout} ${prefix}`
}

/** Gives the set of a partition's day, a new one if there is none. */
export function setOf(folder: Partition, day: string): FingerprintSet {
  let set = folder.sets.get(day)
  if (set === undefined) folder.sets.set(day, (set = new FingerprintSet()))
  return set
}
