// Asks CloudTrail for its public keys with what the program asks S3 with.

import type { Clock } from '../../clock.ts'
import type { S3Clock } from '../../s3/clock.ts'
import { silenceMs } from '../../s3/silence.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { publicKeyLister, type ListPublicKeys } from './cloudtrail-api.ts'

export interface AskKeysContext {
  settings: Settings
  s3Clock: Pick<S3Clock, 'now'>
  clock: Clock
  signal: AbortSignal
  /** A cycle has little time, and none to ask a region twice. */
  isHasty?: boolean
}

/** Makes the call for the settings of a command. */
export function askKeys({
  settings,
  s3Clock,
  clock,
  signal,
  isHasty = false,
}: AskKeysContext): ListPublicKeys {
  return publicKeyLister(settings, {
    clock,
    signal,
    isHasty,
    signingTime: () => s3Clock.now(),
    silence: silenceMs(settings.MaxCycleSeconds),
  })
}
