// Closes the days that left the window, once a whole listing found all in them
// settled, and moves their sets to the file of older days at the end of a
// cycle, so that the cursor holds little more than the window. Sets that are
// too old to be of use are let go.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder, Leaf } from '../cursor/cursor-state.ts'
import { dropFromOlder, moveToOlder } from '../cursor/older-days.ts'
import { addDays, dayOf, dayPrefix, leafOf } from './day-folders.ts'
import { firstDay, type WindowSettings } from './window.ts'

// The most that NoOfBackDaysData can be.
const WIDEST_WINDOW = 7

/**
 * Closes the days that left the window: those of which a whole listing begun
 * after their last window day found nothing unsettled.
 */
export function closeDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): void {
  for (const leaf of cursor.state.leaves.values()) {
    const from = openFrom(leaf, cursor, settings, now)
    if (from > leaf.from) cursor.record({ k: 'leaf', ...leaf, from })
  }
}

function openFrom(
  leaf: Leaf,
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): string {
  if (leaf.layout === 'flat') {
    const folder = cursor.folder(leaf.prefix, '')
    if (folder.swept === 0 || folder.dirty) return leaf.from
    const first = firstDay(folder.swept, settings)
    return folder.unclean !== '' && folder.unclean < first
      ? folder.unclean
      : first
  }
  const first = firstDay(now, settings)
  let from = leaf.from
  while (from < first) {
    const folder = cursor.folder(
      dayPrefix(leaf.prefix, leaf.layout, from),
      from,
    )
    const clean = !folder.dirty && folder.unclean === ''
    if (!clean || folder.swept === 0) break
    if (firstDay(folder.swept, settings) <= from) break
    from = addDays(from, 1)
  }
  return from
}

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

/** Lets sets go whose day lies before the oldest kept. */
export function dropOldSets(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): void {
  const before = oldestKept(cursor, settings, now)
  for (const folder of cursor.state.folders.values()) {
    const isOld = folder.day !== '' && folder.day < before
    if (isOld || [...folder.sets.keys()].some(day => day < before)) {
      cursor.record({ k: 'drop', before })
      return
    }
  }
}
