// Fetches one object: a small one into memory, a large one into the spool,
// either from where an earlier cycle was cut off. The result is an object with
// all its bytes available, a failed one, or nothing, if the end of the cycle
// cut it off; a refused or unreached object is held back until then.

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
import {
  isCutOff,
  SourceError,
  isRetryable,
} from '../s3/errors/source-error.ts'
import { readPart } from './read-part.ts'
import type { Part, Spool } from './spool.ts'
import { SpoolError } from './spool-error.ts'

/** Complete bytes that can be read more than once. */
export type FetchedBytes = ObjectBytes<ReadableBytes>

export interface Fetched {
  candidate: Candidate
  end: 'fetched'
  body: FetchedBytes
}

/** An object that was fetched, or that failed by its own fault or the spool's. */
export type Download =
  Fetched | { candidate: Candidate; end: 'failed'; error: unknown }

/** The inputs of fetching. */
export interface Fetching {
  store: ObjectStore
  bucket: string
  clock: Clock
  spool: Spool
  refusals: Refusals
  counts: { bytes_in: number }
  /** Aborts at the end of requests. */
  signal: AbortSignal
  /** The time that a request may be silent, in ms. */
  silenceMs: number
  /** Called with each object that the end of the cycle cut off while bytes came. */
  onCutOff?: (candidate: Candidate) => void
  /** A larger object goes to the spool; LARGE_BYTES if not given. */
  largeBytes?: number
}

/** A larger object waits in the spool. */
export const LARGE_BYTES = 8 * 1_048_576

/** Fetches an object; never throws. */
export async function fetchObject(
  candidate: Candidate,
  context: Fetching,
): Promise<Download | undefined> {
  const { clock, refusals, signal, silenceMs, spool } = context
  const course = new Course(clock)
  try {
    const found = await spool.find(candidate.key)
    const part = found && (await usable(found, candidate, spool))
    if (part && part.length === part.size)
      return { candidate, end: 'fetched', body: spooled(part, candidate) }
    const body = await fetchBody(candidate, part, course, context)
    refusals.noteAnswer(candidate)
    return { candidate, end: 'fetched', body }
  } catch (fault) {
    let error: unknown = fault
    if (error instanceof SpoolError) return { candidate, end: 'failed', error }
    let counts = true
    if (signal.aborted) {
      counts = course.received === 0 && course.quiet >= silenceMs
      if (isCutOff(error)) {
        error = course.cutOff(nameOf(candidate, context), silenceMs)
        if (error === undefined) {
          context.onCutOff?.(candidate)
          return undefined
        }
      }
    }
    if (isRefusal(error)) {
      refusals.hold({ candidate, error, counts })
      return undefined
    }
    refusals.noteAnswer(candidate)
    await spool.remove(candidate.key)
    return { candidate, end: 'failed', error }
  }
}

/** Gives the part that an earlier cycle left, or removes it if it has another size than listed or cannot be continued. */
async function usable(
  part: Part,
  { key, etag, size }: Candidate,
  spool: Spool,
): Promise<Part | undefined> {
  const isNameless = part.etag === '' && part.length < part.size
  if (isNameless || (etag !== undefined && size !== part.size)) {
    await spool.remove(key)
    return undefined
  }
  // A LIST may write a version differently from a GET, so only a GET shows
  // whether it is the same: the last byte is requested again.
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
      // The existing part stays until the object is answered anew.
      if (part === undefined && beginnings > 1)
        await spool.remove(candidate.key)
      return await takeIn(body, part, candidate, course, context)
    } catch (error) {
      const beginsAnew =
        (isRest && isRestRefused(error)) ||
        (part !== undefined && body === undefined && isWrongLength(error)) ||
        (body?.etag === '' && isRetryable(error))
      if (!beginsAnew || beginnings === MAX_BEGINNINGS || signal.aborted)
        throw error
      if (part !== undefined)
        course.onLost('the store did not continue where the last cycle ended')
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
  if (etag === '') course.onLost('its ETag is unknown')
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
    // A part is continued in its own version; its ETag guards the rest.
    etag: part?.etag,
    lastEtag: listedEtag(candidate),
    from: part?.length ?? 0,
    name: nameOf(candidate, context),
    onRest,
  }
  return openBody(wanted, store, clock, signal)
}

// Faults of the object itself come again, and a body without a version cannot
// be continued, so the bytes of either are not worth keeping.
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

// A body that came in one answer with the listed size is the listed version.
const nameOr = (etag: string, candidate: Candidate): string =>
  etag || listedEtag(candidate)

// The number of times a body is begun, if its version changes.
const MAX_BEGINNINGS = 3

// The version of the part is gone, or the store refuses requests for a part, in
// whatever words; only a request for the whole can tell.
const isRestRefused = (error: unknown): boolean =>
  error instanceof SourceError &&
  (error.code === 'NoRange' ||
    !(error.affectsAll || isRetryable(error) || isWrongLength(error)))

const isWrongLength = (error: unknown): boolean =>
  error instanceof SourceError && error.code === 'WrongLength'

const nameOf = ({ key }: Candidate, { bucket }: Fetching): string =>
  s3Url(bucket, key)
