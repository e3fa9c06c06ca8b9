// A body that was inflated on the way, by a gateway or a store that thinks to
// help: the object is gzip by its name, and what comes is not. It is taken if
// the answer shows where it ends and it is longer than what was listed, or a
// small document of JSON that is whole. Compressed anew it takes as little room as
// what was stored, and goes on as that would.

import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { StoredBytes } from '../files/stored-bytes.ts'
import type { ObjectBytes } from '../s3/object-store.ts'
import { readPart } from './read-part.ts'
import type { Spool } from './spool.ts'

const MAGIC = Buffer.from([0x1f, 0x8b])
// Gzip makes hardly anything longer that is not as short as this.
const SMALL_BYTES = 1024
// Nothing, or the HTML of a proxy.
const NO_LOG = new Set(['', '<'])
// It is read once, soon.
const FAST = { level: 1 }

/** Gives the body anew, of no known size, if it was inflated on the way, else as it is; `onShort` makes the error for so many bytes that cannot be all. */
export async function inflatedBody(
  body: ObjectBytes,
  key: string,
  listedSize: number,
  onShort: (bytes: number) => Error,
): Promise<{ body: ObjectBytes; isInflated: boolean }> {
  // What names no version may be a proxy's page.
  if (body.isOpenEnded || body.etag === '' || !key.endsWith('.gz'))
    return { body, isInflated: false }
  const { head, chunks } = await peeked(body.chunks)
  const isGzip = head.subarray(0, MAGIC.length).equals(MAGIC)
  const opening = head.toString('latin1').trimStart().charAt(0)
  if (isGzip || NO_LOG.has(opening))
    return { body: { ...body, chunks }, isInflated: false }
  const whole = longer(chunks, listedSize, onShort)
  return {
    body: { etag: body.etag, size: Number.NaN, chunks: gzipped(whole) },
    isInflated: true,
  }
}

/** Reads to its end what inflatedBody gave, known by the size listed: into memory, or into a spool, where it cannot be continued. */
export async function keepInflated(
  chunks: AsyncIterable<Buffer>,
  key: string,
  listedSize: number,
  spool: Spool | false,
): Promise<Buffer | StoredBytes> {
  if (spool) {
    // Without an ETag no later cycle takes what is there for a part.
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
  while (head.length < MAGIC.length && !isDone) {
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
  onShort: (bytes: number) => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0
  let start = ''
  for await (const chunk of chunks) {
    if (bytes < SMALL_BYTES) start += chunk.toString('latin1')
    bytes += chunk.length
    yield chunk
  }
  const isSmall = bytes <= SMALL_BYTES && isDocument(start)
  if (bytes <= listedSize && !isSmall) throw onShort(bytes)
}

// Of one object a line, the lines that came do not tell of those that did not.
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

async function* gzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGzip(FAST)
  const fed = pipeline(chunks, gzip)
  fed.catch(() => {})
  try {
    for await (const chunk of gzip) yield chunk as Buffer
    await fed
  } finally {
    gzip.destroy()
  }
}
