// Asks CloudTrail for its public keys with the settings that the program uses
// for S3.

import type { Clock } from '../../clock.ts'
import type { S3Time } from '../../s3/clock.ts'
import { silenceMs } from '../../s3/silence.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { publicKeyLister, type ListPublicKeys } from './cloudtrail-api.ts'

/** Makes the call for the settings of a command; a hasty one asks each region at most once, for a cycle has little time. */
export function askKeys(
  settings: Settings,
  s3Clock: S3Time,
  clock: Clock,
  signal: AbortSignal,
  isHasty = false,
): ListPublicKeys {
  return publicKeyLister(settings, {
    clock,
    signal,
    isHasty,
    signingTime: () => s3Clock.now(),
    silence: silenceMs(settings.MaxCycleSeconds),
  })
}
