// Reads the bytes of an object to their end. A body that breaks off is
// resumed with a Range request from where it broke, always of the same version;
// one that nothing names is not resumed, as a proxy's page may look like it.
// One that ends short of its announced size is a failure, not an end.

import type { Clock } from '../clock.ts'
import type { ObjectBytes, ObjectStore } from '../s3/object-store.ts'
import { inflatedBody } from './inflated-body.ts'
import { isOtherVersion, isSameVersion, isTold } from '../s3/etag.ts'
import { changedMeanwhile } from '../s3/object-answer.ts'
import { SourceError, worthRetry } from '../s3/errors/source-error.ts'

export interface WantedBody {
  key: string
  /** The version wanted; undefined takes the object as it is now. */
  etag: string | undefined
  /** Its size as listed, which only a changed body differs from. */
  size: number
  /** If any version will do, the one that has this size, as it was listed. */
  lastEtag?: string | undefined
  /** Where to begin, 0 unless given. */
  from?: number
  /** How messages name it, the key unless given. */
  name?: string
}

const TRIES_WITHOUT_PROGRESS = 3
const PAUSE_MS = 200

/** Opens an object; its size is NaN where it was inflated on the way. Both this and reading its chunks throw SourceError. */
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
    const { body, isInflated } = await inflatedBody(
      first,
      key,
      wanted.size,
      bytes => wrongLength(name, bytes, wanted.size),
    )
    if (isInflated) return { ...body, ...(metadata && { metadata }) }
    first = body
  }
  const { etag } = first
  const listed = wanted.etag ?? wanted.lastEtag ?? ''
  const size = Number.isNaN(first.size) ? wanted.size : first.size
  // An answer that tells no ETag is of the version listed if its size is.
  const isListed = isTold(etag)
    ? isSameVersion(etag, listed)
    : listed !== '' && !isOtherVersion(etag, listed)
  if (isListed && size !== wanted.size) {
    await endRequest(first.chunks)
    throw wrongLength(name, size, wanted.size)
  }

  async function* chunks(): AsyncGenerator<Buffer> {
    let from = start
    let idleTries = 0
    for (let answer = first; ;) {
      const before = from
      try {
        for await (const chunk of answer.chunks) {
          from += chunk.length
          if (from > size) throw wrongLength(name, from, size)
          yield chunk
        }
        if (from === size) return
        throw wrongLength(name, from, size)
      } catch (error) {
        idleTries = from > before ? 0 : idleTries + 1
        if (!worthRetry(error) || signal.aborted || etag === '') throw error
        if (idleTries >= TRIES_WITHOUT_PROGRESS) throw error
      }
      await clock.sleep(PAUSE_MS * 2 ** idleTries, signal)
      // The store has tried this more than once, so its failure is final.
      answer = await store.get({ key, etag, from, signal })
      if (answer.size === size) continue
      await endRequest(answer.chunks)
      const { size: now } = answer
      const bytes = Number.isNaN(now) ? 'its size not told' : `${now} bytes`
      throw changedMeanwhile(`reading ${name}`, bytes)
    }
  }
  return { etag, size, chunks: chunks(), ...(metadata && { metadata }) }
}

function wrongLength(name: string, got: number, due: number): SourceError {
  return new SourceError(
    `reading ${name}: the body has ${got} bytes where ${due} are due; check any proxy`,
    { code: 'WrongLength', kind: got < due ? 'network' : 'object' },
  )
}

// A body that nobody reads would keep its connection.
async function endRequest(chunks: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const _ of chunks) break
  } catch {
    // It has ended, which is all that is wanted.
  }
}

/** Reads a body whole, into its own bytes once; only for one that is small. `onFault` gets what had come before a fault. */
export async function readWhole(
  body: ObjectBytes,
  onFault?: (bytes: Buffer, error: unknown) => Promise<void>,
): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(body.size)
  let length = 0
  try {
    for await (const chunk of body.chunks) length += chunk.copy(whole, length)
  } catch (error) {
    await onFault?.(whole.subarray(0, length), error)
    throw error
  }
  return whole
}
