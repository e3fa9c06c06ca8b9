// The objects that a host has taken and may still hold in its memory, by full
// key: they count as collected, and can be queued again from their last
// committed step when the host is gone. They are kept outside the sets, so that
// they outlive their days.

import { isSameVersion } from '../s3/etag.ts'
import type { Cursor } from './cursor.ts'
import type { CursorState } from './cursor-state.ts'
import { joinSet } from './commit-object.ts'
import type { TakenObject } from './kept-objects.ts'

/** Tells whether all of an object was taken, in its listed version. */
export function isTaken(
  { taken }: CursorState,
  { key, size }: { key: string; size: number },
): boolean {
  const known = taken.get(key)
  return (
    known !== undefined &&
    known.whole &&
    (known.size === size || known.listed === size)
  )
}

/** Counts the taken records that may not be safe yet. */
export function takenRecords({ taken }: CursorState): number {
  let records = 0
  for (const { committed, steps } of taken.values())
    records += (steps.at(-1) ?? committed).records - committed.records
  return records
}

/** Commits a taken object, once enough records were accepted after it. */
export function commitTaken(cursor: Cursor, object: TakenObject): void {
  const { key, size, listed, day, newest } = object
  cursor.record({ k: 'untaken', key })
  if (!object.whole) return
  const folder = cursor.partition(object.folder, object.folderDay)
  joinSet(cursor, { key, folder, day }, [size, listed], newest)
}

/** Sets an object back to its committed step and queues it for a cycle, without an attempt; `now` is S3's time in ms since 1970. */
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
  // An object with another ETag now is not the one that was taken.
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

/** The code of an object that is collected again without having failed. */
export const TAKEN = 'Taken'
