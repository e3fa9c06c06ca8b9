// Checks the machine: its clock against S3's, its uptime, the permissions of the
// ini and the key file, and the numbers to configure in the host.

import type { S3Clock } from '../../s3/s3-clock.ts'
import { bufSize, hostTimes, INTERVAL_SECONDS } from '../host-numbers.ts'
import { ok, warn, type Finding } from './check-finding.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exposure } from '../../files/exposure.ts'
import { keyFileOf } from '../../settings/encryption-key.ts'

const NOTABLE_SECONDS = 60
// A Date header has whole seconds and takes some time to arrive.
const TICK_SECONDS = 2
// S3 refuses requests from a clock that is further off.
const SIGNATURE_SECONDS = 15 * 60

// Days and ages follow S3's clock, so a wrong clock here costs one refused request
// per cycle, but no events; temporary credentials and certificates may fail.
/** Compares this machine's clock with S3's; gives no finding if S3 did not answer. */
export function* checkClock(s3Clock: S3Clock): Generator<Finding> {
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
        ? `${which}: S3 refuses signatures over 15 minutes off, so each cycle must sign again by S3's clock; set the clock (NTP)`
        : `${which}: set the clock (NTP)`,
    )
}

/** Reports the values to set in the host; `uptime` is the machine's, in seconds. */
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
    `lines are up to ${MaxRecordBytes} bytes (MaxRecordBytes): in Fluent Bit set Buf_Size ${bufSize(MaxRecordBytes)} or more, since it drops longer lines`,
  )
  const { timeout, interval } = hostTimes(MaxCycleSeconds)
  const advice = `a cycle takes up to ${MaxCycleSeconds} s (MaxCycleSeconds): run it every ${interval} s or so (Fluent Bit: Interval_Sec ${interval}, exec timeout ${timeout}), never more often than a cycle may take`
  yield interval === INTERVAL_SECONDS
    ? ok('interval', advice)
    : warn(
        'interval',
        `${advice}; the example configuration has ${INTERVAL_SECONDS} s`,
      )
}

/** Checks that only their owner may read the ini and the key file. */
export async function* checkFiles(
  config: string,
  settings: Settings | undefined,
): AsyncGenerator<Finding> {
  const ini = resolve(config)
  // Windows does not have its permissions in the mode.
  if (process.platform !== 'win32')
    for (const path of [ini, keyFileOf(settings?.KeyFile ?? '', ini)])
      yield* checkReaders(path)
}

async function* checkReaders(path: string): AsyncGenerator<Finding> {
  const file = await stat(path).catch(() => undefined)
  if (!file?.isFile()) return
  const exposed = exposure(file)
  yield exposed === undefined
    ? ok('files', `${path} is its owner's alone`)
    : warn('files', `${path} ${exposed}, and it may hold keys: chmod 600 it`)
}
