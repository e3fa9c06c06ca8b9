// What the host has to be told so that it loses nothing: the numbers that
// follow from the settings. And whether the machine has been up long enough.

import type { Settings } from '../../settings/settings-table.ts'
import { ok, warn, type Finding } from './finding.ts'

// As plugin.conf.example has them.
const INTERVAL_SECONDS = 60
const TIMEOUT_SECONDS = 45
const MARGIN_SECONDS = 5

/** Says what to set in the host; `uptime` is the machine's, in seconds. */
export function* checkHost(
  settings: Settings,
  uptime: number,
): Generator<Finding> {
  const { MaxRecordBytes, MaxCycleSeconds, StartupDelayInSeconds } = settings
  const wait = Math.ceil(StartupDelayInSeconds - uptime)
  if (wait > 0)
    yield warn(
      'startup',
      `this machine started a moment ago: cycles collect nothing for ${wait} s more (StartupDelayInSeconds ${StartupDelayInSeconds})`,
    )
  yield ok(
    'buffer',
    `lines are up to ${MaxRecordBytes} bytes (MaxRecordBytes): in Fluent Bit set Buf_Size ${bufSize(MaxRecordBytes)} or more, since it loses what is longer`,
  )
  const timeout = Math.max(TIMEOUT_SECONDS, MaxCycleSeconds + MARGIN_SECONDS)
  const interval = Math.max(INTERVAL_SECONDS, timeout + MARGIN_SECONDS)
  const advice = `a cycle takes up to ${MaxCycleSeconds} s (MaxCycleSeconds): run it every ${interval} s or so (Fluent Bit: Interval_Sec ${interval}, exec timeout ${timeout}), never more often than a cycle may take`
  yield interval === INTERVAL_SECONDS
    ? ok('interval', advice)
    : warn(
        'interval',
        `${advice}; the example configuration has ${INTERVAL_SECONDS} s`,
      )
}

/** Gives the least round Buf_Size for lines of so many bytes; a K is 1000. */
export function bufSize(maxRecordBytes: number): string {
  // Fluent Bit needs room for the line, its end and one byte more.
  const least = maxRecordBytes + 1
  return least > 1_000_000
    ? `${Math.ceil(least / 1_000_000)}M`
    : `${Math.ceil(least / 1000)}K`
}
