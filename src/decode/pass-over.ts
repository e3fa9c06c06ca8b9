// Skips the first bytes of an object's plain text, which an earlier cycle has
// decoded, so that continuing costs only their inflating. In passing it picks
// up the flow log header that is in force where decoding continues.

import type { Decoder, Position } from './decoder.ts'
import { CR, LF } from './flow-bytes.ts'

// A longer line is not a header.
const MAX_HEADER = 64 * 1024

/** Brings a decoder to a position. */
export class PassOver {
  /** False once the position proves not to fit this text or decoder: the text must be decoded from the start. */
  isTrusted = true
  readonly #to: Position
  readonly #decoder: Decoder
  #passed = 0
  #header = Buffer.alloc(0)

  constructor(to: Position, decoder: Decoder) {
    this.#to = to
    this.#decoder = decoder
  }

  /** Tells whether the position was reached. */
  get isOver(): boolean {
    return this.#passed >= this.#to.bytes
  }

  /** Takes the next chunk and gives its part to decode; throws if the position proves wrong. */
  rest(chunk: Buffer): Buffer {
    const { bytes, header } = this.#to
    const from = this.#passed
    const left = Math.min(bytes - from, chunk.length)
    this.#passed = from + left
    if (header >= 0 && header < this.#passed && !this.#hasHeader())
      this.#keepHeader(chunk.subarray(Math.max(0, header - from), left))
    if (this.isOver) {
      const line = this.#header.subarray(0, this.#headerEnd())
      if (!this.#decoder.resume(this.#to, line)) this.#distrust()
    }
    return chunk.subarray(left)
  }

  /** Takes the end of the text; throws if the position was not reached. */
  end(): void {
    if (!this.isOver) this.#distrust()
  }

  #distrust(): never {
    this.isTrusted = false
    throw new Error('The text decoded before is not this one')
  }

  #keepHeader(more: Buffer): void {
    this.#header = Buffer.concat([this.#header, more.subarray(0, MAX_HEADER)])
  }

  #hasHeader(): boolean {
    return this.#header.length >= MAX_HEADER || this.#header.includes(LF)
  }

  #headerEnd(): number {
    const feed = this.#header.indexOf(LF)
    return this.#header[feed - 1] === CR ? feed - 1 : Math.max(0, feed)
  }
}
