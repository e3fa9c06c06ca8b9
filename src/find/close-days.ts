// Closes the days that left the window once a whole listing found everything in
// them settled. At the end of a cycle their sets move to the file of older
// days, so that the cursor holds little more than the window. Sets that are too
// old to be of use are dropped.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Partition, Leaf } from '../cursor/cursor-state.ts'
import { dropFromOlder, dropSets, moveToOlder } from '../cursor/older-days.ts'
import { addDays, dayOf, leafOf } from './day-folders.ts'
import { earliestClock, isSuspect } from './clock-judgement.ts'
import type { NamedDays } from './named-days.ts'
import {
  firstDays,
  partitionOf,
  isAtRest,
  windowOf,
  type WindowSettings,
} from './window.ts'

/** The largest value of NoOfBackDaysData. */
export const WIDEST_WINDOW = 7

/**
 * Closes the days that left the window and of which a whole listing, begun
 * after their last day in the window, found nothing pending.
 */
export function closeDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  named: NamedDays,
): void {
  const window = windowOf(cursor.state, settings, now)
  for (const leaf of cursor.state.leaves.values()) {
    const mayClose = (day: string): boolean =>
      isAtRest(partitionOf(leaf, day, cursor), day, window, settings, now)
    const from =
      leaf.layout === 'flat'
        ? openFromFlat(leaf, cursor, settings, now, named)
        : firstOpen(leaf, window.first, mayClose)
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
  const folder = cursor.partition(leaf.prefix, '')
  if (folder.swept === 0 || folder.dirty) return leaf.from
  const first = firstDays(folder, cursor.state, settings, now)
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

/** Moves the partitions of closed days to the file of older days, unless S3's clock is suspect; `now` is S3's time. The cursor must be flushed; throws CursorError. */
export async function archiveDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): Promise<void> {
  if (isSuspect(cursor.state)) return
  const { first } = windowOf(cursor.state, settings, now)
  const closed: Partition[] = []
  for (const folder of cursor.state.byId.values()) {
    if (folder.day === '' || folder.day >= first) continue
    const leaf = leafOf(folder, cursor.state.leaves)
    if (leaf && (leaf.layout === 'flat' || folder.day >= leaf.from)) continue
    closed.push(folder)
    if (leaf && folder.newest > leaf.newest)
      cursor.record({ k: 'leaf', ...leaf, newest: folder.newest })
  }
  if (closed.length > 0) await moveToOlder(cursor, closed)
  const { before, isKept } = oldestKept(cursor.state, settings, now)
  await dropFromOlder(cursor, before, isKept)
}

/** The sets to drop: those of days before `before`, except the kept partitions'. */
interface OldestKept {
  before: string
  isKept(folder: Partition): boolean
}

// Sets are dropped by age alone, and never while their day is open in their
// leaf or could be opened again by a larger NoOfBackDaysData or a returning
// clock. A leaf that is behind keeps its own sets and no others.
function oldestKept(
  state: CursorState,
  settings: WindowSettings,
  now: number,
): OldestKept {
  const { leaves, clock } = state
  const today = dayOf(earliestClock(state, now))
  const old = clock?.before ?? ''
  const mayReopen = old !== ''
  const latest = mayReopen && old < today ? old : today
  const before = addDays(latest, -WIDEST_WINDOW - settings.LateArrivalDays)
  const isKept = (folder: Partition): boolean => {
    if (folder.day >= before) return false
    const leaf = leafOf(folder, leaves)
    // The leaf may be found again, and the age of the dropped sets bounds which
    // days are opened everywhere.
    if (leaf === undefined) return mayReopen && folder.day === ''
    const reopened = mayReopen && leaf.before !== '' ? leaf.before : leaf.from
    const from = reopened < leaf.from ? reopened : leaf.from
    return from < before && (folder.day === '' || folder.day >= from)
  }
  return { before, isKept }
}

/** Drops the sets that are too old. */
export function dropOldSets(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): void {
  const { before, isKept } = oldestKept(cursor.state, settings, now)
  for (const folder of cursor.state.partitions.values()) {
    const isOld =
      (folder.day !== '' && folder.day < before) ||
      [...folder.sets.keys()].some(day => day < before)
    if (isOld && !isKept(folder)) return dropSets(cursor, before, isKept)
  }
}
