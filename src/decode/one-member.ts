// Inflates gzip data that is exactly one member and not a byte more. Node's
// Gunzip reads on over several members and gives no sign of it, so that data
// appended to a signed log would pass: here the header is read by hand, what it
// is about is inflated raw, and its check and size are compared (RFC 1952).

import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { bodyPieces } from './body-pieces.ts'
import { DecodeError } from './decode-error.ts'

// Names and comments in a header have no length of their own.
const MAX_HEADER = 128 * 1024
const FIXED = 10
const TRAILER = 8
const CHUNK = 256 * 1024
const DEFLATE = 8
// The flags of what follows the fixed part of a header.
const HAS_CHECK = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const RESERVED = 0xe0

/** Yields the plain bytes of one gzip member; throws DecodeError where the bytes are none, are damaged or cut off, or go on behind it, and passes on what reading them throws. */
export async function* oneMember(
  body: Buffer | AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const member = new Member()
  let head: Buffer | undefined = Buffer.alloc(0)
  try {
    for await (const piece of bodyPieces(body)) {
      if (head === undefined) yield* member.push(piece)
      else {
        head = Buffer.concat([head, piece])
        const end = headerEnd(head)
        if (end === undefined) continue
        yield* member.push(head.subarray(end))
        head = undefined
      }
    }
    if (head !== undefined) throw gzip('is cut off')
    yield* member.end()
  } finally {
    member.close()
  }
}

const gzip = (what: string, cause?: unknown): DecodeError =>
  new DecodeError('gzip', `The gzip data ${what}`, { cause })

/** Finds where the header of a member ends; undefined where more of it is to come. */
function headerEnd(bytes: Buffer): number | undefined {
  if (!isBegin(bytes)) throw notGzip()
  if (bytes.length < FIXED) return undefined
  const flags = bytes[3] as number
  if (bytes[2] !== DEFLATE || (flags & RESERVED) !== 0)
    throw gzip('has a header that is none')
  let end = FIXED
  if (flags & HAS_EXTRA) {
    if (bytes.length < end + 2) return undefined
    end += 2 + bytes.readUInt16LE(end)
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, end)
    if (zero < 0 && bytes.length > MAX_HEADER)
      throw gzip('has a header without an end')
    if (zero < 0) return undefined
    end = zero + 1
  }
  if (flags & HAS_CHECK) end += 2
  return bytes.length < end ? undefined : end
}

const isBegin = (bytes: Buffer): boolean =>
  bytes.length < 2
    ? bytes.length === 0 || bytes[0] === 0x1f
    : bytes[0] === 0x1f && bytes[1] === 0x8b

const notGzip = (): DecodeError =>
  new DecodeError('gzip', 'The bytes are not gzip data')

class Member {
  readonly #stream: InflateRaw
  #pushed = 0
  #check = 0
  #produced = 0
  #ended = false
  #rest = Buffer.alloc(0)
  #fault: Error | undefined
  #wake: () => void = () => {}

  constructor() {
    // So it does not go on, perhaps into a fault, before its output is taken.
    const options = { chunkSize: CHUNK, readableHighWaterMark: 1 }
    this.#stream = createInflateRaw(options)
    this.#stream.on('readable', () => this.#wake())
    this.#stream.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    this.#stream.on('error', error => {
      this.#fault ??= error
      this.#wake()
    })
  }

  async *push(piece: Buffer): AsyncGenerator<Buffer> {
    if (this.#ended) return this.#keep(piece)
    this.#pushed += piece.length
    let written = false
    this.#stream.write(piece, error => {
      this.#fault ??= error ?? undefined
      written = true
      this.#wake()
    })
    yield* this.#output(() => written)
    const unused = this.#pushed - this.#stream.bytesWritten
    if (unused === 0) return
    this.#ended = true
    this.#keep(piece.subarray(piece.length - unused))
  }

  async *end(): AsyncGenerator<Buffer> {
    if (!this.#ended) {
      this.#stream.end()
      yield* this.#output(() => this.#ended)
    }
    const rest = this.#rest
    if (rest.length < TRAILER) throw gzip('is cut off')
    if (
      rest.readUInt32LE(0) !== this.#check ||
      rest.readUInt32LE(4) !== this.#produced % 2 ** 32
    )
      throw gzip('is damaged (its check does not fit)')
  }

  close(): void {
    this.#stream.destroy()
  }

  #keep(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    if (this.#rest.length > TRAILER)
      throw gzip('is followed by other bytes, or by another member')
  }

  async *#output(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#stream.read() as Buffer | null
      if (chunk !== null) {
        this.#check = crc32(chunk, this.#check)
        this.#produced += chunk.length
        yield chunk
      } else if (this.#fault) {
        throw gzip(`is damaged (${this.#fault.message})`, this.#fault)
      } else if (isDone()) {
        return
      } else {
        await new Promise<void>(resolve => (this.#wake = resolve))
      }
    }
  }
}
