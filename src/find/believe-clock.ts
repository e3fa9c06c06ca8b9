// Corrects the cursor once S3's clock is believed: times that now lie in the
// future count as never, and days are opened again that a fast clock had
// closed, or that a larger NoOfBackDaysData covers. Their sets come back from
// the file of older days, so nothing is repeated.

import type { Cursor } from '../cursor/cursor.ts'
import type { ClockNote } from '../cursor/clock-note.ts'
import { NEVER_LISTED, type Leaf } from '../cursor/cursor-state.ts'
import {
  earliestClock,
  isLeap,
  isSuspect,
  judgeClock,
  latestClock,
} from './clock-judgement.ts'
import type { S3Clock } from '../s3/s3-clock.ts'
import { DAY_MS, dayOf } from './day-folders.ts'
import { firstDay, windowOf, type WindowSettings } from './window.ts'
import { WIDEST_WINDOW } from './close-days.ts'

// A Date header has whole seconds, and cycles may follow at once.
const TOLERANCE_MS = 60_000

/** Judges S3's clock by the first answer of a cycle, and corrects the cursor if the clock is believed; tells whether the cursor must be flushed before anything else, undefined without an answer. */
export function meetClock(
  cursor: Cursor,
  settings: WindowSettings,
  s3Clock: S3Clock,
): boolean | undefined {
  if (s3Clock.source === 'guess') return undefined
  const last = judgeClock(cursor, s3Clock)
  if (isSuspect(cursor.state)) return true
  const now = s3Clock.now()
  const isBack = last !== undefined && last.latest - now > TOLERANCE_MS
  if (isBack) forgetFuture(cursor, now)
  recordLeap(cursor, settings, now, last)
  const isOpened = reopenDays(cursor, settings, now)
  return isBack || isOpened || (last?.suspects ?? 0) > 0
}

function forgetFuture(cursor: Cursor, now: number): void {
  const { byId, leaves, discovery, clock } = cursor.state
  for (const folder of byId.values()) {
    const { id, listed, swept, begun } = folder
    if (listed > now || swept > now || begun > now)
      cursor.record({
        k: 'listing',
        id,
        ...NEVER_LISTED,
        listed: Math.min(listed, now),
      })
  }
  // Last-Modified has whole seconds.
  const present = Math.floor(now / 1000) * 1000
  // After a clock that fell behind, history must not become new.
  const later = latestClock(cursor.state, now)
  const baselineOf = (time: number): number =>
    time > later && isFinite(time) ? present : time
  for (const leaf of leaves.values()) {
    const baseline = baselineOf(leaf.baseline)
    const lookedAt = leaf.lookedAt > now ? 0 : leaf.lookedAt
    const refused = Math.min(leaf.refused ?? 0, now)
    if (
      baseline !== leaf.baseline ||
      lookedAt !== leaf.lookedAt ||
      refused < (leaf.refused ?? 0)
    )
      cursor.record({
        k: 'leaf',
        ...leaf,
        baseline,
        lookedAt,
        ...(refused > 0 && { refused }),
      })
  }
  const { begun, complete, baseline } = discovery
  cursor.record({
    k: 'discovery',
    ...discovery,
    begun: begun > now ? 0 : begun,
    complete: Math.min(complete, present),
    baseline: baselineOf(baseline),
  })
  if (clock) cursor.record({ k: 'clock', ...clock, latest: now })
}

// A day that a fast clock closes may come back: until the old offset has held
// long enough, each leaf keeps its first open day of before.
function recordLeap(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  last: ClockNote | undefined,
): void {
  const { clock, leaves, discovery } = cursor.state
  if (clock === undefined) return
  // At the first answer ever this machine's clock stands for the previous one.
  const wall = earliestClock(cursor.state, now)
  const first = { believed: wall, believedOffset: 0, before: '', usual: 0 }
  const told = last ?? { ...first, calm: 0 }
  const gap = now - told.believed
  let { before, calm } = told
  if (before !== '' && gap > 0 && gap <= DAY_MS)
    calm += isLeap(clock.offset, told.usual) ? 0 : gap
  if (calm > (WIDEST_WINDOW + settings.LateArrivalDays) * DAY_MS) before = ''
  if (before === '' && gap > DAY_MS) {
    const day = firstDay(told.believed, settings)
    const { from } = discovery
    before = from !== '' && from < day ? from : day
    cursor.record({
      k: 'clock',
      ...clock,
      before,
      usual: told.believedOffset,
      calm: 0,
    })
    for (const leaf of leaves.values())
      cursor.record({ k: 'leaf', ...leaf, before: leaf.from })
  } else if (before !== clock.before || calm !== clock.calm)
    cursor.record({ k: 'clock', ...clock, before, calm })
}

function reopenDays(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): boolean {
  const closed = [...cursor.state.leaves.values()]
    .map(leaf => ({ leaf, from: opened(leaf, cursor, settings, now) }))
    .filter(({ leaf, from }) => from < leaf.from)
  for (const { leaf, from } of closed) {
    const first = from < leaf.first ? from : leaf.first
    cursor.record({ k: 'leaf', ...leaf, from, first })
  }
  return closed.length > 0
}

function opened(
  leaf: Leaf,
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
): string {
  const { clock, older } = cursor.state
  const first = firstDay(now, settings)
  const window = windowOf(cursor.state, settings, now)
  if (leaf.from <= dayOf(now)) {
    // Days that only the other clock brings in are not history.
    const both = window.first > leaf.first ? window.first : leaf.first
    return first < both ? first : both
  }
  const before = (clock?.before ?? '') === '' ? '' : leaf.before
  const wanted = before !== '' && before < window.first ? before : window.first
  // Bounds that a fast clock has noted do not hold.
  const today = dayOf(latestClock(cursor.state, now))
  const wasAhead = before !== '' && before < leaf.first
  const bounds = [wasAhead ? before : leaf.first, older.from].filter(
    day => day <= today,
  )
  return [wanted, ...bounds].toSorted().at(-1) ?? wanted
}
