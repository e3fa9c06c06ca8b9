// Reads the bytes of an object to their end. A body that breaks off is
// resumed with a Range request from where it broke, always of the same ETag;
// one that ends short of its announced size is a failure, not an end.

import type { Clock } from '../clock.ts'
import type { ObjectStore } from './object-store.ts'
import { SourceError, worthRetry } from './source-error.ts'

/** An object being read: what it is, and its bytes. */
export interface Body {
  etag: string
  /** Bytes as S3 holds them. */
  size: number
  /** Reading them a second time asks S3 a second time. */
  chunks: AsyncIterable<Buffer>
}

export interface WantedBody {
  key: string
  /** The version wanted; undefined takes the object as it is now. */
  etag: string | undefined
  /** Its size as listed, which only a changed body differs from. */
  size: number
}

const TRIES_WITHOUT_PROGRESS = 3
const PAUSE_MS = 200

/** Opens an object; both this and reading its chunks throw SourceError. */
export async function openBody(
  wanted: WantedBody,
  store: ObjectStore,
  clock: Clock,
  signal: AbortSignal,
): Promise<Body> {
  const { key } = wanted
  const first = await store.get({ key, etag: wanted.etag, from: 0, signal })
  const { etag } = first
  const size = Number.isNaN(first.size) ? wanted.size : first.size
  if (wanted.etag !== undefined && size !== wanted.size)
    throw wrongLength(key, size, wanted.size)
  let opened: typeof first | undefined = first

  async function* chunks(): AsyncGenerator<Buffer> {
    let from = 0
    let idleTries = 0
    let answer = opened
    opened = undefined
    for (;;) {
      const before = from
      try {
        answer ??= await store.get({ key, etag, from, signal })
        for await (const chunk of answer.chunks) {
          from += chunk.length
          yield chunk
        }
        if (from === size) return
        throw wrongLength(key, from, size)
      } catch (error) {
        idleTries = from > before ? 0 : idleTries + 1
        if (!worthRetry(error) || signal.aborted) throw error
        if (idleTries >= TRIES_WITHOUT_PROGRESS) throw error
      }
      answer = undefined
      await clock.sleep(PAUSE_MS * 2 ** idleTries, signal)
    }
  }
  return { etag, size, chunks: { [Symbol.asyncIterator]: chunks } }
}

function wrongLength(key: string, got: number, due: number): SourceError {
  return new SourceError(
    `reading ${key}: the body has ${got} bytes where ${due} are due; check any proxy`,
    { code: 'WrongLength', kind: got < due ? 'network' : 'object' },
  )
}

/** Reads a body whole, into its own bytes once; only for one that is small. */
export async function readWhole(body: Body): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(body.size)
  let length = 0
  for await (const chunk of body.chunks) length += chunk.copy(whole, length)
  return whole
}
