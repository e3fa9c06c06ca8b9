// Detects a cursor of another bucket or LogType. Its contents would misjudge
// this bucket's objects. But one that never found a leaf was most likely begun
// under a mistyped setting, and may be taken over.

import { CursorError, quote } from './cursor-error.ts'
import type { CursorState } from './cursor-state.ts'
import type { JournalHeader } from './journal-lines.ts'

/** The owner in a cursor's first line, unchecked. */
export type FoundOwner = Record<'bucket' | 'log_type', unknown>

/** Makes the error of a cursor of another owner, undefined if the owner is right. */
export function foreignCursor(
  path: string,
  found: FoundOwner,
  wanted: JournalHeader,
): CursorError | undefined {
  const isOwn =
    found.bucket === wanted.bucket && found.log_type === wanted.log_type
  if (isOwn) return undefined
  return new CursorError(
    'CURSOR_FOREIGN',
    `reading the cursor ${path}: it belongs to ${nameOf(found)}, and the ` +
      `settings name ${nameOf(wanted)}; set StateFile to another file for ` +
      'these or, if nothing of the former is to be collected any more, move ' +
      `the cursor away and ${path}.late with it, if that is there`,
  )
}

const nameOf = ({ bucket, log_type }: FoundOwner): string =>
  `bucket ${quote(bucket)} and LogType ${quote(log_type)}`

/** Tells whether a cursor never found a folder with logs, so that taking it over loses nothing. */
export function isUnused(state: CursorState): boolean {
  const { leaves, byId, failed, partial, taken, shelf, older } = state
  const met = [leaves, byId, failed, partial, taken, shelf]
  return older.upTo === '' && met.every(({ size }) => size === 0)
}
