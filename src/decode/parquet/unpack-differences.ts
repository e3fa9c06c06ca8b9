// Unpacks integers that are written as differences: a first one, then blocks of
// a least difference and the excess of each over it, in parts as wide as their
// largest needs. The head is checked before it is used.

import { damaged } from './parquet-error.ts'

const MAX_BLOCK = 1024 * 1024
const MAX_VARINT_BYTES = 10
const WORD = 32
const MAX_WIDTH = 64

/** Numbers, and the position after them. */
export interface Unpacked<T> {
  numbers: T
  end: number
}

/** Unpacks the numbers at a place, limited in count, into the array that `make` makes for their count; throws DecodeError. */
export function unpackDifferences<T extends Int32Array | BigInt64Array>(
  bytes: Buffer,
  at: number,
  most: number,
  make: (count: number) => T,
): Unpacked<T> {
  const reader = new BitReader(bytes, at)
  const block = Number(reader.varint())
  const parts = Number(reader.varint())
  const count = Number(reader.varint())
  const size = block / parts
  if (!(block > 0 && block <= MAX_BLOCK && parts > 0 && size % 8 === 0))
    throw damaged('a page with differences has an impossible head')
  if (count > most) throw damaged('a page has more values than it says')
  const numbers = make(count)
  const isLong = numbers instanceof BigInt64Array
  let value = reader.zigzag()
  if (count > 0) put(0)
  for (let i = 1; i < count; i += block) unpackBlock(i)
  return { numbers, end: reader.at }

  function put(i: number): void {
    if (isLong) numbers[i] = value
    else numbers[i] = Number(BigInt.asIntN(WORD, value))
  }

  function unpackBlock(first: number): void {
    const least = reader.zigzag()
    const widths = reader.take(parts)
    for (let part = 0, i = first; part < parts && i < count; part++) {
      const width = widths[part] as number
      if (width > MAX_WIDTH) throw damaged('a difference has too many bits')
      const end = reader.at + (size * width) / 8
      for (let j = 0; j < size && i < count; j++, i++) {
        value = BigInt.asIntN(MAX_WIDTH, value + least + reader.bits(width))
        put(i)
      }
      reader.goTo(end)
    }
  }
}

class BitReader {
  at: number
  #bit = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  varint(): bigint {
    let value = 0n
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.#bytes[this.at++] ?? tooShort()
      value |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte < 0x80) return value
    }
    throw damaged('a page holds a number without an end')
  }

  zigzag(): bigint {
    const value = this.varint()
    return (value >> 1n) ^ -(value & 1n)
  }

  take(count: number): Buffer {
    if (count > this.#bytes.length - this.at) tooShort()
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }

  bits(width: number): bigint {
    if (width <= WORD) return BigInt(this.#word(width))
    const low = BigInt(this.#word(WORD))
    return (BigInt(this.#word(width - WORD)) << 32n) | low
  }

  /** Goes to a place, which may be after the end if the last part is incomplete. */
  goTo(at: number): void {
    this.at = Math.min(at, this.#bytes.length)
    this.#bit = 0
  }

  #word(width: number): number {
    const bytes = this.#bytes
    let value = 0
    for (let got = 0; got < width;) {
      const byte = bytes[this.at] ?? tooShort()
      const taken = Math.min(8 - this.#bit, width - got)
      value += ((byte >> this.#bit) & ((1 << taken) - 1)) * 2 ** got
      got += taken
      this.#bit += taken
      this.at += this.#bit >> 3
      this.#bit &= 7
    }
    return value
  }
}

function tooShort(): never {
  throw damaged('a page ends within a value')
}
