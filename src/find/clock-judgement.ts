// Decides whether a cycle may believe S3's clock. A clock that leapt against
// this machine's by more than a day since the last answer is suspect until it
// stands still, and a suspect clock closes and drops nothing. Where two steady
// clocks differ, the listed days are those of both, and age is judged by the
// earlier.

import type { Cursor } from '../cursor/cursor.ts'
import { notedClock, type ClockNote } from '../cursor/clock-note.ts'
import type { CursorState } from '../cursor/cursor-state.ts'
import { counted, span } from '../report/words.ts'
import type { S3Clock } from '../s3/s3-clock.ts'
import { DAY_MS } from './day-folders.ts'

// The fourth suspect cycle in a row is believed: a clock that leaps in each
// cycle must not keep all days open for ever.
const MAX_SUSPECTS = 3
// Clocks further apart than this have no window in common: one of them is
// wrong.
const MAX_APART_MS = 7 * DAY_MS
// A machine without a clock of its own begins in 1970.
const YEAR_MS = 365 * DAY_MS

/** Tells whether two offsets, in ms, differ by more than two steady clocks would. */
export function isLeap(offset: number, other = 0): boolean {
  return Math.abs(offset - other) > DAY_MS
}

/** Describes the difference between S3's clock and this machine's. */
export function apart(offset: number): string {
  const much = Math.abs(offset)
  const days = counted(Math.round(much / DAY_MS), 'day')
  return `${much < DAY_MS ? span(much / 1000) : days} ${offset < 0 ? 'behind' : 'ahead of'} this machine's`
}

/** Records the clocks at the first answer of a cycle, believed or suspect; gives the previous note. */
export function judgeClock(
  cursor: Cursor,
  s3Clock: S3Clock,
): ClockNote | undefined {
  const last = notedClock(cursor.state)
  const { offset } = s3Clock
  const now = s3Clock.now()
  const isSuspect =
    last !== undefined &&
    isLeap(offset, last.offset) &&
    last.suspects < MAX_SUSPECTS
  const believed = { suspects: 0, believed: now, believedOffset: offset }
  const untold = { before: '', usual: 0, calm: 0, latest: 0 }
  const { latest, ...before } = last ?? { ...untold, ...believed }
  cursor.record({
    k: 'clock',
    ...before,
    ...(isSuspect ? { suspects: before.suspects + 1 } : believed),
    latest: Math.max(latest, now),
    offset,
  })
  return last
}

/** Tells whether this cycle's clock is suspect: the cycle collects, but closes no day, drops nothing and searches for no leaves. */
export function isSuspect({ clock }: CursorState): boolean {
  return (clock?.suspects ?? 0) > 0
}

/** Gives S3's time and this machine's, the earlier first, if they differ by one to seven days; else S3's alone. */
export function bothClocks(
  { clock }: CursorState,
  now: number,
): [number, number] {
  const offset = clock?.offset ?? 0
  if (!isLeap(offset) || Math.abs(offset) > MAX_APART_MS) return [now, now]
  return offset > 0 ? [now - offset, now] : [now, now - offset]
}

/** Gives the earlier of both clocks, which decides the age of sets and leaves; a machine's clock over a year behind is ignored. */
export function earliestClock({ clock }: CursorState, now: number): number {
  const offset = clock?.offset ?? 0
  return offset > 0 && offset <= YEAR_MS ? now - offset : now
}

/** Gives the later of both clocks, which decides whether a day lies in the future; a machine's clock over a year ahead is ignored. */
export function latestClock({ clock }: CursorState, now: number): number {
  const offset = clock?.offset ?? 0
  return offset < 0 && -offset <= YEAR_MS ? now - offset : now
}

/** Gives the warning of a cycle; '' if the clocks agree or S3 did not answer. */
export function clockWarning(
  cursor: { state: CursorState },
  { source }: Pick<S3Clock, 'source'>,
): string {
  const { clock } = cursor.state
  if (source === 'guess' || clock === undefined) return ''
  if (isSuspect(cursor.state))
    return (
      `S3's clock or this machine's leapt: S3's was ${apart(clock.believedOffset)}, and is ${apart(clock.offset)}. ` +
      'Until both stand still cycles collect from the days that are open, close none, and look for no new folders; set the clock that is wrong'
    )
  if (source === 'local')
    return "S3 sent no Date: days are taken from this machine's clock"
  if (!isLeap(clock.offset)) return ''
  const [earlier, later] = bothClocks(cursor.state, 0)
  const days =
    earlier === later
      ? "days are taken from S3's"
      : 'the days of both are listed'
  return `S3's clock is ${apart(clock.offset)}: ${days}; set the clock that is wrong`
}
