// A body that a gateway or a store inflated on the way, or wrapped in gzip once
// more: the key ends in .gz, but the body is not gzip, or is gzip of the gzip
// object. An inflated body is accepted if the answer shows its end and it is
// longer than listed (or as long: it was stored plain), or if it is a small,
// complete JSON document. It is compressed again, takes as little room as the
// stored one, and continues like it. A wrapped body is unwrapped, and has the
// listed size.

import { pipeline } from 'node:stream'
import {
  constants,
  createGunzip,
  createGzip,
  gunzipSync,
  type Gunzip,
  type Gzip,
} from 'node:zlib'
import type { StoredBytes } from '../files/stored-bytes.ts'
import type { ObjectBytes } from '../s3/object-store.ts'
import { readPart } from './read-part.ts'
import type { Spool } from './spool.ts'

const MAGIC = Buffer.from([0x1f, 0x8b])
// This much of a wrapped body shows its form.
const HEAD_BYTES = 512
// Gzip lengthens hardly any text beyond this size.
const SMALL_BYTES = 1024
// An empty body, or the HTML of a proxy.
const NO_LOG = new Set(['', '<'])
// It is read once, soon.
const FAST = { level: 1 }

/** Gives a new body, of unknown size, if it was inflated or wrapped on the way, else the same one; `onWrong` makes the error for a number of bytes that cannot be all. */
export async function inflatedBody(
  body: ObjectBytes,
  key: string,
  listedSize: number,
  onWrong: (bytes: number) => Error,
): Promise<{ body: ObjectBytes; isAnew: boolean }> {
  // A body without a version may be a proxy's page.
  if (body.isOpenEnded || body.etag === '' || !key.endsWith('.gz'))
    return { body, isAnew: false }
  const { head, chunks } = await peeked(body.chunks)
  const isGzip = beginsAsGzip(head)
  if (isGzip && body.isEncoded && beginsAsGzip(startIn(head))) {
    const whole = exact(through(chunks, createGunzip()), listedSize, onWrong)
    return { body: anew(body, whole), isAnew: true }
  }
  const opening = head.toString('latin1').trimStart().charAt(0)
  if (isGzip || NO_LOG.has(opening))
    return { body: { ...body, chunks }, isAnew: false }
  const whole = longer(chunks, listedSize, onWrong)
  const gzipped = through(whole, createGzip(FAST))
  return { body: anew(body, gzipped), isAnew: true }
}

const anew = (
  { etag }: ObjectBytes,
  chunks: AsyncIterable<Buffer>,
): ObjectBytes => ({ etag, size: Number.NaN, chunks })

const beginsAsGzip = (bytes: Buffer): boolean =>
  bytes.subarray(0, MAGIC.length).equals(MAGIC)

// For a store that declares plain gzip as encoded, the start of its text.
function startIn(head: Buffer): Buffer {
  try {
    const finishFlush = constants.Z_SYNC_FLUSH
    return gunzipSync(head.subarray(0, HEAD_BYTES), { finishFlush })
  } catch {
    return Buffer.alloc(0)
  }
}

/** Reads the result of inflatedBody to its end, under the listed size: into memory, or into a spool, where it cannot be continued. */
export async function keepInflated(
  chunks: AsyncIterable<Buffer>,
  key: string,
  listedSize: number,
  spool: Spool | false,
): Promise<Buffer | StoredBytes> {
  if (spool) {
    // Without an ETag no later cycle takes these bytes for a part.
    const part = spool.begin(key, '', listedSize)
    await spool.append(part, chunks)
    return readPart({ ...part, size: part.length })
  }
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

async function peeked(
  chunks: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const rest = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  let isDone = false
  while (head.length < HEAD_BYTES && !isDone) {
    const next = await rest.next()
    isDone = next.done === true
    if (!next.done) head = Buffer.concat([head, next.value])
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield head
      if (!isDone) yield* { [Symbol.asyncIterator]: () => rest }
    } finally {
      await rest.return?.()
    }
  }
  return { head, chunks: all() }
}

async function* longer(
  chunks: AsyncIterable<Buffer>,
  listedSize: number,
  onWrong: (bytes: number) => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0
  let start = ''
  for await (const chunk of chunks) {
    if (bytes < SMALL_BYTES) start += chunk.toString('latin1')
    bytes += chunk.length
    yield chunk
  }
  const isSmall = bytes <= SMALL_BYTES && isDocument(start)
  if (bytes < listedSize && !isSmall) throw onWrong(bytes)
}

// In JSON with one object a line, the lines that came do not show whether
// others are missing.
function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return (
      Array.isArray(value) ||
      (typeof value === 'object' && value !== null && 'Records' in value)
    )
  } catch {
    return false
  }
}

async function* exact(
  chunks: AsyncIterable<Buffer>,
  listedSize: number,
  onWrong: (bytes: number) => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > listedSize) break
    yield chunk
  }
  if (bytes !== listedSize) throw onWrong(bytes)
}

// The last of the streams throws the error of any.
const through = (
  chunks: AsyncIterable<Buffer>,
  way: Gzip | Gunzip,
): AsyncIterable<Buffer> => pipeline(chunks, way, () => {})
