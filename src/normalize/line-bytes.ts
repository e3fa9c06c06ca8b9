// Builds lines as bytes: unchanged input is copied once and never becomes a
// string. Most values are short, and for these copying words of eight bytes
// through views is cheaper than a call into native code.

import { BACKSLASH, QUOTE } from '../decode/json-bytes.ts'
import { viewOf } from '../decode/byte-span.ts'
import { escapedWidth, escapeInto, MAX_WIDTH } from './json-escapes.ts'
import { WORD, type Literal } from './literal.ts'

const COMMA = 0x2c
const END_OF_TEXT = (QUOTE << 8) | COMMA
const END_BYTES = 2
const ZERO = 0x30
// From so many bytes on a call into native code is cheaper.
const LONG = 256
// The number of bytes that are escaped at a time.
const STRETCH = 1024

/** A growing buffer; the content is the first `length` bytes of `buffer`. */
export class LineBytes {
  buffer: Buffer
  length = 0
  /** The limit of bytes written of one value; more could never fit into the line. */
  maxValueBytes = Infinity
  /** The bytes of values, as escaped in the line, that this limit left out. */
  omittedBytes = 0
  /** All bytes of `buffer`. */
  view: DataView
  readonly #usualBytes: number
  /** The source of the last copy. */
  #source: Buffer
  #sourceView: DataView
  /** The last offset at which it holds a whole word. */
  #lastWord = 0

  /** Allocates so many bytes; more content makes it grow. */
  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes
    this.buffer = Buffer.allocUnsafe(usualBytes)
    this.view = viewOf(this.buffer)
    this.#source = this.buffer
    this.#sourceView = this.view
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
    const at = this.#take(END_BYTES)
    this.view.setInt16(at, END_OF_TEXT)
  }

  /** Adds a whole number, 0 or more, in digits. */
  count(number: number): void {
    let digits = 1
    for (let least = 10; least <= number; least *= 10) digits++
    const at = this.#take(digits)
    let left = number
    for (let i = at + digits - 1; i >= at; i--) {
      const digit = left % 10
      this.buffer[i] = ZERO + digit
      left = (left - digit) / 10
    }
  }

  /** Adds bytes as they are. */
  bytes(bytes: Uint8Array): void {
    const at = this.#take(bytes.length)
    this.buffer.set(bytes, at)
  }

  /** Adds a literal. */
  literal(literal: Literal): void {
    const { bytes, length } = literal
    const at = this.#take(length)
    if (length > LONG) this.buffer.set(bytes, at)
    else this.#putLiteral(literal, at)
  }

  /** Adds a member: its name, a value, UTF-8 from `from` to before `to`, as it is, and the end of the text. */
  textMember(name: Literal, bytes: Buffer, from: number, to: number): void {
    const at = this.#member(name, bytes, from, to)
    this.view.setInt16(at, END_OF_TEXT)
  }

  /** Adds a member: its name, a number in digits as it is, and a comma. */
  numberMember(name: Literal, bytes: Buffer, from: number, to: number): void {
    const at = this.#member(name, bytes, from, to)
    this.buffer[at] = COMMA
    this.length = at + 1
  }

  /** Adds a member: its name, a short literal, and the end of the text. */
  literalMember(name: Literal, value: Literal): void {
    const at = this.#take(name.length + value.length + END_BYTES)
    this.#putLiteral(name, at)
    this.#putLiteral(value, at + name.length)
    this.view.setInt16(at + name.length + value.length, END_OF_TEXT)
  }

  /** Adds a value, UTF-8 from `from` to before `to`, as it is. */
  copy(bytes: Buffer, from: number, to: number): void {
    // Most values of a record lie in the same bytes.
    if (bytes !== this.#source) this.#setSource(bytes)
    if (this.#isShort(from, to)) this.#putShort(from, to, this.#take(to - from))
    else this.#copyWhole(bytes, from, to)
  }

  /** Adds a value, UTF-8, escaped as between quotes in JSON. */
  escape(bytes: Buffer, from: number, to: number): void {
    const end = to - from > this.maxValueBytes ? this.#cut(bytes, from) : to
    for (let i = from; i < end; i += STRETCH) {
      const stretch = Math.min(end - i, STRETCH)
      const at = this.#take(stretch * MAX_WIDTH)
      this.length = escapeInto(this.buffer, at, bytes, i, i + stretch)
    }
    for (let i = end; i < to; i++)
      this.omittedBytes += escapedWidth(bytes[i] as number)
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

  #setSource(bytes: Buffer): void {
    this.#source = bytes
    this.#sourceView = viewOf(bytes)
    this.#lastWord = bytes.length - WORD
  }

  /** Adds a name and a value, takes room for an end, and returns the offset of that. */
  #member(name: Literal, bytes: Buffer, from: number, to: number): number {
    if (bytes !== this.#source) this.#setSource(bytes)
    if (!this.#isShort(from, to)) {
      this.literal(name)
      this.#copyWhole(bytes, from, to)
      return this.#take(END_BYTES)
    }
    const { length } = name
    const at = this.#take(length + to - from + END_BYTES)
    this.#putLiteral(name, at)
    this.#putShort(from, to, at + length)
    return at + length + to - from
  }

  #putLiteral({ view, length }: Literal, at: number): void {
    const target = this.view
    for (let i = 0; i < length; i += WORD)
      target.setFloat64(at + i, view.getFloat64(i, true), true)
  }

  #copyWhole(bytes: Buffer, from: number, to: number): void {
    const end = to - from > this.maxValueBytes ? this.#cut(bytes, from) : to
    this.omittedBytes += to - end
    const at = this.#take(end - from)
    bytes.copy(this.buffer, at, from, end)
  }

  // Such a value is below every limit on a line.
  #isShort(from: number, to: number): boolean {
    return to - from <= LONG && to <= this.#lastWord
  }

  #putShort(from: number, to: number, at: number): void {
    const view = this.#sourceView
    const target = this.view
    for (let i = 0; from + i < to; i += WORD)
      target.setFloat64(at + i, view.getFloat64(from + i, true), true)
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
    this.view = viewOf(buffer)
  }
}
