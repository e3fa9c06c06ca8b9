// Fetches objects, several at a time, and hands them on as they become ready: a
// GET that stalls holds up no other. Its requests end with it, and get a moment
// for their last writes.

import type { Candidate } from '../find/listing-result.ts'
import { Condition } from '../find/queue.ts'
import { DownloadLimits, MAX_LARGE } from './download-limits.ts'
import {
  fetchObject,
  LARGE_BYTES,
  type Download,
  type Fetching,
} from './fetch-object.ts'
import { LastWrites } from './last-writes.ts'
import { NextDownload, type WantedObjects } from './next-download.ts'
import { ReadyObjects } from './ready-objects.ts'

type Take = (worker: number) => Promise<Candidate | undefined>

const PARALLEL = 16

/** Yields objects until none is left or time is up; at most `maxWaiting` wait, in `ready`, for others to look at. */
export async function* downloadObjects(
  wanted: WantedObjects,
  fetching: Fetching,
  maxWaiting: number,
  ready = new ReadyObjects<Download>(),
): AsyncGenerator<Download> {
  const { clock, refusals, spool, largeBytes = LARGE_BYTES } = fetching
  const end = new AbortController()
  const signal = AbortSignal.any([fetching.signal, end.signal])
  const fetchingUntilEnd: Fetching = { ...fetching, signal }
  const limits = new DownloadLimits(maxWaiting, largeBytes)
  const { sampling } = refusals
  const next = new NextDownload(wanted, sampling, limits, spool)
  const progress = new Condition()
  const lastWrites = new LastWrites(signal, clock, () => {
    next.end()
    progress.notify()
  })
  const work = async (take: Take, worker: number): Promise<void> => {
    for (;;) {
      const candidate = await take(worker)
      if (candidate === undefined) return
      const download = await fetchObject(candidate, fetchingUntilEnd)
      next.onEnd(candidate)
      if (download) ready.add(download)
      else limits.leave(candidate)
      progress.notify()
    }
  }
  const workers = (count: number, take: Take): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, (_, worker) => work(take, worker)),
    )
  let isWorking = true
  const workAll = async (): Promise<void> => {
    const large = workers(MAX_LARGE, worker => next.large(worker))
    await workers(PARALLEL, worker => next.small(worker))
    next.endSmall()
    await large
    isWorking = false
    progress.notify()
  }
  void workAll()
  try {
    while ((isWorking && !lastWrites.isOver) || ready.size > 0) {
      const download = ready.take()
      if (download === undefined) {
        await progress.changed()
        continue
      }
      yield download
      limits.leave(download.candidate)
    }
  } finally {
    end.abort()
    while (next.running > 0 && !lastWrites.isOver) await progress.changed()
    lastWrites.stop()
  }
}
