// What the cursor knows of S3's clock beside this machine's: what was last
// measured, and when the two were last believed. So a clock that is wrong for
// a cycle is met with distrust in the next process, too.

/** Times in ms since 1970 by S3's clock, 0 = never; offsets are S3's time minus this machine's, in ms. */
export interface ClockNote {
  /** As measured last. */
  offset: number
  /** How many cycles in a row were suspect, the last one included. */
  suspects: number
  /** When the last cycle that was not suspect learnt the time, and its offset. */
  believed: number
  believedOffset: number
  /** The latest time by which anything was noted. */
  latest: number
  /**
   * Once the clock leapt ahead, or no cycle ran for a day: the first day from
   * which leaves found since may have been missed; '' = neither.
   */
  before: string
  /** The offset before that, and how long it has held again in ms. */
  usual: number
  calm: number
}

/** Gives S3's time minus this machine's, in ms, as it was last believed. */
export function lastOffset(state: Parameters<typeof notedClock>[0]): number {
  return notedClock(state)?.believedOffset ?? 0
}

/** Gives what was noted of the clocks; undefined before the first answer ever. */
export function notedClock({
  clock,
  cycle,
}: {
  clock: ClockNote | undefined
  cycle: { number: number; at: number; clockOffset: number }
}): ClockNote | undefined {
  if (clock !== undefined || cycle.number === 0) return clock
  // Older cursors know of the last cycle alone.
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
