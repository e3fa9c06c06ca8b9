// Leaves of which every LIST failed in a cycle, refused or otherwise. Until one
// can be read it costs each cycle two LISTs, each tried once: one of its newest
// day and one of its open days by turns. The cursor keeps only the time, since
// a leaf may be refused for years.

import type { Cursor } from '../cursor/cursor.ts'
import { leafKey, type CursorState, type Leaf } from '../cursor/cursor-state.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import { datedFolder, leafOf } from './day-folders.ts'
import type { ListingResult } from './listing-result.ts'

/** Tells whether an error means that the LIST of one folder failed, without a meaning for other folders. */
export function isListFailed(error: unknown): boolean {
  return error instanceof SourceError && !error.affectsAll && !isCutOff(error)
}

/** Tells whether a listing read at least one page of its leaf. */
export function isRead({ error, complete, seen }: ListingResult): boolean {
  return error === undefined || complete || seen > 0
}

/** Tells whether all requests for a leaf failed in its last cycle. */
export function isRefused(leaf: Leaf | undefined): boolean {
  return (leaf?.refused ?? 0) > 0
}

/** Tells whether a folder is a refused leaf, or a year or month of one. */
export function isInRefused(folder: string, { leaves }: CursorState): boolean {
  const above = datedFolder(folder)?.leaf
  for (const leaf of leaves.values())
    if (isRefused(leaf) && [folder, above].includes(leaf.prefix)) return true
  return false
}

/** Chooses the requests to a refused leaf in a cycle: the newest of its open days, and one by turns. */
export function daysToTry(days: readonly string[], cycle: number): string[] {
  const newest = days.at(-1)
  const turn = days[cycle % Math.max(1, days.length - 1)]
  return [...new Set([turn, newest])].filter(day => day !== undefined)
}

/** Records that a leaf could be read; if it was refused before, gives it, since its other days are due. */
export function readAgain(cursor: Cursor, leaf: Leaf): Leaf[] {
  if (!isRefused(leaf)) return []
  const { prefix, layout } = leaf
  const known = cursor.state.leaves.get(leafKey(prefix, layout)) ?? leaf
  const read = { ...known, refused: 0 }
  cursor.record({ k: 'leaf', ...read })
  return [read]
}

/** Marks the leaves of which every LIST of a cycle failed; `now` is S3's time in ms since 1970. */
export function recordRefused(
  listings: readonly ListingResult[],
  cursor: Cursor,
  now: number,
): void {
  const read = new Set<Leaf | undefined>()
  const refused = new Set<Leaf>()
  for (const result of listings) {
    const leaf = leafOf(result.partition, cursor.state.leaves)
    // Other errors prove neither.
    if (isRead(result)) read.add(leaf)
    else if (leaf && isListFailed(result.error)) refused.add(leaf)
  }
  for (const leaf of refused)
    if (!read.has(leaf)) cursor.record({ k: 'leaf', ...leaf, refused: now })
}
