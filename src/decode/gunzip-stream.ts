// Inflates gzip piece by piece, in step with its reader: a piece is inflated
// and read to its end before the next is taken, so that little is buffered, a
// later fault loses no inflated byte, and the number of used bytes is known.
// Node's Gunzip continues over several members by itself, but stops silently at
// a zero byte after one: the bytes after a member are checked here.

import { createGunzip, type Gunzip as GunzipStream } from 'node:zlib'
import { errorCode } from '../files/error-code.ts'
import { DecodeError } from './decode-error.ts'

/** Limits the inflated bytes: more than `bytes` that are also more than `ratio` times the compressed ones are too many. */
export interface InflateLimits {
  bytes: number
  ratio: number
}

// A member ends with its size, four bytes; one more may follow.
const TAIL = 5
const MAGIC = 0x1f

// Half the CPU of Node's 16 KiB; more gains little and leaves the cache.
const CHUNK = 256 * 1024

/** Inflates one gzip body; push and end throw DecodeError. */
export class Gunzip {
  /** The number of plain bytes handed out. */
  produced = 0
  private readonly limits: InflateLimits
  private readonly stream: GunzipStream
  private pushed = 0
  /** The last five bytes pushed. */
  private last: Buffer = Buffer.alloc(0)
  private ended = false
  private fault: Error | undefined
  private wake: () => void = () => {}

  /** Output comes in chunks of at most `chunkSize` bytes. */
  constructor(limits: InflateLimits, chunkSize = CHUNK) {
    this.limits = limits
    // Otherwise it would continue, perhaps into a fault, before its output is
    // taken.
    const options = { chunkSize, readableHighWaterMark: 1 }
    this.stream = createGunzip(options)
    this.stream.on('readable', () => this.wake())
    this.stream.on('end', () => {
      this.ended = true
      this.wake()
    })
    this.stream.on('error', error => {
      this.fault ??= error
      this.wake()
    })
  }

  /** The number of compressed bytes whose output was handed out. */
  get consumed(): number {
    return this.stream.bytesWritten
  }

  /** Whether the data is damaged, so that the last bytes before the damage were dropped; a cut drops none. */
  get isDamaged(): boolean {
    return this.fault !== undefined && !isCut(this.fault)
  }

  // After a member only a header may follow: of one single byte Node says that
  // it is cut off, although the size before it shows that the member is
  // complete.
  private get isFollowed(): boolean {
    const { fault, last, produced } = this
    if (fault === undefined) return false
    if (!isCut(fault)) return fault.message === 'incorrect header check'
    const [, , , , byte] = last
    return (
      byte !== undefined &&
      produced > 0 &&
      byte !== MAGIC &&
      last.readUInt32LE(0) === produced % 2 ** 32
    )
  }

  /** Inflates the next piece. */
  async *push(piece: Buffer): AsyncGenerator<Buffer> {
    this.pushed += piece.length
    this.last = Buffer.concat([this.last, piece.subarray(-TAIL)]).subarray(
      -TAIL,
    )
    if (!this.ended) {
      let written = false
      this.stream.write(piece, error => {
        this.fault ??= error ?? undefined
        written = true
        this.wake()
      })
      yield* this.output(() => written)
    }
    const unused = Math.min(this.pushed - this.consumed, piece.length)
    if (unused === 0) return
    this.ended = true
    if (!isZero(piece.subarray(piece.length - unused))) throw followed()
  }

  /** Inflates the rest, and checks that the last member is complete. */
  async *end(): AsyncGenerator<Buffer> {
    if (this.ended) return
    this.stream.end()
    yield* this.output(() => this.ended)
  }

  /** Frees the stream. */
  close(): void {
    this.stream.destroy()
  }

  private async *output(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.stream.read() as Buffer | null
      if (chunk !== null) {
        this.count(chunk)
        yield chunk
      } else if (this.fault) {
        throw this.isFollowed ? followed(this.fault) : gzipError(this.fault)
      } else if (isDone()) {
        return
      } else {
        await new Promise<void>(resolve => (this.wake = resolve))
      }
    }
  }

  private count({ length }: Buffer): void {
    const { bytes, ratio } = this.limits
    const produced = this.produced + length
    if (produced > bytes && produced > ratio * this.consumed)
      throw new DecodeError(
        'inflated-too-large',
        `The gzip data inflates to more than ${bytes} bytes and ${ratio} times its size`,
      )
    this.produced = produced
  }
}

/** Tells whether all bytes are zero, as padding after gzip data is. */
export function isZero(bytes: Buffer): boolean {
  return bytes.every(byte => byte === 0)
}

const followed = (cause?: Error): DecodeError =>
  new DecodeError(
    'gzip',
    'The gzip data is followed by other bytes, such as a line feed, added by the program that wrote or copied the object',
    { cause },
  )

function isCut(fault: Error): boolean {
  return errorCode(fault) === 'Z_BUF_ERROR'
}

function gzipError(fault: Error): DecodeError {
  const reason = isCut(fault) ? 'cut off' : `damaged (${fault.message})`
  return new DecodeError('gzip', `The gzip data is ${reason}`, { cause: fault })
}
