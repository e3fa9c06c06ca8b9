// The hours for which a chain owes a digest. CloudTrail writes one an hour, at
// the same minute, even when it names no logs.

import { addDays, dayOf, daysBetween } from '../../find/day-folders.ts'

/** The milliseconds of an hour. */
export const HOUR_MS = 3_600_000
/** The allowed delay of a digest, in ms. */
export const GRACE_MS = 2 * HOUR_MS

// Neighbours meet to the second; a shorter span is not a lost hour.
const SLACK_MS = 60_000

/** A span from one time to another, in ms. */
export interface Span {
  from: number
  to: number
}

/** Yields the hours between two times, the last one whole, each that lies in a range at least in part. */
export function* hoursBefore(
  upper: number,
  lower: number,
  range: Span,
): Generator<Span> {
  const floor = Math.max(lower, range.from - HOUR_MS)
  const count = Math.max(0, Math.ceil((upper - floor - SLACK_MS) / HOUR_MS))
  for (let i = count - 1; i >= 0; i--) {
    const to = upper - i * HOUR_MS
    const from = Math.max(to - HOUR_MS, lower)
    if (to > range.from && from < range.to) yield { from, to }
  }
}

/** Yields the whole hours after a time that are over at `owed`, each that lies in a range at least in part. */
export function* hoursAfter(
  lower: number,
  owed: number,
  range: Span,
): Generator<Span> {
  const before = Math.floor(Math.max(0, range.from - lower) / HOUR_MS)
  let from = lower + before * HOUR_MS
  for (; from < range.to && from + HOUR_MS <= owed; from += HOUR_MS)
    if (from + HOUR_MS > range.from) yield { from, to: from + HOUR_MS }
}

/** Gives the days, YYYY-MM-DD, whose digests are needed for a range: the day before shows which chains exist, and the day after has the evidence for the last digest. */
export function daysOf({ from, to }: Span, now: number): string[] {
  const first = addDays(dayOf(from), -1)
  const behind = addDays(dayOf(Math.max(from, to - 1)), 1)
  const today = dayOf(now)
  return daysBetween(first, addDays(behind < today ? behind : today, 1))
}
