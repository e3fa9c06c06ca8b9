// The cursor's knowledge of S3's clock beside this machine's: the last
// measurement, and the last time both were believed. So the next process also
// distrusts a clock that is wrong for a cycle.

/** Times in ms since 1970 by S3's clock, 0 = never; offsets are S3's time minus this machine's, in ms. */
export interface ClockNote {
  /** The last measured offset. */
  offset: number
  /** The number of suspect cycles in a row, including the last one. */
  suspects: number
  /** The time of the last cycle that was not suspect, and its offset. */
  believed: number
  believedOffset: number
  /** The latest time that was ever recorded. */
  latest: number
  /**
   * After a leap ahead, or a day without a cycle: the first day from which on
   * leaves found since may have been missed; '' = neither.
   */
  before: string
  /** The offset before that, and for how long in ms it has held again. */
  usual: number
  calm: number
}

/** Gives S3's time minus this machine's, in ms, as last believed. */
export function lastOffset(state: Parameters<typeof notedClock>[0]): number {
  return notedClock(state)?.believedOffset ?? 0
}

/** Gives the note of the clocks; undefined before the first answer ever. */
export function notedClock({
  clock,
  cycle,
}: {
  clock: ClockNote | undefined
  cycle: { number: number; at: number; clockOffset: number }
}): ClockNote | undefined {
  if (clock !== undefined || cycle.number === 0) return clock
  // Older cursors keep only the last cycle.
  const { at, clockOffset } = cycle
  return {
    offset: clockOffset,
    suspects: 0,
    believed: at,
    believedOffset: clockOffset,
    latest: at,
    before: '',
    usual: clockOffset,
    calm: 0,
  }
}
