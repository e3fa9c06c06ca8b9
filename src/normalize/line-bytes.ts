// Builds lines as bytes: unchanged input is copied once and never becomes a
// string. Most values are short, and for these copying words of eight bytes
// through views is cheaper than a call into native code.

import { BACKSLASH, QUOTE } from '../decode/json-bytes.ts'
import { viewOf } from '../decode/byte-span.ts'
import { WORD, type Literal } from './literal.ts'

const END_OF_TEXT = (QUOTE << 8) | 0x2c
const ZERO = 0x30
// From so many bytes on a call into native code is cheaper.
const LONG = 256
// The number of bytes that are escaped at a time; one byte becomes up to six.
const STRETCH = 1024
const U00 = Buffer.from('\\u00')
const HEX = Buffer.from('0123456789abcdef')
/** The character after the backslash, for control characters that have a short form. */
const SHORT = new Uint8Array(0x20)
for (const [i, code] of [8, 9, 10, 12, 13].entries())
  SHORT[code] = 'btnfr'.charCodeAt(i)

/** A growing buffer; the content is the first `length` bytes of `buffer`. */
export class LineBytes {
  buffer: Buffer
  length = 0
  /** The limit of bytes written of one value; more could never fit into the line. */
  maxValueBytes = Infinity
  /** The bytes of values, as escaped in the line, that this limit left out. */
  omittedBytes = 0
  readonly #usualBytes: number
  #view: DataView
  /** The source of the last copy. */
  #source: Buffer
  #sourceView: DataView

  /** Allocates so many bytes; more content makes it grow. */
  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes
    this.buffer = Buffer.allocUnsafe(usualBytes)
    this.#view = viewOf(this.buffer)
    this.#source = this.buffer
    this.#sourceView = this.#view
  }

  /** Empties it, and frees a buffer that is larger than usual. */
  clear(): void {
    this.length = 0
    if (this.buffer.length <= 2 * this.#usualBytes) return
    this.#setBuffer(Buffer.allocUnsafe(this.#usualBytes))
  }

  /** Adds one byte. */
  byte(byte: number): void {
    // #take comes first, since it may replace the buffer.
    const at = this.#take(1)
    this.buffer[at] = byte
  }

  /** Adds the quote and the comma that end a text. */
  endText(): void {
    const at = this.#take(2)
    this.#view.setInt16(at, END_OF_TEXT)
  }

  /** Adds a whole number, 0 or more, in digits. */
  count(number: number): void {
    let digits = 1
    for (let least = 10; least <= number; least *= 10) digits++
    const at = this.#take(digits)
    let left = number
    for (let i = at + digits - 1; i >= at; i--) {
      const rest = Math.floor(left / 10)
      this.buffer[i] = ZERO + left - 10 * rest
      left = rest
    }
  }

  /** Adds bytes as they are. */
  bytes(bytes: Uint8Array): void {
    const at = this.#take(bytes.length)
    this.buffer.set(bytes, at)
  }

  /** Adds a literal. */
  literal({ bytes, view }: Literal): void {
    const { length } = bytes
    const at = this.#take(length)
    if (length > LONG) {
      this.buffer.set(bytes, at)
      return
    }
    const target = this.#view
    for (let i = 0; i < length; i += WORD)
      target.setFloat64(at + i, view.getFloat64(i, true), true)
  }

  /** Adds a value, UTF-8 from `from` to before `to`, as it is. */
  copy(bytes: Buffer, from: number, to: number): void {
    // Most values of a record lie in the same bytes.
    if (bytes !== this.#source) this.#setSource(bytes)
    if (to - from > LONG) this.#copyLong(bytes, from, to)
    else this.#copyShort(from, to)
  }

  /** Adds the content from `from` to before `to` once more. */
  repeat(from: number, to: number): void {
    const at = this.#take(to - from)
    if (to - from > LONG) this.buffer.copyWithin(at, from, to)
    else {
      const { buffer } = this
      for (let i = from; i < to; i++)
        buffer[at + i - from] = buffer[i] as number
    }
  }

  /** Adds a value, UTF-8, escaped as between quotes in JSON. */
  escape(bytes: Buffer, from: number, to: number): void {
    const end = to - from > this.maxValueBytes ? this.#cut(bytes, from) : to
    for (let i = from; i < end; i += STRETCH)
      this.#escapeStretch(bytes, i, Math.min(end, i + STRETCH))
    for (let i = end; i < to; i++)
      this.omittedBytes += widthOf(bytes[i] as number)
  }

  /** Adds an ASCII text as it is. */
  ascii(text: string): void {
    const { length } = text
    const at = this.#take(length)
    const { buffer } = this
    for (let i = 0; i < length; i++) buffer[at + i] = text.charCodeAt(i)
  }

  /** Adds a text, escaped as between quotes in JSON. */
  text(text: string): void {
    const { length } = text
    if (length > this.maxValueBytes) {
      const bytes = Buffer.from(text)
      this.escape(bytes, 0, bytes.length)
      return
    }
    const at = this.#take(length)
    const { buffer } = this
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i)
      if (c < 0x20 || c > 0x7e || c === QUOTE || c === BACKSLASH) {
        this.length = at
        this.bytes(Buffer.from(JSON.stringify(text)).subarray(1, -1))
        return
      }
      buffer[at + i] = c
    }
  }

  /** Finds the end of the last whole character within the limit. */
  #cut(bytes: Buffer, from: number): number {
    let end = from + this.maxValueBytes
    while (((bytes[end] as number) & 0xc0) === 0x80) end--
    return end
  }

  #escapeStretch(bytes: Buffer, from: number, to: number): void {
    const first = this.#take((to - from) * 6)
    const { buffer } = this
    let at = first
    for (let i = from; i < to; i++) {
      const c = bytes[i] as number
      if (c === QUOTE || c === BACKSLASH) buffer[at++] = BACKSLASH
      else if (c < 0x20) {
        at = this.#control(c, at)
        continue
      }
      buffer[at++] = c
    }
    this.length = at
  }

  #control(code: number, at: number): number {
    const { buffer } = this
    const short = SHORT[code] as number
    if (short > 0) {
      buffer[at] = BACKSLASH
      buffer[at + 1] = short
      return at + 2
    }
    buffer.set(U00, at)
    buffer[at + 4] = HEX[code >> 4] as number
    buffer[at + 5] = HEX[code & 15] as number
    return at + 6
  }

  #setSource(bytes: Buffer): void {
    this.#source = bytes
    this.#sourceView = viewOf(bytes)
  }

  #copyLong(bytes: Buffer, from: number, to: number): void {
    const end = to - from > this.maxValueBytes ? this.#cut(bytes, from) : to
    this.omittedBytes += to - end
    const at = this.#take(end - from)
    bytes.copy(this.buffer, at, from, end)
  }

  // A value this short is below every limit on a line.
  #copyShort(from: number, to: number): void {
    let at = this.#take(to - from)
    const view = this.#sourceView
    const target = this.#view
    let i = from
    for (; i + WORD <= to; i += WORD, at += WORD)
      target.setFloat64(at, view.getFloat64(i, true), true)
    for (; i < to; i++, at++) target.setInt8(at, view.getInt8(i))
  }

  /** Extends the content by so many bytes, with spare room for the excess of the last word, and returns their offset. */
  #take(count: number): number {
    const at = this.length
    this.length = at + count
    if (this.length + WORD > this.buffer.length) this.#grow(at)
    return at
  }

  #grow(used: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.length + WORD, 2 * used))
    this.buffer.copy(larger, 0, 0, used)
    this.#setBuffer(larger)
  }

  #setBuffer(buffer: Buffer): void {
    this.buffer = buffer
    this.#view = viewOf(buffer)
  }
}

/** Counts the bytes of one byte's JSON form. */
function widthOf(byte: number): number {
  if (byte === QUOTE || byte === BACKSLASH) return 2
  if (byte >= SHORT.length) return 1
  return (SHORT[byte] as number) > 0 ? 2 : 6
}
