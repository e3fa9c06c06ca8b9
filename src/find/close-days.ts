// Closes the days that left the window, once a whole listing found all in them
// settled, and moves their sets to the file of older days at the end of a
// cycle, so that the cursor holds little more than the window. Sets that are
// too old to be of use are let go.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder, Leaf } from '../cursor/cursor-state.ts'
import { dropFromOlder, moveToOlder } from '../cursor/older-days.ts'
import { addDays, dayOf, dayPrefix, leafOf } from './day-folders.ts'
import { earliestClock, isSuspect } from './clock-judgement.ts'
import { firstDay, windowOf, type WindowSettings } from './window.ts'

/** The most that NoOfBackDaysData can be. */
export const WIDEST_WINDOW = 7

/**
 * Closes the days that left the window: those of which a whole listing begun
 * after their last window day found nothing unsettled.
 */
export function closeDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): void {
  const window = windowOf(cursor, settings, now)
  // Noted by S3's clock, and asked by the earlier one.
  const behind = now - window.earlier
  const firstThen = (swept: number): string =>
    firstDay(swept - behind, settings)
  for (const leaf of cursor.state.leaves.values()) {
    const from = openFrom(leaf, cursor, window.first, firstThen)
    if (from > leaf.from) cursor.record({ k: 'leaf', ...leaf, from })
  }
}

function openFrom(
  leaf: Leaf,
  cursor: Cursor,
  windowFirst: string,
  firstThen: (swept: number) => string,
): string {
  if (leaf.layout === 'flat') {
    const folder = cursor.folder(leaf.prefix, '')
    if (folder.swept === 0 || folder.dirty) return leaf.from
    const first = firstThen(folder.swept)
    return folder.unclean !== '' && folder.unclean < first
      ? folder.unclean
      : first
  }
  let from = leaf.from
  while (from < windowFirst) {
    const folder = cursor.folder(
      dayPrefix(leaf.prefix, leaf.layout, from),
      from,
    )
    const clean = !folder.dirty && folder.unclean === ''
    if (!clean || folder.swept === 0) break
    if (firstThen(folder.swept) <= from) break
    from = addDays(from, 1)
  }
  return from
}

/** Moves the folders whose day is closed, unless S3's clock is suspect; `now` is S3's time. The cursor must be flushed; throws CursorError. */
export async function archiveDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): Promise<void> {
  if (isSuspect(cursor)) return
  const { first } = windowOf(cursor, settings, now)
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
  const { leaves, clock } = cursor.state
  const today = dayOf(earliestClock(cursor, now))
  let day = addDays(today, -WIDEST_WINDOW - settings.LateArrivalDays)
  const mayReopen = (clock?.before ?? '') !== ''
  for (const { from, before } of leaves.values()) {
    if (from < day) day = from
    if (mayReopen && before !== '' && before < day) day = before
  }
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
