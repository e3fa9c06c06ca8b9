// Fetches objects, several at a time, oldest first, and hands them on as they
// become ready: a GET that stalls holds up nobody else. What waits, in memory
// or on its way, is bounded in number and bytes; large objects, which wait on
// the disk, in number alone, and they have workers of their own. Retries have
// few while there is anything new: what stalls can never occupy all.

import { Condition } from '../find/queue.ts'
import {
  fetchObject,
  type Download,
  type FetchContext,
} from './fetch-object.ts'
import type { Candidate } from '../find/listing.ts'

export interface DownloadContext extends Omit<FetchContext, 'largeBytes'> {
  /** Objects that failed before, taken from this list. */
  retries: Candidate[]
  /** Gives what is new, waiting for it; undefined when there will be no more. */
  next(): Promise<Candidate | undefined>
  /** How many fetched objects may wait. */
  maxWaiting: number
  /** Says that no other object is to be started, though one new object may be. */
  isLate(): boolean
  /** No cycle will follow: what is large waits for its turn, however many there are. */
  isLast?: boolean
  largeBytes?: number
}

const PARALLEL = 16
const RETRYING_FIRST = 4
const MAX_WAITING_BYTES = 32 * 1_048_576
const LARGE_BYTES = 8 * 1_048_576
const PARALLEL_LARGE = 4
// What is more than these is found again in the next cycle.
const MAX_QUEUED_LARGE = 100
// Enough for a write to the spool to end once its request has.
const LAST_WRITES_MS = 1000

/** Yields objects until there are no more or time is up; its requests end with it. */
export async function* downloadObjects(
  context: DownloadContext,
): AsyncGenerator<Download> {
  const { clock, refusals, retries, next, maxWaiting, spool } = context
  const { largeBytes = LARGE_BYTES } = context
  const end = new AbortController()
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, end.signal])
  const fetchContext: FetchContext = { ...context, signal, largeBytes }
  const ready: Download[] = []
  const queuedLarge: Candidate[] = []
  const change = new Condition()
  const held = { objects: 0, bytes: 0, large: 0 }
  const working = { small: PARALLEL, large: PARALLEL_LARGE }
  let fetching = 0
  let startedNew = false
  let isGone = false

  const onEnd = async (): Promise<void> => {
    change.notify()
    await clock.sleep(LAST_WRITES_MS, over.signal)
    isGone = true
    change.notify()
  }
  if (signal.aborted) void onEnd()
  else signal.addEventListener('abort', () => void onEnd(), { once: true })

  const isLarge = ({ size }: Candidate): boolean => size > largeBytes
  const hold = (candidate: Candidate, sign: 1 | -1): void => {
    held.objects += sign
    if (isLarge(candidate)) held.large += sign
    else held.bytes += sign * candidate.size
    change.notify()
  }
  const isFull = ({ size }: Candidate): boolean =>
    held.objects >= maxWaiting || held.bytes + size > MAX_WAITING_BYTES
  const isQueueFull = (): boolean => queuedLarge.length >= MAX_QUEUED_LARGE
  const mayStart = ({ etag }: Candidate): boolean => {
    const isFirst = etag !== undefined && !startedNew
    if (signal.aborted || (context.isLate() && !isFirst)) return false
    startedNew ||= isFirst
    return true
  }
  const take = async (worker: number): Promise<Candidate | undefined> =>
    worker < RETRYING_FIRST
      ? (retries.shift() ?? (await next()))
      : ((await next()) ?? retries.shift())
  const takeLarge = async (): Promise<Candidate | undefined> => {
    while (!signal.aborted) {
      if (held.large < PARALLEL_LARGE && queuedLarge.length > 0) {
        const candidate = queuedLarge.shift()
        change.notify()
        return candidate
      }
      if (queuedLarge.length === 0 && working.small === 0) break
      await change.changed()
    }
    return undefined
  }

  const fetch = async (candidate: Candidate): Promise<void> => {
    hold(candidate, 1)
    fetching++
    const download = await fetchObject(candidate, fetchContext)
    fetching--
    if (download) ready.push(download)
    else hold(candidate, -1)
    change.notify()
  }
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const candidate = await take(worker)
      if (candidate === undefined) return
      if (isLarge(candidate)) {
        while (context.isLast && !signal.aborted && isQueueFull())
          await change.changed()
        if (!isQueueFull()) queuedLarge.push(candidate)
        change.notify()
        continue
      }
      while (!signal.aborted && isFull(candidate)) await change.changed()
      if (refusals.isShut(candidate.folder)) continue
      if (!mayStart(candidate)) return
      await fetch(candidate)
    }
  }
  const workOnLarge = async (): Promise<void> => {
    for (;;) {
      const candidate = await takeLarge()
      if (candidate === undefined) return
      if (refusals.isShut(candidate.folder) || spool.isUnwritable) continue
      if (!mayStart(candidate)) return
      await fetch(candidate)
    }
  }
  const ended = (kind: keyof typeof working): void => {
    working[kind]--
    change.notify()
  }
  for (let worker = 0; worker < PARALLEL; worker++)
    void work(worker).finally(() => ended('small'))
  for (let worker = 0; worker < PARALLEL_LARGE; worker++)
    void workOnLarge().finally(() => ended('large'))

  try {
    while ((working.small + working.large > 0 && !isGone) || ready.length > 0) {
      const download = takeOldest(ready)
      if (download === undefined) {
        await change.changed()
        continue
      }
      yield download
      hold(download.candidate, -1)
    }
  } finally {
    end.abort()
    while (fetching > 0 && !isGone) await change.changed()
    over.abort()
  }
}

function takeOldest(ready: Download[]): Download | undefined {
  let oldest = 0
  for (let index = 1; index < ready.length; index++)
    if (ageOf(ready[index]) < ageOf(ready[oldest])) oldest = index
  return ready.splice(oldest, 1)[0]
}

const ageOf = (download: Download | undefined): number =>
  download?.candidate.modified ?? 0
