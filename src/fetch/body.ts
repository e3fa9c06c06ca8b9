// Reads the bytes of an object to their end. A body that breaks off is resumed
// with a Range request from where it broke, always of the same version; a body
// without a version is not resumed, as a proxy's page may look like it. A body
// shorter than its announced size is a failure.

import type { Clock } from '../clock.ts'
import type { Chunks, ObjectBytes, ObjectStore } from '../s3/object-store.ts'
import { inflatedBody } from './inflated-body.ts'
import { isOtherVersion, isSameVersion, isTold } from '../s3/etag.ts'
import { changedMeanwhile } from '../s3/object-answer.ts'
import { SourceError, isRetryable } from '../s3/errors/source-error.ts'

export interface WantedBody {
  key: string
  /** The version wanted; undefined takes the object as it is now. */
  etag: string | undefined
  /** The listed size, from which only a changed body differs. */
  size: number
  /** The listed ETag: if any version is accepted, the one that has `size`. */
  lastEtag?: string | undefined
  /** The first byte to read, 0 unless given. */
  from?: number
  /** Its name in messages, the key unless given. */
  name?: string
  /** Called before the rest of a broken body is requested. */
  onRest?: () => void
}

const TRIES_WITHOUT_PROGRESS = 3
const PAUSE_MS = 200

/** Opens an object; its size is NaN if it was inflated or wrapped on the way. This and reading its chunks throw SourceError. */
export async function openBody(
  wanted: WantedBody,
  store: ObjectStore,
  clock: Clock,
  signal: AbortSignal,
): Promise<ObjectBytes> {
  const { key, etag, from = 0, name = key } = wanted
  let first = await store.get({ key, etag, from, signal })
  const { headers } = first
  if (from === 0 && first.size !== wanted.size) {
    const { body, isAnew } = await inflatedBody(
      first,
      key,
      wanted.size,
      bytes => wrongLength(name, bytes, wanted.size),
    )
    if (isAnew) return { ...body, headers }
    first = body
  }
  const size = Number.isNaN(first.size) ? wanted.size : first.size
  if (size !== wanted.size && isListed(first.etag, wanted)) {
    await endRequest(first.chunks)
    throw wrongLength(name, size, wanted.size, first.isEncoded)
  }
  const chunks = resumed(first, wanted, size, store, clock, signal)
  return { etag: first.etag, size, chunks, headers }
}

// An answer without an ETag is of the listed version if its size is.
function isListed(etag: string, wanted: WantedBody): boolean {
  const listed = wanted.etag ?? wanted.lastEtag ?? ''
  return isTold(etag)
    ? isSameVersion(etag, listed)
    : listed !== '' && !isOtherVersion(etag, listed)
}

/** Gives the chunks of an answer, and of further ones when it breaks, up to `size`. */
function resumed(
  first: ObjectBytes,
  { key, from = 0, name = key, onRest }: WantedBody,
  size: number,
  store: ObjectStore,
  clock: Clock,
  signal: AbortSignal,
): Chunks {
  const { etag, isEncoded } = first
  let at = from
  const wrong = (): Error => wrongLength(name, at, size, isEncoded)
  const count = (chunk: Buffer): void => {
    at += chunk.length
    if (at > size) throw wrong()
  }
  async function* read({ chunks }: ObjectBytes): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      count(chunk)
      yield chunk
    }
    if (at < size) throw wrong()
  }
  async function* rest(broke: unknown): AsyncGenerator<Buffer> {
    let fault = broke
    let before = from
    for (let idleTries = 0; ;) {
      idleTries = at > before ? 0 : idleTries + 1
      if (!isRetryable(fault) || signal.aborted || etag === '') throw fault
      if (idleTries >= TRIES_WITHOUT_PROGRESS) throw fault
      await clock.sleep(PAUSE_MS * 2 ** idleTries, signal)
      onRest?.()
      before = at
      // The store has already retried this, so its failure is final.
      const answer = await store.get({ key, etag, from: at, signal })
      if (answer.size !== size) {
        await endRequest(answer.chunks)
        const { size: now } = answer
        const bytes = Number.isNaN(now) ? 'its size unknown' : `${now} bytes`
        throw changedMeanwhile(`reading ${name}`, bytes)
      }
      try {
        return yield* read(answer)
      } catch (error) {
        fault = error
      }
    }
  }
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* read(first)
      } catch (error) {
        yield* rest(error)
      }
    },
    async takeAll(take) {
      try {
        await takeFrom(first.chunks, chunk => {
          count(chunk)
          take(chunk)
        })
        if (at < size) throw wrong()
      } catch (error) {
        for await (const chunk of rest(error)) take(chunk)
      }
    },
  }
}

function wrongLength(
  name: string,
  got: number,
  due: number,
  isEncoded = false,
): SourceError {
  const advice = isEncoded
    ? 'it came with Content-Encoding: gzip: make any proxy or gateway before the store pass bodies unchanged'
    : 'check any proxy'
  return new SourceError(
    `reading ${name}: the body has ${got} bytes where ${due} are due; ${advice}`,
    { code: 'WrongLength', kind: got < due ? 'network' : 'object' },
  )
}

// An unread body would keep its connection.
async function endRequest(chunks: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const _ of chunks) break
  } catch {
    // The request has ended, and its error is of no interest.
  }
}

/** Reads a small body whole. `onFault` gets the bytes that came before a fault, `onBytes` the number of bytes of each chunk. */
export async function readWhole(
  { size, chunks }: ObjectBytes,
  onFault?: (bytes: Buffer, error: unknown) => Promise<void>,
  onBytes?: (bytes: number) => void,
): Promise<Buffer> {
  let whole: Buffer | undefined
  let length = 0
  const take = (chunk: Buffer): void => {
    onBytes?.(chunk.length)
    // Most come in one chunk, without a copy in memory.
    if (chunk.length === size) whole = chunk
    else chunk.copy((whole ??= Buffer.allocUnsafeSlow(size)), length)
    length += chunk.length
  }
  try {
    await takeFrom(chunks, take)
  } catch (error) {
    await onFault?.(whole?.subarray(0, length) ?? Buffer.alloc(0), error)
    throw error
  }
  return whole ?? Buffer.alloc(0)
}

const takeFrom = (
  chunks: Chunks,
  take: (chunk: Buffer) => void,
): Promise<void> => chunks.takeAll?.(take) ?? takeEach(chunks, take)

async function takeEach(
  chunks: Chunks,
  take: (chunk: Buffer) => void,
): Promise<void> {
  for await (const chunk of chunks) take(chunk)
}

/** Passes chunks on, and reports the number of bytes of each. */
export async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onBytes(chunk.length)
    yield chunk
  }
}
