// Parquet's runs of small numbers: the dictionary entries of the values, and
// the marks of null values. A run is one repeated number, or groups of eight
// numbers of a fixed width in bits. Both are read as far as bytes are
// available, and limited by the number asked for: a run may claim two billion.

import type { ByteWindow } from './byte-window.ts'
import { damaged } from './parquet-error.ts'

const MAX_WIDTH = 32
// A header and a number: either these bytes are available, or no more will
// come.
const MAX_HEAD = 9
const MAX_SHIFT = 28
// The bits that a word of four bytes holds from any bit of its first byte on.
const WORD_WIDTH = 25

/** Reads the runs of a window, with numbers of `width` bits. */
export class RunLengths {
  readonly #window: ByteWindow
  readonly #width: number
  /** The count of numbers left in the run. */
  #left = 0
  #isPacked = false
  #value = 0
  /** The count of bits read of the first available byte. */
  #bit = 0

  constructor(window: ByteWindow, width: number) {
    if (width > MAX_WIDTH) throw damaged(`a page has numbers of ${width} bits`)
    this.#window = window
    this.#width = width
  }

  /** Makes a reader of numbers that follow each other without runs. */
  static packed(window: ByteWindow, width: number): RunLengths {
    const one = new RunLengths(window, width)
    one.#isPacked = true
    one.#left = Infinity
    return one
  }

  /** Takes so many equal numbers, and gives the number; -1 if they may differ, and nothing is taken. */
  same(count: number): number {
    if (this.#left === 0 && !this.#next()) return -1
    if (this.#isPacked || this.#left < count) return -1
    this.#left -= count
    return this.#value >>> 0
  }

  /** Reads as many numbers as are available into a part of `out`, and returns their count. */
  read(out: Int32Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      if (this.#left === 0 && !this.#next()) break
      const most = Math.min(this.#left, to - at)
      if (!this.#isPacked) out.fill(this.#value, at, at + most)
      const taken = this.#isPacked ? this.#unpack(out, at, most) : most
      if (taken === 0) break
      this.#left -= taken
      at += taken
    }
    return at - from
  }

  /** Goes to the next run; false if its head is not available. */
  #next(): boolean {
    const window = this.#window
    const { bytes, end } = window
    const valueBytes = (this.#width + 7) >> 3
    while (this.#left === 0) {
      if (!window.isAll && end - window.at < MAX_HEAD) return false
      let { at } = window
      let head = 0
      for (let shift = 0; ; shift += 7) {
        if (at >= end) return false
        const byte = bytes[at++] as number
        head += (byte & 0x7f) * 2 ** shift
        if (byte < 0x80) break
        if (shift === MAX_SHIFT) throw damaged('a run has no length')
      }
      this.#isPacked = head % 2 === 1
      this.#bit = 0
      if (this.#isPacked) this.#left = ((head - 1) / 2) * 8
      else {
        if (end - at < valueBytes) return false
        let value = 0
        for (let i = 0; i < valueBytes; i++)
          value |= (bytes[at++] as number) << (8 * i)
        if (this.#width < MAX_WIDTH && value >= 2 ** this.#width)
          throw damaged(
            `a run is of ${value}, which ${this.#width} bits do not hold`,
          )
        this.#value = value
        this.#left = head / 2
      }
      window.at = at
    }
    return true
  }

  #unpack(out: Int32Array, from: number, count: number): number {
    const width = this.#width
    if (width === 0) {
      out.fill(0, from, from + count)
      return count
    }
    const window = this.#window
    const { bytes, end } = window
    let { at } = window
    let bit = this.#bit
    const bits = (end - at) * 8 - bit
    const most = Math.min(count, Math.floor(bits / width))
    const mask = width < WORD_WIDTH ? (1 << width) - 1 : 2 ** width - 1
    for (let i = from; i < from + most; i++) {
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)
      out[i] =
        width <= WORD_WIDTH
          ? (word >>> bit) & mask
          : ((word >>> bit) + (bytes[at + 4] ?? 0) * 2 ** (32 - bit)) %
            2 ** width
      bit += width
      at += bit >> 3
      bit &= 7
    }
    window.at = at
    this.#bit = bit
    return most
  }
}
