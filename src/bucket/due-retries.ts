// Turns the failed objects whose turn it is into objects to collect.

import type { Cursor } from '../cursor/cursor.ts'
import type { Candidate } from './listing.ts'

/** Gives the objects to be tried again in a cycle. */
export function dueRetries(cursor: Cursor, cycle: number): Candidate[] {
  return [...cursor.state.failed.values()]
    .filter(failed => !failed.quarantined && failed.due <= cycle)
    .map(failed => ({
      key: failed.key,
      size: failed.size,
      etag: undefined,
      modified: failed.modified,
      folder: cursor.folder(failed.folder, failed.folderDay),
      day: failed.day,
      before: '',
      position: 0,
      unsettled: new Set<Candidate>(),
    }))
}
