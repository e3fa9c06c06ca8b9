// Moves the sets of closed days to the file of older days, at the end of a
// cycle, so that the cursor holds little more than the window; and lets sets
// go that are too old to be of use.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder } from '../cursor/cursor-state.ts'
import { dropFromOlder, moveToOlder } from '../cursor/older-days.ts'
import { addDays, dayOf } from './day-folders.ts'
import { leafOf } from './leaf-of.ts'
import { firstDay, type WindowSettings } from './partitions.ts'

// The most that NoOfBackDaysData can be.
const WIDEST_WINDOW = 7

/** Moves the folders whose day is closed; `now` is S3's time. The cursor must be flushed; throws CursorError. */
export async function archiveDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): Promise<void> {
  const first = firstDay(now, settings)
  const closed: Folder[] = []
  for (const folder of cursor.state.byId.values()) {
    if (folder.day === '' || folder.day >= first) continue
    const leaf = leafOf(folder, cursor.state.leaves)
    if (leaf && (leaf.layout === 'flat' || folder.day >= leaf.from)) continue
    closed.push(folder)
    if (leaf && folder.newest > leaf.newest)
      cursor.record({ k: 'leaf', ...leaf, newest: folder.newest })
  }
  if (closed.length > 0) await moveToOlder(cursor, closed)
  await dropFromOlder(cursor, oldestKept(cursor, settings, now))
}

/**
 * Gives the oldest day whose sets are kept. Sets go by age alone, never while
 * their day is open in any leaf, nor while a larger NoOfBackDaysData could
 * open it again.
 */
export function oldestKept(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): string {
  let day = addDays(dayOf(now), -WIDEST_WINDOW - settings.LateArrivalDays)
  for (const { from } of cursor.state.leaves.values())
    if (from < day) day = from
  return day
}
