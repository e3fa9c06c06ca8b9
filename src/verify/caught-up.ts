// Whether the collector itself has come to the end of a time: only then is what
// it did not collect a fault, and no backlog.

import type { CursorState } from '../cursor/cursor-state.ts'
import { addDays, dayOf, dayPrefix, daysBetween } from '../find/day-folders.ts'
import { isRefused } from '../find/refused-leaves.ts'
import { activeLeaves } from '../find/window.ts'

/** Tells whether the open days of all leaves that can be read were listed whole since the end of a range, in ms since 1970, and nothing found in them waits. */
export function isCaughtUp(
  state: CursorState,
  { from, to }: { from: number; to: number },
): boolean {
  const last = addDays(dayOf(to - 1), 1)
  const isDone = (prefix: string): boolean => {
    const folder = state.folders.get(prefix)
    return folder !== undefined && folder.swept >= to && !folder.dirty
  }
  for (const leaf of activeLeaves({ state }, state.discovery.shape)) {
    if (isRefused(leaf)) continue
    if (leaf.layout === 'flat') {
      // Once its day is over one that is named after it is rarely listed.
      const folder = state.folders.get(leaf.prefix)
      if (folder === undefined || folder.swept === 0 || folder.dirty)
        return false
      continue
    }
    const { prefix, layout } = leaf
    const first = leaf.from > dayOf(from) ? leaf.from : dayOf(from)
    const open = daysBetween(first, last)
    if (!open.every(day => isDone(dayPrefix(prefix, layout, day)))) return false
  }
  return true
}
