// The settings and the bucket for the checks, opened as in a cycle, but with
// shorter timeouts.

import type { Clock } from '../../clock.ts'
import { openBucket } from '../../s3/store.ts'
import type { ObjectStore } from '../../s3/object-store.ts'
import type { S3Clock } from '../../s3/s3-clock.ts'
import { makeScope, type Scope } from '../../find/scope.ts'
import { reportRequest, type CommandContext } from '../with-cursor.ts'
import { findLogType, type LogType } from '../../normalize/log-types.ts'
import { noCounts } from '../../cycle/summary.ts'
import type { Settings } from '../../settings/settings-table.ts'

/** A bucket with its settings and a signal that ends its requests. */
export interface AskedBucket {
  settings: Settings
  store: ObjectStore
  s3Clock: S3Clock
  stop: AbortSignal
}

/** A bucket with the clock, log type and scope for its logs. */
export interface CheckedBucket extends AskedBucket {
  clock: Clock
  logType: LogType
  scope: Scope
  /** The bucket's region from S3's answers, '' while it is unknown. */
  bucketRegion(): string
}

// With this value a request times out after 4.5 s of silence.
const PATIENT_SECONDS = 15

/** Opens the bucket of the settings for the checks. */
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
