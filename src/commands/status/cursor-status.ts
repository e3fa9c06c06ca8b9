// The contents of `status`: the cursor's state and size, with the names of --json.
// The size needs the whole file of older days. S3 is not asked, so the state is as
// old as the last cycle.

import { stat } from 'node:fs/promises'
import { leafOf } from '../../find/day-folders.ts'
import { activeLeaves } from '../../find/window.ts'
import { isGrowing, leftBehind } from '../../cursor/cycle-note.ts'
import type { CursorState, Leaf } from '../../cursor/cursor-state.ts'
import type { FailedObject } from '../../cursor/kept-objects.ts'
import { quarantinedCount } from '../../cursor/shelve.ts'
import { TAKEN, takenRecords } from '../../cursor/taken-objects.ts'
import type { Summary } from '../../cycle/summary.ts'
import { outcomes, type CycleOutcome } from '../../report/outcome.ts'
import { silenceReason } from '../../cursor/silence-note.ts'
import { compare } from '../../report/words.ts'
import type { Cursor } from '../../cursor/cursor.ts'

/** A leaf: its newest event ('' if unknown), the age of that event, and the oldest open day. */
export interface LeafStatus {
  prefix: string
  newest_event: string
  lag_seconds: number | null
  oldest_open_day: string
}

/** An object that could not be read; `next_cycle` tries again, null while it is quarantined. */
export interface ObjectStatus {
  key: string
  code: string
  reason: string
  attempts: number
  records: number
  next_cycle: number | null
}

/** The number of late objects settled, and the times of the last search of older days ('' = never). */
export interface LateStatus {
  found: number
  began: string
  ended: string
}

/** The last finished cycle that reached S3: its time, outcome and counts. */
export interface LastCycle extends Partial<Summary> {
  number: number
  at: string
  outcome: CycleOutcome
  exit: number
}

/** The numbers of objects that up to three cycles left, oldest cycle first, and whether they grow. */
export interface BacklogStatus {
  left: number[]
  growing: boolean
}

/** The objects and records that the host has taken and may still hold; they come again if the host is gone. */
export interface TakenStatus {
  objects: number
  records: number
}

/** The state of a cursor. */
export interface CursorStatus {
  last_cycle: LastCycle | null
  /** The reason why the settings match nothing; '' if they match. */
  nothing_matches: string
  leaves: LeafStatus[]
  /** The first thousand failed and quarantined objects, and the number of each. */
  failed: ObjectStatus[]
  failed_objects: number
  quarantined: ObjectStatus[]
  quarantined_objects: number
  late: LateStatus
  /** The Last-Modified of the oldest object that was found and waits; '' if none waits. */
  waiting_since: string
  backlog: BacklogStatus
  taken: TakenStatus
  /** The time up to which the collection was proved ('' = never), and the number of unproved things (VerifyMinutes). */
  verified_until: string
  not_proved: number
}

// Limits the size of the answer for its reader.
const MAX_NAMED = 1000

/** Makes the status of a cursor; `now` is S3's time in ms since 1970. */
export function cursorStatus(state: CursorState, now: number): CursorStatus {
  const { cycle, discovery, failed, lookBack } = state
  const summary: Partial<Summary> = cycle.summary
  const newest = newestEvents(state)
  const objects = [...failed.values()].toSorted(byKey)
  const waiting = objects.filter(hasFailed)
  return {
    last_cycle:
      cycle.number === 0
        ? null
        : {
            number: cycle.number,
            at: new Date(cycle.at).toISOString(),
            outcome: cycle.outcome,
            // An altered cursor may name any outcome.
            exit: outcomes[cycle.outcome]?.exit,
            ...summary,
          },
    nothing_matches: silenceReason(state.silence),
    leaves: activeLeaves(state, discovery.shape)
      .map(leaf => leafStatus(leaf, newest.get(leaf) ?? '', now))
      .toSorted((a, b) => compare(a.prefix, b.prefix)),
    failed: waiting.slice(0, MAX_NAMED).map(objectStatus),
    failed_objects: waiting.length,
    quarantined: objects
      .filter(object => object.quarantined)
      .slice(0, MAX_NAMED)
      .map(objectStatus),
    quarantined_objects: quarantinedCount(state),
    late: {
      found: lookBack.found,
      began: timeText(lookBack.began),
      ended: timeText(lookBack.ended),
    },
    waiting_since: timeText(waitingSince(state)),
    backlog: { left: leftBehind(cycle), growing: isGrowing(cycle) },
    taken: { objects: state.taken.size, records: takenRecords(state) },
    verified_until: timeText(state.verify.until),
    not_proved: state.verify.notProved,
  }
}

// Considers the objects due for a retry and those that the last cycle left.
function waitingSince({ cycle, failed }: CursorState): number {
  const { waiting = 0 } = cycle
  let oldest = waiting === 0 ? Infinity : waiting
  for (const { quarantined, modified } of failed.values())
    if (!quarantined) oldest = Math.min(oldest, modified)
  return oldest === Infinity ? 0 : oldest
}

function leafStatus(
  { prefix, from, newest: older }: Leaf,
  recent: string,
  now: number,
): LeafStatus {
  const newest = recent > older ? recent : older
  const lag = Math.round((now - Date.parse(newest)) / 1000)
  return {
    prefix,
    newest_event: newest,
    lag_seconds: newest === '' ? null : lag,
    oldest_open_day: from,
  }
}

function objectStatus(object: FailedObject): ObjectStatus {
  const { key, code, message, attempts, records, due, quarantined } = object
  return {
    key,
    code,
    reason: message,
    attempts,
    records,
    next_cycle: quarantined ? null : due,
  }
}

function newestEvents(state: CursorState): Map<Leaf, string> {
  const { partitions, leaves, taken } = state
  const newest = new Map<Leaf, string>()
  const meet = (prefix: string, day: string, time: string): void => {
    const leaf = leafOf({ prefix, day }, leaves)
    if (leaf && time > (newest.get(leaf) ?? '')) newest.set(leaf, time)
  }
  for (const one of partitions.values()) meet(one.prefix, one.day, one.newest)
  for (const one of taken.values()) meet(one.folder, one.folderDay, one.newest)
  return newest
}

// An object that only stalled until the end of a cycle, or was taken back from a
// host, has not failed yet.
const hasFailed = ({ quarantined, attempts, code }: FailedObject): boolean =>
  !quarantined && (attempts > 0 || (code !== 'Stalled' && code !== TAKEN))
const timeText = (time: number): string =>
  time === 0 ? '' : new Date(time).toISOString()
const byKey = (a: FailedObject, b: FailedObject): number =>
  compare(a.key, b.key)

/** The sizes of the cursor, with the names of --json. */
export interface CursorSize {
  path: string
  bytes: number
  objects: number
  older_bytes: number
  older_objects: number
}

/** Measures an open cursor at a path; throws CursorError. */
export async function cursorSize(
  cursor: Cursor,
  path: string,
): Promise<CursorSize> {
  const isMoved = cursor.state.older.upTo !== ''
  return {
    path,
    bytes: await bytesOf(path),
    objects: objectsOf(cursor.state),
    older_bytes: isMoved ? await bytesOf(`${path}.late`) : 0,
    older_objects: isMoved ? objectsOf((await cursor.older()).state) : 0,
  }
}

function objectsOf({ partitions }: CursorState): number {
  let objects = 0
  for (const { sets } of partitions.values())
    for (const set of sets.values()) objects += set.size
  return objects
}

async function bytesOf(path: string): Promise<number> {
  const file = await stat(path).catch(() => undefined)
  return file?.size ?? 0
}
