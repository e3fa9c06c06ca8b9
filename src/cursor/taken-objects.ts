// What a host has taken and may still hold in its memory, by full key: it
// counts as collected, and can be queued again from its last committed step
// when the host is gone. Kept outside the sets, so that it outlives its day.

import { isSameVersion } from '../s3/etag.ts'
import type { Cursor } from './cursor.ts'
import type { CursorState } from './cursor-state.ts'
import { joinSet } from './commit-object.ts'
import type { TakenObject } from './kept-objects.ts'

/** Tells whether all of an object was taken, as it is listed. */
export function isTaken(
  { taken }: Pick<CursorState, 'taken'>,
  { key, size }: { key: string; size: number },
): boolean {
  const known = taken.get(key)
  return (
    known !== undefined &&
    known.whole &&
    (known.size === size || known.listed === size)
  )
}

/** Counts the records that were taken and are not known to be safe. */
export function takenRecords({ taken }: Pick<CursorState, 'taken'>): number {
  let records = 0
  for (const { committed, steps } of taken.values())
    records += (steps.at(-1) ?? committed).records - committed.records
  return records
}

/** Ends a wait: enough was accepted behind all of what was taken of an object. */
export function commitTaken(cursor: Cursor, object: TakenObject): void {
  const { key, size, listed, day, newest } = object
  cursor.record({ k: 'untaken', key })
  if (!object.whole) return
  const folder = cursor.folder(object.folder, object.folderDay)
  joinSet(cursor, { key, folder, day, sizes: [size, listed] }, newest)
}

/** Takes an object back to its committed step and queues it for a cycle, without an attempt; `now` is S3's time in ms since 1970. */
export function queueTaken(
  cursor: Cursor,
  object: TakenObject,
  due: number,
  now: number,
): void {
  const { key, etag, size, committed } = object
  const { failed, partial } = cursor.state
  cursor.record({ k: 'untaken', key })
  const kept = failed.get(key)
  const cut = partial.get(key)
  // What has another ETag by now is not what was taken.
  if (kept && isSameVersion(kept.etag, etag))
    cursor.record({
      k: 'failed',
      ...kept,
      ...committed,
      due,
      quarantined: false,
    })
  else if (object.whole && kept === undefined)
    cursor.record({
      k: 'failed',
      key,
      folder: object.folder,
      folderDay: object.folderDay,
      day: object.day,
      size,
      etag,
      modified: object.modified,
      ...committed,
      code: TAKEN,
      message: 'the host that took it may have lost it',
      refused: false,
      at: now,
      attempts: 0,
      counted: 0,
      tries: 0,
      due,
      quarantined: false,
    })
  // The entry of a failed object ends this one.
  if (cut && isSameVersion(cut.etag, etag))
    cursor.record({ k: 'partial', ...cut, ...committed })
}

/** Is the code of what is collected again and has not failed. */
export const TAKEN = 'Taken'
