// Fetches one object: a small one into memory, a large one into the spool,
// either from where an earlier cycle was cut off. What comes of it is an object
// whose bytes are all at hand, one that failed, or nothing: cut off by the end
// of the cycle, or refused or not reached, which is held back to its end.

import type { Clock } from '../clock.ts'
import { openBody, readWhole } from './body.ts'
import type { Candidate } from '../find/listing-result.ts'
import {
  s3Url,
  type ObjectBytes,
  type ObjectStore,
} from '../s3/object-store.ts'
import { isOtherVersion } from '../s3/etag.ts'
import { isRefusal, type Refusals } from './refusals.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import { readPart, type Part, type Spool } from './spool.ts'
import { SpoolError } from './spool-error.ts'

/** Bytes that are all here and can be read more than once. */
export type FetchedBytes = ObjectBytes<Buffer | AsyncIterable<Buffer>>

export interface Fetched {
  candidate: Candidate
  end: 'fetched'
  body: FetchedBytes
}

/** An object that was fetched, or that failed for what it is or for the spool. */
export type Download =
  Fetched | { candidate: Candidate; end: 'failed'; error: unknown }

export interface FetchContext {
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
  /** What is larger goes to the spool. */
  largeBytes: number
  /** Told what the end of the cycle cut off while bytes came. */
  onCutOff?: (candidate: Candidate) => void
}

// What was quiet for so much of a silence when the cycle ended is not waited
// for by the next one as if it were new: it would occupy the same workers again.
const QUIET_SHARE = 1 / 3

/** Fetches an object; never throws. */
export async function fetchObject(
  candidate: Candidate,
  context: FetchContext,
): Promise<Download | undefined> {
  const { clock, refusals, signal, spool, counts } = context
  let quietSince = clock.elapsed()
  let received = 0
  const onBytes = (bytes: number): void => {
    quietSince = clock.elapsed()
    received += bytes
    counts.bytes_in += bytes
  }
  try {
    const part = await usablePart(candidate, spool)
    if (part && part.length === part.size)
      return { candidate, end: 'fetched', body: spooled(part) }
    const body = await fetchBody(candidate, part, onBytes, context)
    refusals.noteAnswer(candidate)
    return { candidate, end: 'fetched', body }
  } catch (fault) {
    let error: unknown = fault
    if (error instanceof SpoolError) return { candidate, end: 'failed', error }
    let counted = true
    if (signal.aborted) {
      const quiet = clock.elapsed() - quietSince
      counted = received === 0 && quiet >= context.silenceMs
      if (isCutOff(error)) {
        if (quiet < context.silenceMs * QUIET_SHARE) {
          context.onCutOff?.(candidate)
          return undefined
        }
        error = stalled(nameOf(candidate, context), quiet)
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

/** Finds what an earlier cycle left, if it is of the version wanted; removes it if not. */
async function usablePart(
  { key, etag, size }: Candidate,
  spool: Spool,
): Promise<Part | undefined> {
  const part = await spool.find(key)
  if (part === undefined) return undefined
  const isOther =
    etag !== undefined &&
    (isOtherVersion(etag, part.etag) || size !== part.size)
  if (!isOther) return part
  await spool.remove(key)
  return undefined
}

async function fetchBody(
  candidate: Candidate,
  known: Part | undefined,
  onBytes: (bytes: number) => void,
  context: FetchContext,
): Promise<FetchedBytes> {
  const { spool, largeBytes } = context
  const { key } = candidate
  let part = known
  let body: ObjectBytes
  try {
    body = await open(candidate, part, context)
  } catch (error) {
    if (part === undefined || !isOutdated(error)) throw error
    await spool.remove(key)
    part = undefined
    body = await open(candidate, part, context)
  }
  const { etag, size } = body
  const chunks = counted(body.chunks, onBytes)
  if (part === undefined && size <= largeBytes) {
    const whole = await readWhole({ etag, size, chunks }, (bytes, error) =>
      keep(bytes, error, { key, etag, size }, spool),
    )
    return { etag, size, chunks: whole }
  }
  part ??= spool.begin(key, etag, size)
  await spool.append(part, chunks)
  return spooled(part)
}

function open(
  candidate: Candidate,
  part: Part | undefined,
  context: FetchContext,
): Promise<ObjectBytes> {
  const { store, clock, signal } = context
  const { key, lastEtag } = candidate
  const { size } = part ?? candidate
  const wanted = {
    key,
    size,
    // What is begun is taken as it is now; its own ETag guards the rest.
    etag: part?.etag,
    lastEtag: candidate.etag ?? lastEtag,
    from: part?.length ?? 0,
    name: nameOf(candidate, context),
  }
  return openBody(wanted, store, clock, signal)
}

// Faults of the object itself come again, so nothing of it is worth keeping.
async function keep(
  bytes: Buffer,
  error: unknown,
  { key, etag, size }: { key: string; etag: string; size: number },
  spool: Spool,
): Promise<void> {
  const isItsOwn = error instanceof SourceError && error.kind === 'object'
  if (bytes.length === 0 || isItsOwn) return
  await spool.append(spool.begin(key, etag, size), [bytes])
}

const spooled = (part: Part): FetchedBytes => ({
  etag: part.etag,
  size: part.size,
  chunks: readPart(part),
})

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onBytes(chunk.length)
    yield chunk
  }
}

// The part is of a version that is gone, or the server does not go on in it.
const OUTDATED = [
  'PreconditionFailed',
  'InvalidRange',
  'NoRange',
  'WrongLength',
]

const isOutdated = (error: unknown): boolean =>
  error instanceof SourceError && OUTDATED.includes(error.code)

const nameOf = ({ key }: Candidate, { bucket }: FetchContext): string =>
  s3Url(bucket, key)

function stalled(name: string, milliseconds: number): SourceError {
  return new SourceError(
    `reading ${name}: no byte came for ${Math.round(milliseconds / 1000)} s; ` +
      'check the network and any proxy',
    { code: 'Stalled', kind: 'network' },
  )
}
