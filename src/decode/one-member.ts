// Inflates gzip data that is exactly one member. Node's Gunzip continues over
// several members without a sign, so that data appended to a signed log would
// pass: here the header is read by hand, the data after it is inflated raw, and
// its check and size are compared (RFC 1952).

import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { bodyPieces } from './body-pieces.ts'
import { DecodeError } from './decode-error.ts'
import { LIMITS } from './inflate.ts'
import { gzipFault, gzipHeaderEnd, GZIP_TRAILER } from './gzip-header.ts'

const CHUNK = 256 * 1024

/** Yields the plain bytes of one gzip member; throws DecodeError if the bytes are not gzip, are damaged, cut off, or continue after it, and passes on the errors of reading them. */
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
        const end = gzipHeaderEnd(head)
        if (end === undefined) continue
        yield* member.push(head.subarray(end))
        head = undefined
      }
    }
    if (head !== undefined) throw gzipFault('is cut off')
    yield* member.end()
  } finally {
    member.close()
  }
}

/** Gives the plain bytes, limited to `maxBytes`, of a member that is complete in memory; throws DecodeError as oneMember does. */
export async function wholeMember(
  body: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  // Its end gives the size, so that nothing is copied; a false size costs no
  // more than the limit, and is detected.
  const told = body.length < 4 ? 0 : body.readUInt32LE(body.length - 4)
  const plain = Buffer.allocUnsafeSlow(Math.min(told, maxBytes))
  let length = 0
  for await (const chunk of oneMember(body)) {
    if (length + chunk.length > maxBytes)
      throw new DecodeError(
        'inflated-too-large',
        `The gzip data inflates to more than ${maxBytes} bytes`,
      )
    chunk.copy(plain, Math.min(length, plain.length))
    length += chunk.length
  }
  return plain
}

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
    // Otherwise it would continue, perhaps into a fault, before its output is
    // taken.
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
    if (rest.length < GZIP_TRAILER) throw gzipFault('is cut off')
    if (
      rest.readUInt32LE(0) !== this.#check ||
      rest.readUInt32LE(4) !== this.#produced % 2 ** 32
    )
      throw gzipFault('is damaged (its check does not fit)')
  }

  close(): void {
    this.#stream.destroy()
  }

  #keep(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    if (this.#rest.length > GZIP_TRAILER)
      throw gzipFault('is followed by other bytes, or by another member')
  }

  async *#output(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#stream.read() as Buffer | null
      if (chunk !== null) {
        this.#check = crc32(chunk, this.#check)
        this.#produced += chunk.length
        if (
          this.#produced > LIMITS.bytes &&
          this.#produced > LIMITS.ratio * this.#pushed
        )
          throw gzipFault('inflates to more than any log does')
        yield chunk
      } else if (this.#fault) {
        throw gzipFault(`is damaged (${this.#fault.message})`, this.#fault)
      } else if (isDone()) {
        return
      } else {
        await new Promise<void>(resolve => (this.#wake = resolve))
      }
    }
  }
}
