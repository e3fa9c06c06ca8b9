// Turns the failed objects that are due into objects to collect. Objects
// quarantined as refused or unreachable are due once a day, since the cause may
// be mended without any notice.

import type { Cursor } from '../cursor/cursor.ts'
import type { FailedObject } from '../cursor/kept-objects.ts'
import { DAY_MS } from './day-folders.ts'
import type { Candidate } from './listing-result.ts'

/** The limit of refused objects tried in a cycle; the least recently tried come first. */
export const MAX_REFUSED = 1000

/** Gives the objects to try again in a cycle that begins at a time in ms since 1970. */
export function dueRetries(
  cursor: Cursor,
  cycle: number,
  now: number,
): Candidate[] {
  const due = [...cursor.state.failed.values()].filter(failed =>
    isDue(failed, cycle, now),
  )
  const refused = due
    .filter(({ quarantined }) => quarantined)
    .toSorted((a, b) => a.at - b.at)
  const waiting = due.filter(({ quarantined }) => !quarantined)
  return [...waiting, ...refused.slice(0, MAX_REFUSED)].map(failed => {
    const candidate: Candidate = {
      key: failed.key,
      size: failed.size,
      etag: undefined,
      lastEtag: failed.etag,
      modified: failed.modified,
      folder: cursor.partition(failed.folder, failed.folderDay),
      day: failed.day,
      before: '',
      position: 0,
      pending: new Set(),
    }
    if (!failed.quarantined) candidate.pending.add(candidate)
    return candidate
  })
}

/** Counts objects that are tried again; those not quarantined are left to do until they are settled. */
export function countRetries(
  due: readonly Candidate[],
  counts: { objects_found: number; objects_left: number },
): void {
  counts.objects_found += due.length
  for (const { pending } of due) counts.objects_left += pending.size
}

function isDue(failed: FailedObject, cycle: number, now: number): boolean {
  if (!failed.quarantined) return failed.due <= cycle
  return isRefusedLongAgo(failed, now)
}

/** Tells whether an object was refused or unreachable a day ago or earlier. */
export function isRefusedLongAgo(
  { refused, at }: FailedObject,
  now: number,
): boolean {
  // Clocks may step back.
  return refused && Math.abs(now - at) >= DAY_MS
}
