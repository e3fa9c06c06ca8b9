// Fetches objects, several at a time, and hands them on as they become ready: a
// GET that stalls holds up no other. Half of the workers start the oldest, a
// quarter the youngest, a quarter a random one. The objects in memory or on
// their way are limited in number and bytes; large ones wait on the disk, are
// limited in number alone, and have workers of their own. Retries have few
// workers while anything new is left: stalled ones can never occupy all.

import type { Choice } from '../find/by-age.ts'
import { Condition } from '../find/queue.ts'
import {
  fetchObject,
  LARGE_BYTES,
  type Download,
  type Fetching,
} from './fetch-object.ts'
import type { Candidate } from '../find/listing-result.ts'
import type { Found } from './sampling.ts'
import { ReadyObjects } from './ready-objects.ts'

export interface Downloading extends Fetching {
  /** The objects that failed before; they are taken from this list. */
  retries: Candidate[]
  /** The new objects; it ends when no more will come. */
  found: Found
  /** The number of fetched objects that may wait. */
  maxWaiting: number
  /** Tells that no further object may be started, except one new object. */
  isLate(): boolean
  /** No cycle will follow: every large object waits for its turn, however many there are. */
  isLast?: boolean
  /** Holds the ready objects, for others to look at. */
  ready?: ReadyObjects<Download>
}

const PARALLEL = 16
/** The choice of each worker, by its number. */
const CHOICES: readonly Choice[] = ['oldest', 'youngest', 'oldest', 'random']
const RETRYING_FIRST = 4
const MAX_WAITING_BYTES = 32 * 1_048_576
const PARALLEL_LARGE = 4
// The large objects beyond this number are found again in the next cycle.
const MAX_QUEUED_LARGE = 100
/** The time in ms that a write to the spool has after its request has ended: with the wait for the last line it fits into the last quarter of the shortest cycle. */
export const LAST_WRITES_MS = 400

/** Yields objects until none is left or time is up; its requests end with it. */
export async function* downloadObjects(
  context: Downloading,
): AsyncGenerator<Download> {
  const { clock, refusals, retries, found, maxWaiting, spool } = context
  const { sampling } = refusals
  const { largeBytes = LARGE_BYTES } = context
  const end = new AbortController()
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, end.signal])
  const fetchingUntilEnd: Fetching = { ...context, signal }
  const ready = context.ready ?? new ReadyObjects<Download>()
  const queuedLarge: Candidate[] = []
  // Each condition wakes only its own waiters: they are many, and so are
  // changes.
  const progress = new Condition()
  const room = new Condition()
  const large = new Condition()
  const held = { objects: 0, bytes: 0, large: 0 }
  const working = { small: PARALLEL, large: PARALLEL_LARGE }
  let fetching = 0
  let startedNew = false
  let isGone = false

  const onEnd = async (): Promise<void> => {
    for (const change of [progress, room, large]) change.notify()
    await clock.sleep(LAST_WRITES_MS, over.signal)
    isGone = true
    progress.notify()
  }
  if (signal.aborted) void onEnd()
  else signal.addEventListener('abort', () => void onEnd(), { once: true })

  const isLarge = ({ size }: Candidate): boolean => size > largeBytes
  const hold = (candidate: Candidate, sign: 1 | -1): void => {
    held.objects += sign
    if (isLarge(candidate)) held.large += sign
    else held.bytes += sign * candidate.size
    if (sign > 0) return
    room.notify()
    if (isLarge(candidate)) large.notify()
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
  // A retry is started whatever its folder's other objects gave.
  const isHeldBack = (candidate: Candidate): boolean =>
    candidate.etag !== undefined && !sampling.admits(candidate)
  const takeNew = async (choice: Choice): Promise<Candidate | undefined> => {
    for (;;) {
      const candidate = sampling.next() ?? (await found.take(choice))
      const isLast = fetching === 0 || signal.aborted || !sampling.holds
      if (candidate !== undefined || isLast) return candidate
      await progress.changed()
    }
  }
  const take = async (worker: number): Promise<Candidate | undefined> =>
    worker < RETRYING_FIRST
      ? (retries.shift() ?? (await takeNew(choiceOf(worker))))
      : ((await takeNew(choiceOf(worker))) ?? retries.shift())
  const takeLarge = async (choice: Choice): Promise<Candidate | undefined> => {
    while (!signal.aborted) {
      const { length } = queuedLarge
      if (held.large < PARALLEL_LARGE && length > 0) {
        const [candidate] = queuedLarge.splice(placeOf(choice, length), 1)
        room.notify()
        return candidate
      }
      if (queuedLarge.length === 0 && working.small === 0) break
      await large.changed()
    }
    return undefined
  }

  const fetch = async (candidate: Candidate, choice: Choice): Promise<void> => {
    hold(candidate, 1)
    fetching++
    sampling.onStart(candidate, choice)
    const download = await fetchObject(candidate, fetchingUntilEnd)
    fetching--
    sampling.onEnd(candidate, found)
    if (download) ready.add(download)
    else hold(candidate, -1)
    progress.notify()
  }
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const candidate = await take(worker)
      if (candidate === undefined) return
      if (isLarge(candidate)) {
        while (context.isLast && !signal.aborted && isQueueFull())
          await room.changed()
        if (!isQueueFull()) queuedLarge.push(candidate)
        large.notify()
        continue
      }
      while (!signal.aborted && isFull(candidate)) await room.changed()
      if (isHeldBack(candidate)) continue
      if (!mayStart(candidate)) return
      await fetch(candidate, choiceOf(worker))
    }
  }
  const workOnLarge = async (worker: number): Promise<void> => {
    for (;;) {
      const candidate = await takeLarge(choiceOf(worker))
      if (candidate === undefined) return
      if (spool.isUnwritable || isHeldBack(candidate)) continue
      if (!mayStart(candidate)) return
      await fetch(candidate, choiceOf(worker))
    }
  }
  const ended = (kind: keyof typeof working): void => {
    working[kind]--
    progress.notify()
    large.notify()
  }
  for (let worker = 0; worker < PARALLEL; worker++)
    void work(worker).finally(() => ended('small'))
  for (let worker = 0; worker < PARALLEL_LARGE; worker++)
    void workOnLarge(worker).finally(() => ended('large'))

  try {
    while ((working.small + working.large > 0 && !isGone) || ready.size > 0) {
      const download = ready.take()
      if (download === undefined) {
        await progress.changed()
        continue
      }
      yield download
      hold(download.candidate, -1)
    }
  } finally {
    end.abort()
    while (fetching > 0 && !isGone) await progress.changed()
    over.abort()
  }
}

const choiceOf = (worker: number): Choice =>
  CHOICES[worker % CHOICES.length] ?? 'oldest'

const placeOf = (choice: Choice, length: number): number =>
  choice === 'oldest'
    ? 0
    : choice === 'youngest'
      ? length - 1
      : Math.floor(Math.random() * length)
