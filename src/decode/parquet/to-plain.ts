// Turns pages in the encodings that need the whole page into the plain
// encoding, so that there is one way from bytes to text. AWS's files need none
// of it.

import type { Budget } from './budget.ts'
import { damaged, named, notRead } from './parquet-error.ts'
import { BYTE_ARRAY, FIXED, INT32, INT64, type Column } from './schema.ts'
import { unpackDifferences, type Unpacked } from './unpack-differences.ts'

const DELTA_BINARY_PACKED = 5
const DELTA_LENGTH_BYTE_ARRAY = 6
const DELTA_BYTE_ARRAY = 7
const BYTE_STREAM_SPLIT = 9
const NAMES = `PLAIN GROUP_VAR_INT PLAIN_DICTIONARY RLE BIT_PACKED
  DELTA_BINARY_PACKED DELTA_LENGTH_BYTE_ARRAY DELTA_BYTE_ARRAY RLE_DICTIONARY
  BYTE_STREAM_SPLIT ALP`.split(/\s+/)
const LENGTH_BYTES = 4

/** Plain values, and the number of their bytes taken from the budget. */
export interface PlainValues {
  bytes: Buffer
  taken: number
}

/** Makes the plain values of a page; throws DecodeError if the encoding is unknown, does not fit the type, or is broken. `values` is the largest number allowed. */
export function toPlain(
  encoding: number,
  column: Column,
  bytes: Buffer,
  values: number,
  budget: Budget,
): PlainValues {
  const { type } = column
  const isBytes = type === BYTE_ARRAY || type === FIXED
  const isInteger = type === INT32 || type === INT64
  const make = (size: number): Buffer => {
    budget.take(size, `the column ${named(column.name)}`)
    return Buffer.allocUnsafeSlow(size)
  }
  if (encoding === DELTA_BINARY_PACKED && isInteger)
    return made(unpackIntegers(bytes, type === INT64, values, make))
  if (encoding === DELTA_LENGTH_BYTE_ARRAY && type === BYTE_ARRAY)
    return made(joinLengths(bytes, values, make))
  if (encoding === DELTA_BYTE_ARRAY && isBytes)
    return made(joinPrefixes(bytes, values, type === BYTE_ARRAY, make))
  if (encoding === BYTE_STREAM_SPLIT && column.width > 0)
    return made(joinStreams(bytes, column.width, make))
  throw notRead(
    `the encoding ${NAMES[encoding] ?? encoding} in its column ${named(column.name)}`,
  )
}

type Make = (size: number) => Buffer

const made = (plain: Buffer): PlainValues => ({
  bytes: plain,
  taken: plain.length,
})

function unpackIntegers(
  bytes: Buffer,
  isLong: boolean,
  most: number,
  make: Make,
): Buffer {
  let plain: Buffer = Buffer.alloc(0)
  unpackDifferences(bytes, 0, most, count => {
    plain = make(count * (isLong ? 8 : 4))
    const { buffer, byteOffset } = plain
    return isLong
      ? new BigInt64Array(buffer, byteOffset, count)
      : new Int32Array(buffer, byteOffset, count)
  })
  return plain
}

const lengthsAt = (
  bytes: Buffer,
  at: number,
  most: number,
): Unpacked<Int32Array> =>
  unpackDifferences(bytes, at, most, count => new Int32Array(count))

function joinLengths(bytes: Buffer, most: number, make: Make): Buffer {
  const { numbers, end } = lengthsAt(bytes, 0, most)
  const plain = make(sizeOf(numbers) + numbers.length * LENGTH_BYTES)
  let from = end
  let to = 0
  for (const length of numbers) {
    if (length > bytes.length - from)
      throw damaged('a page ends within a value')
    to = plain.writeUInt32LE(length, to)
    to += bytes.copy(plain, to, from, from + length)
    from += length
  }
  return plain
}

function joinPrefixes(
  bytes: Buffer,
  most: number,
  hasLengths: boolean,
  make: Make,
): Buffer {
  const prefixes = lengthsAt(bytes, 0, most)
  const suffixes = lengthsAt(bytes, prefixes.end, most)
  const { numbers: shared } = prefixes
  const { numbers: own } = suffixes
  if (shared.length !== own.length)
    throw damaged('a page has prefixes of other values')
  const head = hasLengths ? LENGTH_BYTES : 0
  const plain = make(sizeOf(shared) + sizeOf(own) + head * own.length)
  let from = suffixes.end
  let to = 0
  let last = 0
  let lastLength = 0
  for (let i = 0; i < own.length; i++) {
    const prefix = shared[i] as number
    const suffix = own[i] as number
    if (prefix > lastLength || suffix > bytes.length - from)
      throw damaged('a page ends within a value')
    if (hasLengths) to = plain.writeUInt32LE(prefix + suffix, to)
    plain.copyWithin(to, last, last + prefix)
    bytes.copy(plain, to + prefix, from, from + suffix)
    last = to
    lastLength = prefix + suffix
    to += lastLength
    from += suffix
  }
  return plain
}

function sizeOf(lengths: Int32Array): number {
  let size = 0
  for (const length of lengths) {
    if (length < 0) throw damaged('a value has a negative size')
    size += length
  }
  return size
}

function joinStreams(bytes: Buffer, width: number, make: Make): Buffer {
  const count = Math.floor(bytes.length / width)
  const plain = make(count * width)
  for (let b = 0; b < width; b++)
    for (let i = 0, from = b * count; i < count; i++)
      plain[i * width + b] = bytes[from + i] as number
  return plain
}
