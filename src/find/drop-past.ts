// Drops, at the end of a cycle, entries that would grow by one a day for ever:
// leaves named after days that are finally over, and partitions that hold no
// information any more.

import type { Cursor } from '../cursor/cursor.ts'
import { leafKey } from '../cursor/cursor-state.ts'
import { earliestClock } from './clock-judgement.ts'
import type { NamedDays } from './named-days.ts'
import { firstWalkedDay } from './record-leaf.ts'
import { firstDays, type WindowSettings } from './window.ts'

/** Drops the leaves of days that are finally over, and the partitions that belong to no leaf and hold no sets. */
export function dropPast(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  named: NamedDays,
): void {
  const { leaves, byId, clock } = cursor.state
  // Days that a fast clock has closed may be opened again.
  if ((clock?.before ?? '') !== '') return
  const wall = earliestClock(cursor.state, now)
  const first = firstWalkedDay(cursor.state, settings, wall, true)
  for (const leaf of leaves.values()) {
    const { prefix, layout, missed } = leaf
    if (layout !== 'flat' || missed !== 0) continue
    const folder = cursor.partition(prefix, '')
    const days = firstDays(folder, cursor.state, settings, now)
    if (named.isBefore(prefix, first) && named.rests(leaf, folder, days, now))
      cursor.record({ k: 'gone', prefix, layout })
  }
  const ids = [...byId.values()]
    .filter(
      ({ prefix, day, sets }) =>
        day === '' && sets.size === 0 && !leaves.has(leafKey(prefix, 'flat')),
    )
    .map(({ id }) => id)
  if (ids.length > 0) cursor.record({ k: 'moved', ids })
}
