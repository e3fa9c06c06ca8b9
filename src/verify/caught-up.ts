// Tells whether the collector itself has caught up with a time: only then is an
// object that it did not collect a fault, and before that a backlog.

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

/** Tells whether, since the end of a range (ms since 1970), the open days of all readable leaves were listed whole and no object in them waits; days at rest count as listed. */
export function isCaughtUp(
  state: CursorState,
  { from, to }: { from: number; to: number },
  isAtRest: (folder: Partition, day: string) => boolean,
): boolean {
  const last = addDays(dayOf(to - 1), 1)
  const isDone = (folder: Partition | undefined, day: string): boolean =>
    folder !== undefined &&
    ((folder.swept >= to && !folder.dirty) || isAtRest(folder, day))
  // A refused folder may be readable again soon, unless it has failed for long.
  const isGivenUp = (folder: Partition | undefined): boolean =>
    folder === undefined || folder.swept < to - DAY_MS
  for (const leaf of activeLeaves(state, state.discovery.shape)) {
    const { prefix, layout } = leaf
    if (layout === 'flat') {
      // A folder named after a day is rarely listed once that day is over.
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
