// The texts of values as a flow log line would show them: the entries of a
// dictionary, or the next values of a column, one after the other in one
// buffer. Whether any of them must be escaped in JSON is decided here, once,
// and not at each row that has it.

import { isUtf8 } from 'node:buffer'
import { viewOf } from '../byte-span.ts'
import { BACKSLASH, QUOTE } from '../json-bytes.ts'
import type { Budget } from './budget.ts'

const WHITE = 1 // would separate fields or lines
const RAW = 2 // must be escaped in JSON
const WIDE = 4 // is not ASCII
const KINDS = new Uint8Array(256).fill(RAW, 0, 0x20).fill(WIDE, 0x80)
KINDS[QUOTE] = KINDS[BACKSLASH] = RAW
for (const white of '\t\n\r ') KINDS[white.charCodeAt(0)] = WHITE
const ZERO = 0x30
const MINUS = 0x2d
const LEAST_BYTES = 1024
const MAX_DIGITS = 20
/** So many bytes after any text may be read with it. */
export const SLACK = 8
const NONE = Buffer.alloc(0)

/** The texts from `from[i]` to before `to[i]`; an empty one is no value. */
export class Cells {
  bytes = NONE
  view = viewOf(NONE)
  readonly from: Int32Array
  readonly to: Int32Array
  count = 0
  /** Whether any of them must be escaped. */
  isRaw = false
  readonly #budget: Budget
  #used = 0

  /** Reserves room for so many texts. */
  constructor(most: number, budget: Budget) {
    budget.take(most * 8, 'a dictionary')
    this.#budget = budget
    this.from = new Int32Array(most)
    this.to = new Int32Array(most)
  }

  /** Forgets the texts. */
  clear(): void {
    this.count = 0
    this.#used = 0
    this.isRaw = false
  }

  /** Returns its memory to the budget. */
  free(): void {
    this.#budget.give(this.bytes.length + this.from.length * 8)
    this.bytes = NONE
  }

  /** Adds an absent value. */
  none(): void {
    this.#add(0, 0)
  }

  /** Adds a text from `from` to before `to`, with white space as in a URL, and invalid UTF-8 as U+FFFD. */
  text(source: Buffer, from: number, to: number): void {
    this.#room(to - from)
    const { bytes } = this
    const start = this.#used
    let at = start
    let seen = 0
    for (let i = from; i < to; i++) {
      const c = source[i] as number
      seen |= KINDS[c] as number
      bytes[at++] = c
    }
    if (seen !== 0) {
      if ((seen & RAW) !== 0) this.isRaw = true
      if (!this.#isFit(source, from, to, seen)) return
    }
    this.#add(start, at)
  }

  /** Adds an ASCII text without white space. */
  ascii(text: string): void {
    this.#room(text.length)
    const start = this.#used
    this.#add(start, start + this.bytes.write(text, start, 'latin1'))
  }

  /** Adds a safe integer. */
  integer(value: number): void {
    this.#room(MAX_DIGITS)
    const { bytes } = this
    const start = this.#used
    let at = start
    let left = value
    if (value < 0) {
      bytes[at++] = MINUS
      left = -value
    }
    let digits = 1
    for (let least = 10; least <= left; least *= 10) digits++
    const end = at + digits
    let i = end - 1
    for (; left >= 0x4000_0000; i--) {
      const rest = Math.floor(left / 10)
      // Not from the left: the largest number has no room for a zero beside it.
      bytes[i] = ZERO + (left - 10 * rest)
      left = rest
    }
    for (let small = left | 0; i >= at; i--) {
      const rest = (small / 10) | 0
      bytes[i] = ZERO + (small - 10 * rest)
      small = rest
    }
    this.#add(start, end)
  }

  /** Corrects a text with other than ordinary bytes, and adds it; true if it needs no correction. */
  #isFit(source: Buffer, from: number, to: number, seen: number): boolean {
    const isWrong = (seen & WIDE) !== 0 && !isUtf8(source.subarray(from, to))
    if (!isWrong && (seen & WHITE) === 0) return true
    const mended = Buffer.from(
      source
        .toString('utf8', from, to)
        .replace(/[\t\n\r ]/g, encodeURIComponent),
    )
    this.#room(mended.length)
    const start = this.#used
    this.#add(start, start + mended.copy(this.bytes, start))
    return false
  }

  #add(from: number, to: number): void {
    const { count } = this
    this.from[count] = from
    this.to[count] = to
    this.count = count + 1
    if (to > 0) this.#used = to
  }

  #room(count: number): void {
    const needed = this.#used + count + SLACK
    if (needed <= this.bytes.length) return
    const size = Math.max(LEAST_BYTES, needed, 2 * this.bytes.length)
    this.#budget.take(size - this.bytes.length, 'the text of a column')
    const larger = Buffer.allocUnsafeSlow(size)
    this.bytes.copy(larger, 0, 0, this.#used)
    this.bytes = larger
    this.view = viewOf(larger)
  }
}
