// Fetches one object: a small one into memory, a large one into the spool,
// either from where an earlier cycle was cut off. What comes of it is an object
// whose bytes are all at hand, one that failed, or nothing: cut off by the end
// of the cycle, or refused or not reached, which is held back to its end.

import type { Clock } from '../clock.ts'
import type { ReadableBytes } from '../files/stored-bytes.ts'
import { counted, openBody, readWhole } from './body.ts'
import { Course } from './cut-off.ts'
import { keepInflated } from './inflated-body.ts'
import { listedEtag, type Candidate } from '../find/listing-result.ts'
import {
  s3Url,
  type ObjectBytes,
  type ObjectStore,
} from '../s3/object-store.ts'
import { isOtherVersion } from '../s3/etag.ts'
import { isRefusal, type Refusals } from './refusals.ts'
import { isCutOff, SourceError, worthRetry } from '../s3/errors/source-error.ts'
import { readPart } from './read-part.ts'
import type { Part, Spool } from './spool.ts'
import { SpoolError } from './spool-error.ts'

/** Bytes that are all here and can be read more than once. */
export type FetchedBytes = ObjectBytes<ReadableBytes>

export interface Fetched {
  candidate: Candidate
  end: 'fetched'
  body: FetchedBytes
}

/** An object that was fetched, or that failed for what it is or for the spool. */
export type Download =
  Fetched | { candidate: Candidate; end: 'failed'; error: unknown }

/** What objects are fetched with. */
export interface Fetching {
  store: ObjectStore
  bucket: string
  clock: Clock
  spool: Spool
  refusals: Refusals
  counts: { bytes_in: number }
  /** Aborts when requests are to end. */
  signal: AbortSignal
  /** How long a request may bring no byte, in ms. */
  silenceMs: number
  /** Told what the end of the cycle cut off while bytes came. */
  onCutOff?: (candidate: Candidate) => void
  /** What is larger goes to the spool; LARGE_BYTES if not given. */
  largeBytes?: number
}

/** What is larger waits in the spool. */
export const LARGE_BYTES = 8 * 1_048_576

/** Fetches an object; never throws. */
export async function fetchObject(
  candidate: Candidate,
  context: Fetching,
): Promise<Download | undefined> {
  const { clock, refusals, signal, silenceMs, spool } = context
  const course = new Course(clock)
  try {
    const part = await usablePart(candidate, spool)
    if (part && part.length === part.size)
      return { candidate, end: 'fetched', body: spooled(part, candidate) }
    const body = await fetchBody(candidate, part, course, context)
    refusals.noteAnswer(candidate)
    return { candidate, end: 'fetched', body }
  } catch (fault) {
    let error: unknown = fault
    if (error instanceof SpoolError) return { candidate, end: 'failed', error }
    let counted = true
    if (signal.aborted) {
      counted = course.received === 0 && course.quiet >= silenceMs
      if (isCutOff(error)) {
        error = course.cutOff(nameOf(candidate, context), silenceMs)
        if (error === undefined) {
          context.onCutOff?.(candidate)
          return undefined
        }
      }
    }
    if (isRefusal(error)) {
      refusals.hold({ candidate, error, counts: counted })
      return undefined
    }
    refusals.noteAnswer(candidate)
    await spool.remove(candidate.key)
    return { candidate, end: 'failed', error }
  }
}

/** Finds what an earlier cycle left, unless it has another size than is listed or cannot be gone on with: then it is removed. */
async function usablePart(
  { key, etag, size }: Candidate,
  spool: Spool,
): Promise<Part | undefined> {
  const part = await spool.find(key)
  if (part === undefined) return undefined
  const isNameless = part.etag === '' && part.length < part.size
  if (isNameless || (etag !== undefined && size !== part.size)) {
    await spool.remove(key)
    return undefined
  }
  // A LIST may name a version otherwise than a GET does, so only a GET can tell
  // whether it is the same: the last byte is asked for again.
  const isWhole = part.length === part.size
  if (etag !== undefined && isWhole && isOtherVersion(etag, part.etag))
    part.length = Math.max(0, part.size - 1)
  return part
}

async function fetchBody(
  candidate: Candidate,
  known: Part | undefined,
  course: Course,
  context: Fetching,
): Promise<FetchedBytes> {
  const { spool, signal } = context
  let part = known
  for (let beginnings = 1; ; beginnings++) {
    let body: ObjectBytes | undefined
    let isRest = part !== undefined
    try {
      body = await open(candidate, part, context, () => (isRest = true))
      // What was begun stays until the object is answered anew.
      if (part === undefined && beginnings > 1)
        await spool.remove(candidate.key)
      return await takeIn(body, part, candidate, course, context)
    } catch (error) {
      const beginsAnew =
        (isRest && isRestRefused(error)) ||
        (part !== undefined && body === undefined && isWrongLength(error)) ||
        (body?.etag === '' && worthRetry(error))
      if (!beginsAnew || beginnings === MAX_BEGINNINGS || signal.aborted)
        throw error
      if (part !== undefined)
        course.onLost('the store did not go on where the last one ended')
      part = undefined
    }
  }
}

/** Reads a body to its end, into memory or into the spool. */
async function takeIn(
  body: ObjectBytes,
  known: Part | undefined,
  candidate: Candidate,
  course: Course,
  { spool, largeBytes = LARGE_BYTES, counts }: Fetching,
): Promise<FetchedBytes> {
  const { key } = candidate
  const { etag, size } = body
  const onBytes = (bytes: number): void => {
    course.onBytes(bytes)
    counts.bytes_in += bytes
  }
  if (etag === '') course.onLost('its ETag was not told')
  if (Number.isNaN(size)) {
    course.onLost('it was inflated on its way')
    const { size } = candidate
    const chunks = counted(body.chunks, onBytes)
    return {
      etag: nameOr(etag, candidate),
      size,
      chunks: await keepInflated(chunks, key, size, size > largeBytes && spool),
    }
  }
  if (known === undefined && size <= largeBytes) {
    const whole = await readWhole(
      body,
      (bytes, error) => keep(bytes, error, { key, etag, size }, spool),
      onBytes,
    )
    return { etag: nameOr(etag, candidate), size, chunks: whole }
  }
  const part = known ?? spool.begin(key, etag, size)
  await spool.append(part, counted(body.chunks, onBytes))
  return spooled(part, candidate)
}

function open(
  candidate: Candidate,
  part: Part | undefined,
  context: Fetching,
  onRest: () => void,
): Promise<ObjectBytes> {
  const { store, clock, signal } = context
  const { key } = candidate
  const { size } = part ?? candidate
  const wanted = {
    key,
    size,
    // What is begun is taken as it is now; its own ETag guards the rest.
    etag: part?.etag,
    lastEtag: listedEtag(candidate),
    from: part?.length ?? 0,
    name: nameOf(candidate, context),
    onRest,
  }
  return openBody(wanted, store, clock, signal)
}

// Faults of the object itself come again, and what nothing names cannot go on,
// so nothing of either is worth keeping.
async function keep(
  bytes: Buffer,
  error: unknown,
  { key, etag, size }: { key: string; etag: string; size: number },
  spool: Spool,
): Promise<void> {
  const isItsOwn = error instanceof SourceError && error.kind === 'object'
  if (bytes.length === 0 || isItsOwn || etag === '') return
  await spool.append(spool.begin(key, etag, size), [bytes])
}

const spooled = (part: Part, candidate: Candidate): FetchedBytes => ({
  etag: nameOr(part.etag, candidate),
  size: part.size,
  chunks: readPart(part),
})

// What came whole in one answer, and has the size listed, is what was listed.
const nameOr = (etag: string, candidate: Candidate): string =>
  etag || listedEtag(candidate)

// So often a body is begun, where the first is another one than what follows.
const MAX_BEGINNINGS = 3

// What is begun is of a version that is gone, or the store refuses what asks for
// a part, in whatever words; only a request for the whole can tell.
const isRestRefused = (error: unknown): boolean =>
  error instanceof SourceError &&
  (error.code === 'NoRange' ||
    !(error.everywhere || worthRetry(error) || isWrongLength(error)))

const isWrongLength = (error: unknown): boolean =>
  error instanceof SourceError && error.code === 'WrongLength'

const nameOf = ({ key }: Candidate, { bucket }: Fetching): string =>
  s3Url(bucket, key)
