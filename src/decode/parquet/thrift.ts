// Reads Thrift's compact protocol, in which Parquet writes its footer and the
// headers of its pages, field by field, and makes no object of fields that are
// not needed: a footer may claim millions of columns. hyparquet's reader makes
// an object of everything, and trusts the stated length of a list.

import { damaged } from './parquet-error.ts'

const TRUE = 1
const FALSE = 2
const BYTE = 3
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12
const UUID = 13
const MAX_VARINT_BYTES = 10
// Parquet's own structures are eight deep.
const MAX_DEPTH = 24

/** The error for bytes that end within a structure: more of them may follow. */
export class ShortThriftError extends Error {
  override readonly name = 'ShortThriftError'
}

/** Reads values one after the other; each method takes the announced type of the field, and throws DecodeError if it is another. */
export class ThriftReader {
  /** The position of the next byte. */
  at: number
  readonly #bytes: Buffer
  #depth = 0

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  /** Reads a structure; `field` reads a field's value and returns true, or leaves it to be skipped. */
  struct(type: number, field: (id: number, type: number) => unknown): void {
    expect(type, STRUCT)
    if (++this.#depth > MAX_DEPTH) throw damaged('its metadata is too deep')
    let id = 0
    for (;;) {
      const byte = this.#byte()
      const kind = byte & 0x0f
      if (kind === 0) break
      const delta = byte >> 4
      id = delta === 0 ? this.#zigzag() : id + delta
      const from = this.at
      if (field(id, kind) === true) continue
      this.at = from
      this.skip(kind)
    }
    this.#depth--
  }

  /** Reads the structure at the start of the bytes. */
  root(field: (id: number, type: number) => unknown): void {
    this.struct(STRUCT, field)
  }

  /** Reads a list of structures, lists or scalars, each with `element`; true. */
  list(type: number, element: (type: number) => void): true {
    expect(type, LIST)
    const { count, kind } = this.#listHead()
    for (let i = 0; i < count; i++) element(kind)
    return true
  }

  /** Reads an integer; one beyond 2^53 is rounded. */
  int(type: number): number {
    if (type === BYTE) return (this.#byte() << 24) >> 24
    if (type < BYTE || type > I64) throw wrongType()
    return this.#zigzag()
  }

  /** Reads a truth value, which is part of its type. */
  bool(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw wrongType()
    return type === TRUE
  }

  /** Reads bytes, without a copy. */
  binary(type: number): Buffer {
    expect(type, BINARY)
    const length = this.#varint()
    const from = this.at
    this.#pass(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** Skips a value. */
  skip(type: number): void {
    switch (type) {
      case TRUE:
      case FALSE:
        return
      case BYTE:
        return this.#pass(1)
      case DOUBLE:
        return this.#pass(8)
      case UUID:
        return this.#pass(16)
      case BINARY:
        return this.#pass(this.#varint())
      case STRUCT:
        return this.struct(type, () => false)
      case LIST:
      case SET:
        return this.#skipList()
      case MAP:
        return this.#skipMap()
      default:
        if (type < BYTE || type > I64) throw wrongType()
        this.#varint()
    }
  }

  #skipList(): void {
    if (++this.#depth > MAX_DEPTH) throw damaged('its metadata is too deep')
    const { count, kind } = this.#listHead()
    const isBool = kind === TRUE || kind === FALSE
    for (let i = 0; i < count; i++) this.skip(isBool ? BYTE : kind)
    this.#depth--
  }

  #skipMap(): void {
    if (++this.#depth > MAX_DEPTH) throw damaged('its metadata is too deep')
    const count = this.#varint()
    const kinds = count === 0 ? 0 : this.#byte()
    for (let i = 0; i < count; i++)
      for (const kind of [kinds >> 4, kinds & 0x0f])
        this.skip(kind === TRUE || kind === FALSE ? BYTE : kind)
    this.#depth--
  }

  #listHead(): { count: number; kind: number } {
    const byte = this.#byte()
    const short = byte >> 4
    return { count: short === 15 ? this.#varint() : short, kind: byte & 0x0f }
  }

  #zigzag(): number {
    const value = this.#varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw damaged('its metadata holds a number without an end')
  }

  #byte(): number {
    const byte = this.#bytes[this.at]
    if (byte === undefined)
      throw new ShortThriftError('the metadata is cut off')
    this.at++
    return byte
  }

  #pass(count: number): void {
    if (count > this.#bytes.length - this.at)
      throw new ShortThriftError('the metadata is cut off')
    this.at += count
  }
}

function expect(type: number, wanted: number): void {
  if (type !== wanted) throw wrongType()
}

const wrongType = (): Error =>
  damaged('its metadata holds a value of another type than the format says')
