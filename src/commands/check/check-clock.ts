// This machine's clock against S3's. Days and ages go by S3's, so a wrong clock
// costs a refused request a cycle, not events; temporary credentials and
// certificates take it worse.

import type { CheckContext } from './check-context.ts'
import { ok, warn, type Finding } from './finding.ts'

const NOTABLE_SECONDS = 60
// A Date knows no parts of a second, and is a while on its way.
const TICK_SECONDS = 2
// What is further off is refused.
const SIGNATURE_SECONDS = 15 * 60

/** Compares the clocks; says nothing when S3 did not answer. */
export function* checkClock({
  s3Clock,
}: Pick<CheckContext, 's3Clock'>): Generator<Finding> {
  if (s3Clock.source === 'guess') return
  if (s3Clock.source === 'local') {
    yield warn(
      'clock',
      "S3 sent no Date: days are taken from this machine's clock, so keep it right",
    )
    return
  }
  const off = Math.round(s3Clock.offset / 1000)
  const by = Math.abs(off)
  if (by <= TICK_SECONDS) {
    yield ok('clock', "this machine's clock agrees with S3's")
    return
  }
  const which = `this machine's clock is ${by} s ${off > 0 ? 'behind' : 'ahead of'} S3's`
  if (by <= NOTABLE_SECONDS) yield ok('clock', which)
  else
    yield warn(
      'clock',
      by > SIGNATURE_SECONDS
        ? `${which}: S3 refuses what is signed over 15 minutes off, so each cycle has to sign again by S3's clock; set the clock (NTP)`
        : `${which}: set the clock (NTP)`,
    )
}
