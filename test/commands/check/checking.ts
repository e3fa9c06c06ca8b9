// A bucket in memory and settings from text, as the checks get them.

import { parseSettings } from '../../../src/settings/parse-settings.ts'
import type { CheckedBucket } from '../../../src/commands/check/checked-bucket.ts'
import type { Finding } from '../../../src/commands/check/check-finding.ts'
import { makeScope } from '../../../src/find/scope.ts'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'

export const NOW = '2026-03-10T12:00:00Z'
export const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

export interface Checking extends CheckedBucket {
  store: MemoryStore
  clock: FakeClock
}

/** Makes what a check gets; the bucket is empty, S3's time is noon of 2026-03-10. */
export function checking(
  settings: Readonly<Record<string, string | number>> = {},
): Checking {
  const text = Object.entries({
    Region: 'us-east-1',
    BucketName: 'logs',
    LogType: 'CloudTrail',
    FilePath: 'AWSLogs/',
    ...settings,
  })
    .map(pair => pair.join('='))
    .join('\n')
  const parsed = parseSettings(Buffer.from(text), 'x.ini').settings
  const clock = new FakeClock(NOW)
  const logType = findLogType(parsed.LogType, parsed)
  return {
    settings: parsed,
    logType,
    scope: makeScope(parsed, logType.service),
    store: new MemoryStore(),
    clock,
    s3Clock: new S3Clock(clock, 0),
    stop: new AbortController().signal,
    bucketRegion: () => '',
  }
}

/** Gives what a check finds, a line each, and what it returns. */
export async function findings<T>(
  check:
    AsyncGenerator<Finding, T, undefined> | Generator<Finding, T, undefined>,
): Promise<{ lines: string[]; found: Finding[]; result: T }> {
  const found: Finding[] = []
  for (;;) {
    const next = await check.next()
    if (next.done) {
      const lines = found.map(one => `${one.level} ${one.name}: ${one.message}`)
      return { lines, found, result: next.value }
    }
    found.push(next.value)
  }
}
