// Closes the days that left the window, once a whole listing found all in them
// settled, and moves their sets to the file of older days at the end of a
// cycle, so that the cursor holds little more than the window. Sets that are
// too old to be of use are let go.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder, Leaf } from '../cursor/cursor-state.ts'
import { dropFromOlder, dropSets, moveToOlder } from '../cursor/older-days.ts'
import { addDays, dayOf, leafOf } from './day-folders.ts'
import { earliestClock, isSuspect } from './clock-judgement.ts'
import type { NamedDays } from './named-days.ts'
import {
  firstDays,
  folderOf,
  isAtRest,
  windowOf,
  type WindowSettings,
} from './window.ts'

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
  named: NamedDays,
): void {
  const window = windowOf(cursor, settings, now)
  for (const leaf of cursor.state.leaves.values()) {
    const from =
      leaf.layout === 'flat'
        ? openFromFlat(leaf, cursor, settings, now, named)
        : firstOpen(leaf, window.first, day =>
            isAtRest(folderOf(leaf, day, cursor), day, window, settings, now),
          )
    if (from > leaf.from) cursor.record({ k: 'leaf', ...leaf, from })
  }
}

function openFromFlat(
  leaf: Leaf,
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  named: NamedDays,
): string {
  const folder = cursor.folder(leaf.prefix, '')
  if (folder.swept === 0 || folder.dirty) return leaf.from
  const first = firstDays(folder, cursor, settings, now)
  if (named.rests(leaf, folder, first, now)) return first.window
  const { unclean } = folder
  return unclean !== '' && unclean < first.whenSwept ? unclean : first.whenSwept
}

function firstOpen(
  leaf: Leaf,
  windowFirst: string,
  mayClose: (day: string) => boolean,
): string {
  let { from } = leaf
  while (from < windowFirst && mayClose(from)) from = addDays(from, 1)
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
  const { before, isKept } = oldestKept(cursor, settings, now)
  await dropFromOlder(cursor, before, isKept)
}

/** Which sets are old enough to go: those of days before `before`, but for the folders that are kept. */
interface OldestKept {
  before: string
  isKept(folder: Folder): boolean
}

// Sets go by age alone, never while their day is open in their leaf, nor while
// a larger NoOfBackDaysData, or a clock that comes back, could have it listed
// again. A leaf that is behind keeps its own, and nobody else's.
function oldestKept(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): OldestKept {
  const { leaves, clock } = cursor.state
  const today = dayOf(earliestClock(cursor, now))
  const old = clock?.before ?? ''
  const mayReopen = old !== ''
  const latest = mayReopen && old < today ? old : today
  const before = addDays(latest, -WIDEST_WINDOW - settings.LateArrivalDays)
  const isKept = (folder: Folder): boolean => {
    if (folder.day >= before) return false
    const leaf = leafOf(folder, leaves)
    // It may be found again: what goes here bounds what is opened everywhere.
    if (leaf === undefined) return mayReopen && folder.day === ''
    const reopened = mayReopen && leaf.before !== '' ? leaf.before : leaf.from
    const from = reopened < leaf.from ? reopened : leaf.from
    return from < before && (folder.day === '' || folder.day >= from)
  }
  return { before, isKept }
}

/** Lets sets go that are older than those kept. */
export function dropOldSets(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): void {
  const { before, isKept } = oldestKept(cursor, settings, now)
  for (const folder of cursor.state.folders.values()) {
    const isOld =
      (folder.day !== '' && folder.day < before) ||
      [...folder.sets.keys()].some(day => day < before)
    if (isOld && !isKept(folder)) return dropSets(cursor, before, isKept)
  }
}
