// Chooses the first open day of a found leaf: the oldest day on which it may
// have been missed, by the window, by a leaf that is behind, or by the last
// complete search. A leaf that was known before takes its days up again.

import type { Cursor } from '../cursor/cursor.ts'
import {
  leafKey,
  type CursorState,
  type Layout,
  type Leaf,
} from '../cursor/cursor-state.ts'
import { latestClock } from './clock-judgement.ts'
import { addDays, dayOf } from './day-folders.ts'
import { isMetAgain, takeUp } from './inactive-leaves.ts'
import { isRefused } from './refused-leaves.ts'
import { firstDay, windowOf, type WindowSettings } from './window.ts'

/** Gives the first day for which AWS's own folders of dates are searched for leaves: the oldest that is open anywhere, or whose late arrivals are looked for. */
export function firstWalkedDay(
  state: CursorState,
  settings: WindowSettings,
  now: number,
  isBehind: boolean,
): string {
  const { elsewhere, from } = state.discovery
  const searched = (!isBehind && elsewhere) || from
  const open = startOf(state, settings, now, searched)
  const { first } = windowOf(state, settings, now)
  const late = addDays(first, -settings.LateArrivalDays)
  return late < open ? late : open
}

/** Adds a newly found leaf to the cursor, or marks a known one as still there. */
export function recordLeaf(
  cursor: Cursor,
  prefix: string,
  layout: Layout,
  settings: WindowSettings,
  now: number,
): Leaf {
  const { leaves, discovery, clock } = cursor.state
  const from = startOf(cursor.state, settings, now)
  const known = leaves.get(leafKey(prefix, layout))
  const isNew = isMetAgain(known, cursor.state)
  const leaf = known ?? {
    prefix,
    layout,
    from,
    first: from,
    before: clock?.before ?? '',
    baseline: discovery.baseline,
    newest: '',
    looked: dayOf(now),
    lookedAt: 0,
    lookAfter: '',
  }
  const seen = { ...leaf, seen: discovery.number, missed: 0 }
  cursor.record({ k: 'leaf', ...seen })
  if (isNew) takeUp(cursor, seen, now)
  return seen
}

// The oldest open day, or the one from which on discoveries may have missed the
// leaf, but no earlier than the first day of all leaves.
function startOf(
  state: CursorState,
  settings: WindowSettings,
  now: number,
  searched = state.discovery.from,
): string {
  let from = windowOf(state, settings, now).first
  for (const leaf of state.leaves.values())
    if (leaf.from < from && !isRefused(leaf) && isOpen(leaf, settings))
      from = leaf.from
  const earliest = searched < from ? searched : from
  const ever = firstEver(state, now)
  return earliest < ever ? ever : earliest
}

// A believed clock that fell behind must not make history new: the first day of
// all leaves is a bound, unless a fast clock recorded it.
function firstEver(state: CursorState, now: number): string {
  const { leaves, clock } = state
  if (clock === undefined) return ''
  const today = dayOf(latestClock(state, now))
  const days = [...leaves.values()].map(leaf => leaf.first)
  return days.filter(day => day <= today).toSorted()[0] ?? ''
}

// A leaf that left scope with more days open than the window saw days without
// cycles.
function isOpen({ missed, from }: Leaf, settings: WindowSettings): boolean {
  return missed === 0 || from < firstDay(missed, settings)
}
