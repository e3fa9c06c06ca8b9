// Whether the collector itself has come to the end of a time: only then is what
// it did not collect a fault, and no backlog.

import type { CursorState, Partition } from '../cursor/cursor-state.ts'
import {
  addDays,
  DAY_MS,
  dayOf,
  dayPrefix,
  daysBetween,
} from '../find/day-folders.ts'
import { isRefused } from '../find/refused-leaves.ts'
import { activeLeaves } from '../find/window.ts'

/** Tells whether the open days of all leaves that can be read were listed whole since the end of a range, in ms since 1970, and nothing found in them waits; those at rest are listed like closed ones. */
export function isCaughtUp(
  state: CursorState,
  { from, to }: { from: number; to: number },
  isAtRest: (folder: Partition, day: string) => boolean,
): boolean {
  const last = addDays(dayOf(to - 1), 1)
  const isDone = (folder: Partition | undefined, day: string): boolean =>
    folder !== undefined &&
    ((folder.swept >= to && !folder.dirty) || isAtRest(folder, day))
  // It may be back at once, unless it has failed for long.
  const isGivenUp = (folder: Partition | undefined): boolean =>
    folder === undefined || folder.swept < to - DAY_MS
  for (const leaf of activeLeaves(state, state.discovery.shape)) {
    const { prefix, layout } = leaf
    if (layout === 'flat') {
      // Once its day is over one that is named after it is rarely listed.
      const folder = state.partitions.get(prefix)
      if (isRefused(leaf) && isGivenUp(folder)) continue
      if (folder === undefined || folder.swept === 0 || folder.dirty)
        return false
      continue
    }
    const first = leaf.from > dayOf(from) ? leaf.from : dayOf(from)
    const folderOf = (day: string): Partition | undefined =>
      state.partitions.get(dayPrefix(prefix, layout, day))
    const open = daysBetween(first, last)
    if (isRefused(leaf) && open.every(day => isGivenUp(folderOf(day)))) continue
    if (!open.every(day => isDone(folderOf(day), day))) return false
  }
  return true
}
