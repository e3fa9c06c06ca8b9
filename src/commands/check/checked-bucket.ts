// What the checks work with: the settings, and the bucket as a cycle opens it,
// except that nothing is waited for as long as a cycle would.

import type { Clock } from '../../clock.ts'
import { openBucket } from '../../s3/store.ts'
import type { ObjectStore } from '../../s3/object-store.ts'
import type { S3Clock } from '../../s3/clock.ts'
import { makeScope, type Scope } from '../../find/scope.ts'
import { reportRequest, type CommandContext } from '../with-cursor.ts'
import { findLogType, type LogType } from '../../normalize/log-types.ts'
import { noCounts } from '../../cycle/summary.ts'
import type { Settings } from '../../settings/settings-table.ts'

/** A bucket that is asked until a signal ends it. */
export interface AskedBucket {
  settings: Settings
  store: ObjectStore
  s3Clock: S3Clock
  stop: AbortSignal
}

/** The same with what tells its logs. */
export interface CheckedBucket extends AskedBucket {
  clock: Clock
  logType: LogType
  scope: Scope
  /** The region that S3's answers gave the bucket, '' while none did. */
  bucketRegion(): string
}

// With this a request is silent for 4.5 s at most.
const PATIENT_SECONDS = 15

/** Opens the bucket of the settings to be checked. */
export function openForCheck(
  settings: Settings,
  { clock, report, stop }: CommandContext,
): CheckedBucket {
  let region = ''
  const { MaxCycleSeconds, LogApiRequests } = settings
  const watched: Settings = {
    ...settings,
    MaxCycleSeconds: Math.min(MaxCycleSeconds, PATIENT_SECONDS),
    MaxResultCount: 1000,
    LogApiRequests: true,
  }
  const bucket = openBucket(watched, clock, 0, noCounts(), request => {
    region ||= request.bucketRegion ?? ''
    if (LogApiRequests) reportRequest(request, report)
  })
  const logType = findLogType(settings.LogType, settings)
  return {
    ...bucket,
    clock,
    stop,
    settings,
    logType,
    scope: makeScope(settings, logType.service),
    bucketRegion: () => region,
  }
}
