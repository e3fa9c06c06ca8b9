// Fetches objects, several at a time, oldest first, and hands them on as they
// become ready: a GET that stalls holds up nobody else. What waits, in memory
// or on its way, is bounded in number and bytes; a large object is not
// fetched ahead but read while it is emitted.

import type { Clock } from '../clock.ts'
import { openBody, readWhole, type Body } from './body.ts'
import { Condition } from './condition.ts'
import type { Candidate } from './listing.ts'
import type { ObjectStore } from './object-store.ts'

/** An object whose bytes are at hand, or can be opened now. */
export interface Download {
  candidate: Candidate
  /** Gives the body; throws SourceError. */
  open(): Promise<Body | { etag: string; size: number; chunks: Buffer }>
}

export interface DownloadContext {
  store: ObjectStore
  clock: Clock
  signal: AbortSignal
  /** How many fetched objects may wait. */
  maxWaiting: number
  /** Says whether another object may still be started. */
  mayStart(): boolean
}

const PARALLEL = 16
const MAX_WAITING_BYTES = 32 * 1_048_576
const LARGE_BYTES = 8 * 1_048_576

/** Yields the objects that `next` gives until it gives none or time is up. */
export async function* downloadObjects(
  next: () => Promise<Candidate | undefined>,
  context: DownloadContext,
): AsyncGenerator<Download> {
  const ready: Download[] = []
  const change = new Condition()
  let held = 0
  let heldBytes = 0
  let working = PARALLEL
  let stopped = false

  const work = async (): Promise<void> => {
    for (;;) {
      const candidate = await next()
      if (candidate === undefined) return
      const weight = weightOf(candidate)
      while (
        held > 0 &&
        !stopped &&
        (held >= context.maxWaiting || heldBytes + weight > MAX_WAITING_BYTES)
      )
        await change.changed()
      if (stopped || !context.mayStart()) return
      held++
      heldBytes += weight
      ready.push(await fetch(candidate, context))
      change.notify()
    }
  }
  const worker = async (): Promise<void> => {
    await work()
    working--
    change.notify()
  }
  for (let count = 0; count < PARALLEL; count++) void worker()

  try {
    while (working > 0 || ready.length > 0) {
      const download = takeOldest(ready)
      if (download === undefined) {
        await change.changed()
        continue
      }
      yield download
      held--
      heldBytes -= weightOf(download.candidate)
      change.notify()
    }
  } finally {
    stopped = true
    change.notify()
  }
}

const weightOf = ({ size }: Candidate): number =>
  size > LARGE_BYTES ? 0 : size

async function fetch(
  candidate: Candidate,
  context: DownloadContext,
): Promise<Download> {
  const { store, clock, signal } = context
  const open = (): Promise<Body> => openBody(candidate, store, clock, signal)
  if (candidate.size > LARGE_BYTES) return { candidate, open }
  try {
    const body = await open()
    // A retried object may have grown since it was listed.
    if (body.size > LARGE_BYTES) return { candidate, open: async () => body }
    const chunks = await readWhole(body)
    return { candidate, open: async () => ({ ...body, chunks }) }
  } catch (error) {
    return { candidate, open: () => Promise.reject(error) }
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
