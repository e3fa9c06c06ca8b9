// Passes over the first bytes of an object's plain text, which an earlier cycle
// has decoded, so that going on costs their inflating alone. On its way it picks
// up the header of a flow log that is in force where decoding goes on.

import type { Decoder, Position } from './decoder.ts'

const LF = 0x0a
const CR = 0x0d
// A longer line is no header.
const MAX_HEADER = 64 * 1024

/** Brings a decoder to a position. */
export class PassOver {
  readonly #to: Position
  readonly #decoder: Decoder
  #passed = 0
  #header = Buffer.alloc(0)

  constructor(to: Position, decoder: Decoder) {
    this.#to = to
    this.#decoder = decoder
  }

  /** Tells whether the position was reached; a text that ends before was another one. */
  get isOver(): boolean {
    return this.#passed >= this.#to.bytes
  }

  /** Takes the next chunk and gives what of it is to be decoded; undefined where the decoder does not know what lies before the position. */
  rest(chunk: Buffer): Buffer | undefined {
    const { bytes, header } = this.#to
    const from = this.#passed
    const left = Math.min(bytes - from, chunk.length)
    this.#passed = from + left
    if (header >= 0 && header < this.#passed && !this.#hasHeader())
      this.#keepHeader(chunk.subarray(Math.max(0, header - from), left))
    if (!this.isOver) return chunk.subarray(left)
    const line = this.#header.subarray(0, this.#headerEnd())
    return this.#decoder.resume(this.#to, line)
      ? chunk.subarray(left)
      : undefined
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
