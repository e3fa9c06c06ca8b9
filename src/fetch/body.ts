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
  const { key, from: start = 0, name = key } = wanted
  let first = await store.get({ key, etag: wanted.etag, from: start, signal })
  const { metadata } = first
  if (start === 0 && first.size !== wanted.size) {
    const { body, isAnew } = await inflatedBody(
      first,
      key,
      wanted.size,
      bytes => wrongLength(name, bytes, wanted.size),
    )
    if (isAnew) return { ...body, ...(metadata && { metadata }) }
    first = body
  }
  const { etag } = first
  const listed = wanted.etag ?? wanted.lastEtag ?? ''
  const size = Number.isNaN(first.size) ? wanted.size : first.size
  // An answer without an ETag is of the listed version if its size is.
  const isListed = isTold(etag)
    ? isSameVersion(etag, listed)
    : listed !== '' && !isOtherVersion(etag, listed)
  if (isListed && size !== wanted.size) {
    await endRequest(first.chunks)
    throw wrongLength(name, size, wanted.size, first.isEncoded)
  }

  let from = start
  const count = (chunk: Buffer): void => {
    from += chunk.length
    if (from > size) throw wrongLength(name, from, size, first.isEncoded)
  }
  const checkEnd = (): void => {
    if (from < size) throw wrongLength(name, from, size, first.isEncoded)
  }
  // Begins with the first answer, or after its break.
  async function* chunks(broke?: unknown): AsyncGenerator<Buffer> {
    let fault = broke
    let idleTries = 0
    for (let answer = first; ;) {
      const before = fault === undefined ? from : start
      try {
        if (fault !== undefined) throw fault
        for await (const chunk of answer.chunks) {
          count(chunk)
          yield chunk
        }
        return checkEnd()
      } catch (error) {
        fault = undefined
        idleTries = from > before ? 0 : idleTries + 1
        if (!isRetryable(error) || signal.aborted || etag === '') throw error
        if (idleTries >= TRIES_WITHOUT_PROGRESS) throw error
      }
      await clock.sleep(PAUSE_MS * 2 ** idleTries, signal)
      wanted.onRest?.()
      // The store has already retried this, so its failure is final.
      answer = await store.get({ key, etag, from, signal })
      if (answer.size === size) continue
      await endRequest(answer.chunks)
      const { size: now } = answer
      const bytes = Number.isNaN(now) ? 'its size unknown' : `${now} bytes`
      throw changedMeanwhile(`reading ${name}`, bytes)
    }
  }
  const takeAll = async (take: (chunk: Buffer) => void): Promise<void> => {
    try {
      await takeFrom(first.chunks, chunk => {
        count(chunk)
        take(chunk)
      })
      checkEnd()
    } catch (error) {
      for await (const chunk of chunks(error)) take(chunk)
    }
  }
  return {
    etag,
    size,
    chunks: { takeAll, [Symbol.asyncIterator]: () => chunks() },
    ...(metadata && { metadata }),
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

async function takeFrom(
  chunks: Chunks,
  take: (chunk: Buffer) => void,
): Promise<void> {
  if (chunks.takeAll) return chunks.takeAll(take)
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
