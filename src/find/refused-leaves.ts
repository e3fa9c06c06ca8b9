// A leaf of which every LIST failed in a cycle, refused or otherwise. Until
// something of it can be read it costs each cycle two LISTs, each tried once,
// one of its newest day and one of its open days by turns, and leaves nothing
// in the cursor but the time: it may be refused for years.

import type { Cursor } from '../cursor/cursor.ts'
import { leafKey, type Leaf } from '../cursor/cursor-state.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import { datedFolder, leafOf } from './day-folders.ts'
import type { ListingResult } from './listing-result.ts'

/** Tells whether an error says that the LIST of one folder failed, and nothing of the others. */
export function isListFailed(error: unknown): boolean {
  return error instanceof SourceError && !error.everywhere && !isCutOff(error)
}

/** Tells whether a listing shows that its leaf can be read, be it only a page of it. */
export function isRead({ error, complete, seen }: ListingResult): boolean {
  return error === undefined || complete || seen > 0
}

/** Tells whether all that was asked of a leaf in its last cycle failed. */
export function isRefused(leaf: Leaf | undefined): boolean {
  return (leaf?.refused ?? 0) > 0
}

/** Tells whether a folder is a leaf that is refused, or a year or month of one. */
export function isInRefused(folder: string, { state }: Cursor): boolean {
  const above = datedFolder(folder)?.leaf
  for (const leaf of state.leaves.values())
    if (isRefused(leaf) && [folder, above].includes(leaf.prefix)) return true
  return false
}

/** Chooses what is asked of a refused leaf in a cycle: the newest of its open days, and one by turns. */
export function daysToTry(days: readonly string[], cycle: number): string[] {
  const newest = days.at(-1)
  const turn = days[cycle % Math.max(1, days.length - 1)]
  return [...new Set([turn, newest])].filter(day => day !== undefined)
}

/** Notes that a leaf could be read; gives it as it is then, if it was refused before: its other days are due. */
export function readAgain(cursor: Cursor, leaf: Leaf): Leaf[] {
  if (!isRefused(leaf)) return []
  const { prefix, layout } = leaf
  const known = cursor.state.leaves.get(leafKey(prefix, layout)) ?? leaf
  const read = { ...known, refused: 0 }
  cursor.record({ k: 'leaf', ...read })
  return [read]
}

/** Notes the leaves of which every LIST of a cycle failed; `now` is S3's time in ms since 1970. */
export function recordRefused(
  listings: readonly ListingResult[],
  cursor: Cursor,
  now: number,
): void {
  const read = new Set<Leaf | undefined>()
  const refused = new Set<Leaf>()
  for (const result of listings) {
    const leaf = leafOf(result.folder, cursor.state.leaves)
    // Other errors tell neither.
    if (isRead(result)) read.add(leaf)
    else if (leaf && isListFailed(result.error)) refused.add(leaf)
  }
  for (const leaf of refused)
    if (!read.has(leaf)) cursor.record({ k: 'leaf', ...leaf, refused: now })
}
