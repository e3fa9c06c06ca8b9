// The objects that could not be read. Each is tried again in its present
// version, after ever more cycles, and quarantined after MaxObjectAttempts.
// They are kept by full key, outside the sets, so that they outlive the window.
// A refused or unreachable object may be mended soon, so its attempts are
// counted by the hour.

import { isSameVersion } from '../s3/etag.ts'
import type { Cursor } from './cursor.ts'
import type { CursorState, Partition } from './cursor-state.ts'
import {
  NO_STEPS,
  stepsOf,
  type FailedObject,
  type Failure,
  type PartialObject,
  type Steps,
} from './kept-objects.ts'

/** An object to collect, and where it was found. */
export interface FoundObject {
  key: string
  /** The version listed; undefined in a retry, which takes the present version. */
  etag: string | undefined
  size: number
  modified: number
  folder: Partition
  day: string
}

/** A failed attempt; its ETag is '' if the object was not even read. */
export interface Attempt extends Steps, Failure {
  etag: string
  size: number
  /** False if time cut the attempt off, so that it does not count. */
  counts: boolean
}

const HOUR_MS = 3_600_000
const MAX_CYCLES_BETWEEN = 1024
/** The limit of failed objects that wait for a retry. */
export const MAX_WAITING = 10_000

/** Gives the state of an object after one more failed attempt; try n+1 comes 2^(n-1) cycles after try n, and refusals count at most once an hour. */
export function failedAttempt(
  candidate: FoundObject,
  attempt: Attempt,
  cursor: Cursor,
  cycle: number,
  maxAttempts: number,
): FailedObject {
  const { failed, waiting } = cursor.state
  const known = failed.get(candidate.key)
  const earlier = known?.attempts ?? 0
  const tries = Math.max(known?.tries ?? 0, earlier) + (attempt.counts ? 1 : 0)
  const isSoon =
    attempt.refused &&
    known !== undefined &&
    Math.abs(attempt.at - known.counted) < HOUR_MS
  const counts = attempt.counts && !isSoon
  const attempts = earlier + (counts ? 1 : 0)
  const isTooMany = known === undefined && waiting >= MAX_WAITING
  const before = begun(cursor.state, candidate.key)
  // An answer without records may have come from another server.
  const isNothing = attempt.etag === '' || attempt.records === 0
  const version = isNothing ? (before ?? candidate) : attempt
  const isFurther =
    before !== undefined &&
    isSameVersion(before.etag, version.etag ?? '') &&
    before.records > attempt.records
  return {
    key: candidate.key,
    folder: candidate.folder.prefix,
    folderDay: candidate.folder.day,
    day: candidate.day,
    size: version.size,
    etag: version.etag ?? '',
    modified: candidate.modified,
    ...stepsOf(isFurther ? before : attempt),
    code: attempt.code,
    message: attempt.message,
    refused: attempt.refused,
    at: attempt.at,
    attempts,
    tries,
    counted: counts ? attempt.at : (known?.counted ?? 0),
    due: cycle + Math.min(2 ** Math.max(tries - 1, 0), MAX_CYCLES_BETWEEN),
    quarantined: attempts >= maxAttempts || (counts && isTooMany),
  }
}

/** Gives the state of an object that was begun or has failed. */
export function begun(
  { partial, failed }: CursorState,
  key: string,
): PartialObject | FailedObject | undefined {
  return partial.get(key) ?? failed.get(key)
}

/** Gives the committed steps of an object with this ETag. */
export function stepsDone(cursor: Cursor, key: string, etag: string): Steps {
  const known = begun(cursor.state, key)
  return known !== undefined && isSameVersion(known.etag, etag)
    ? stepsOf(known)
    : NO_STEPS
}
