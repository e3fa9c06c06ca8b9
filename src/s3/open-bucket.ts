// Opens the bucket with everything that watches its requests: the counts of
// the summary, S3's clock, and the API log of LogApiRequests.

import type { Clock } from '../clock.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { ObjectStore } from './object-store.ts'
import type { ObservedRequest } from './observe.ts'
import { S3Clock } from './clock.ts'
import { openStore } from './store.ts'
import { silenceMs } from './silence.ts'

export interface RequestCounts {
  lists: number
  gets: number
  retries: number
}

/** Opens the bucket of the settings; `log` is called for each request if LogApiRequests is on. */
export function openBucket(
  settings: Settings,
  clock: Clock,
  lastOffset: number,
  counts: RequestCounts,
  log: (request: ObservedRequest) => void,
): { store: ObjectStore; s3Clock: S3Clock } {
  const s3Clock = new S3Clock(clock, lastOffset)
  const observer = (request: ObservedRequest): void => {
    if (request.attempt > 1) counts.retries++
    else if (request.kind === 'LIST') counts.lists++
    else counts.gets++
    if (request.status !== undefined) s3Clock.observe(request.date)
    if (settings.LogApiRequests) log(request)
  }
  const store = openStore(settings, {
    clock,
    clockOffset: lastOffset,
    silence: silenceMs(settings.MaxCycleSeconds),
    observer,
  })
  return { store, s3Clock }
}
