// The numbers to configure in a host, which follow from the settings: `check` names
// them, `init` fills them in.

/** The seconds between two starts of cycles, unless cycles are long. */
export const INTERVAL_SECONDS = 60
const TIMEOUT_SECONDS = 45
const MARGIN_SECONDS = 5

/** The seconds that a cycle has to stop after a signal. */
export const KILL_SECONDS = MARGIN_SECONDS

/** Gives the seconds after which a host should end a hanging cycle, and the seconds between two cycles. */
export function hostTimes(maxCycleSeconds: number): {
  timeout: number
  interval: number
} {
  const timeout = Math.max(TIMEOUT_SECONDS, maxCycleSeconds + MARGIN_SECONDS)
  const interval = Math.max(INTERVAL_SECONDS, timeout + 3 * MARGIN_SECONDS)
  return { timeout, interval }
}

/** Gives the least round Buf_Size for lines of `maxRecordBytes`; a K is 1000. */
export function bufSize(maxRecordBytes: number): string {
  // Fluent Bit needs room for the line, its end and one byte more.
  const least = maxRecordBytes + 1
  return least > 1_000_000
    ? `${Math.ceil(least / 1_000_000)}M`
    : `${Math.ceil(least / 1000)}K`
}
