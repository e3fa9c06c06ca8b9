// Chooses the partitions to list now, least recently listed first: every open
// day of every leaf, whole at first and every SweepMinutes, and in between its
// tail if objects may still arrive. An outage or a backlog widens the window,
// since a day stays open until a listing finds it settled.

import { compare } from '../report/words.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Partition, Leaf } from '../cursor/cursor-state.ts'
import type { Settings } from '../settings/settings-table.ts'
import { bothClocks, isSuspect } from './clock-judgement.ts'
import {
  addDays,
  daysBetween,
  dayOf,
  dayPrefix,
  startOfDay,
} from './day-folders.ts'
import type { FirstDays, NamedDays } from './named-days.ts'
import { daysToTry, isRefused } from './refused-leaves.ts'

/** Objects younger than this, and days that ended less long ago, may still get new keys before them. */
export const FRESH_MS = 2 * 3_600_000

export type WindowSettings = Pick<
  Settings,
  'NoOfBackDaysData' | 'SweepMinutes' | 'LateArrivalDays'
>

/** A partition to list, and its leaf. */
export interface DuePartition {
  partition: Partition
  leaf: Leaf
}

/** Gives the first day of the window, NoOfBackDaysData before today. */
export function firstDay(now: number, settings: WindowSettings): string {
  return addDays(dayOf(now), -settings.NoOfBackDaysData)
}

/** The days to list; a leaf lists at least its open ones. */
export interface Window {
  first: string
  last: string
  /** Days that ended two hours before this time, in ms since 1970, get no more objects. */
  earlier: number
}

// A leaf with more days lists them over several cycles, except the window's.
const MAX_DAYS = 400
// An unbelieved clock is followed ahead no further than this.
const SUSPECT_DAYS = 8

/** Gives the window: from the first day of the earlier clock to the today of the later. While S3's clock is suspect, it ends at the today of the last believed time, or up to eight days later. */
export function windowOf(
  state: CursorState,
  settings: WindowSettings,
  now: number,
): Window {
  const believed = state.clock?.believed ?? now
  if (!isSuspect(state)) {
    const [earlier, later] = bothClocks(state, now)
    return { first: firstDay(earlier, settings), last: dayOf(later), earlier }
  }
  const most = addDays(dayOf(believed), SUSPECT_DAYS)
  const last = dayOf(Math.max(now, believed))
  return {
    first: firstDay(believed, settings),
    last: last < most ? last : most,
    earlier: Math.min(now, believed),
  }
}

/** Gives the first day before the window whose late arrivals are looked for. */
export function firstLateDay(
  state: CursorState,
  settings: WindowSettings,
  now: number,
): string {
  const { first } = windowOf(state, settings, now)
  const day = addDays(first, -settings.LateArrivalDays)
  const { from } = state.older
  return from > day ? from : day
}

/**
 * Tells whether a new object of a closed day is a late arrival: always if the
 * day was ever open, otherwise if it is not history.
 */
export function isLate(leaf: Leaf, day: string, modified: number): boolean {
  return day >= leaf.first || modified >= leaf.baseline
}

/** Gives the leaves that were found under the settings of the shape. */
export function activeLeaves(
  { leaves, discovery }: CursorState,
  shape: string,
): Leaf[] {
  if (discovery.shape !== shape) return []
  return [...leaves.values()].filter(
    leaf => leaf.missed === 0 && leaf.seen >= discovery.since,
  )
}

/** Lists the partitions of leaves that are due at a time in ms since 1970. */
export function duePartitionsOf(
  leaves: readonly Leaf[],
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  named: NamedDays,
): DuePartition[] {
  const due: DuePartition[] = []
  const { state } = cursor
  const window = windowOf(state, settings, now)
  for (const leaf of leaves) {
    if (leaf.layout === 'flat') {
      const partition = cursor.partition(leaf.prefix, '')
      const first = firstDays(partition, state, settings, now)
      if (!named.rests(leaf, partition, first, now))
        due.push({ partition, leaf })
      continue
    }
    const open = openDays(leaf, window).filter(
      day =>
        !isAtRest(partitionOf(leaf, day, cursor), day, window, settings, now),
    )
    for (const day of isRefused(leaf)
      ? daysToTry(open, state.cycle.number)
      : open) {
      const partition = partitionOf(leaf, day, cursor)
      const mayGrow = window.earlier < startOfDay(addDays(day, 1)) + FRESH_MS
      if (mayGrow || partition.dirty || isWholeDue(partition, settings, now))
        due.push({ partition, leaf })
    }
  }
  return due
}

/** Gives the partition of a day of a leaf with dated folders. */
export function partitionOf(
  { prefix, layout }: Leaf,
  day: string,
  cursor: Cursor,
): Partition {
  return cursor.partition(dayPrefix(prefix, layout, day), day)
}

/**
 * Tells whether the day of a partition (which may have had no day) may close:
 * it left the window, and a whole listing begun after its last day there found
 * nothing pending. If an older day keeps it open, it has no listing of its own
 * and is covered by the look back; otherwise one day that fails for ever would
 * cost a LIST more each day.
 */
export function isAtRest(
  { swept, dirty, unclean }: Partition,
  day: string,
  { first, earlier }: Window,
  settings: WindowSettings,
  now: number,
): boolean {
  if (day >= first || swept === 0 || dirty || unclean !== '') return false
  // The time is S3's, and the earlier clock decides.
  return firstDay(swept - (now - earlier), settings) > day
}

/** Gives the days of a leaf that the look back covers: those that are closed, and those at rest. */
export function daysBehind(
  leaf: Leaf,
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): string[] {
  const window = windowOf(cursor.state, settings, now)
  const late = firstLateDay(cursor.state, settings, now)
  const end = leaf.from > window.first ? leaf.from : window.first
  return daysBetween(late, end).filter(
    day =>
      day < leaf.from ||
      isAtRest(partitionOf(leaf, day, cursor), day, window, settings, now),
  )
}

/** Gives the days by which a folder named after a day is judged. */
export function firstDays(
  { swept }: Partition,
  state: CursorState,
  settings: WindowSettings,
  now: number,
): FirstDays {
  const { first, earlier } = windowOf(state, settings, now)
  return {
    window: first,
    late: firstLateDay(state, settings, now),
    // The time is S3's, and the earlier clock decides.
    whenSwept: firstDay(swept - (now - earlier), settings),
  }
}

function openDays({ from }: Leaf, { first, last }: Window): string[] {
  const days: string[] = []
  const most = addDays(from, MAX_DAYS)
  // There is at least one day, since a cycle without a LIST never learns the
  // time.
  const end = from > last ? from : last
  for (let day = from; day <= end; day = addDays(day, 1)) {
    if (day === most && day < first) day = first
    days.push(day)
  }
  return days
}

/** Orders partitions for listing: least recently listed first, then oldest day. */
export function byFairness(a: DuePartition, b: DuePartition): number {
  return (
    listedAt(a) - listedAt(b) ||
    compare(a.partition.day, b.partition.day) ||
    compare(a.partition.prefix, b.partition.prefix)
  )
}

// A refusal counts as a listing.
const listedAt = ({ partition, leaf }: DuePartition): number =>
  Math.max(partition.listed, leaf.refused ?? 0)

/** Tells whether a partition is to be listed from its first key to its last. */
export function isWholeDue(
  folder: Partition,
  settings: WindowSettings,
  now: number,
): boolean {
  return (
    folder.swept === 0 ||
    folder.begun !== 0 ||
    Math.abs(now - folder.swept) >= settings.SweepMinutes * 60_000
  )
}
