// Turns plain values into the texts of a flow log: integers in digits, times in
// Unix seconds, decimals without needless zeros. A floating-point value that is
// not a number (pandas writes NaN for a missing one) is an absent value.

import type { ByteWindow } from './byte-window.ts'
import type { Cells } from './cells.ts'
import {
  BYTE_ARRAY,
  DOUBLE,
  FIXED,
  FLOAT,
  INT32,
  INT64,
  INT96,
  type Column,
} from './schema.ts'

const LENGTH_BYTES = 4
const TWO_32 = 2 ** 32
const DAY_SECONDS = 86_400
const DAY_MS = 86_400_000
// 1970-01-01 in the day count of INT96.
const UNIX_DAY = 2_440_588
const MAX_DATE = 100_000_000
// 10^154 is far beyond any count.
const MAX_DECIMAL_BYTES = 64

/** Adds the texts of the next values to cells, limited by a count and by the available bytes; returns their number. */
export function readValues(
  column: Column,
  window: ByteWindow,
  cells: Cells,
  most: number,
): number {
  if (column.type === BYTE_ARRAY) return readTexts(column, window, cells, most)
  const { width } = column
  const { bytes } = window
  const count = Math.min(most, Math.floor((window.end - window.at) / width))
  const end = window.at + count * width
  const { kind } = column.meaning
  if (column.type === INT32 && kind === 'plain')
    for (let at = window.at; at < end; at += 4) cells.integer(int32(bytes, at))
  else if (column.type === INT64 && kind === 'plain')
    for (let at = window.at; at < end; at += 8) addLong(bytes, at, cells)
  else
    for (let at = window.at; at < end; at += width)
      addOther(column, bytes, at, cells)
  window.at = end
  return count
}

/** Gives the number of bytes of the next value, as far as it is known. */
export function bytesOfNext(column: Column, window: ByteWindow): number {
  if (column.type !== BYTE_ARRAY) return column.width
  const { bytes, at, end } = window
  return end - at < LENGTH_BYTES
    ? LENGTH_BYTES
    : LENGTH_BYTES + (int32(bytes, at) >>> 0)
}

/** Gives the fewest bytes of a value. */
export const leastBytes = ({ type, width }: Column): number =>
  type === BYTE_ARRAY ? LENGTH_BYTES : width

function readTexts(
  column: Column,
  window: ByteWindow,
  cells: Cells,
  most: number,
): number {
  const { bytes, end } = window
  const isDecimal = column.meaning.kind === 'decimal'
  let { at } = window
  let count = 0
  for (; count < most && end - at >= LENGTH_BYTES; count++) {
    const from = at + LENGTH_BYTES
    const length = int32(bytes, at) >>> 0
    if (length > end - from) break
    at = from + length
    if (isDecimal) addDecimal(bytes.subarray(from, at), column, cells)
    else cells.text(bytes, from, at)
  }
  window.at = at
  return count
}

const int32 = (bytes: Buffer, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

function addLong(bytes: Buffer, at: number, cells: Cells): void {
  const low = int32(bytes, at)
  const high = int32(bytes, at + 4)
  const value = high * TWO_32 + (low >>> 0)
  if (Number.isSafeInteger(value)) cells.integer(value)
  else cells.ascii(String(bytes.readBigInt64LE(at)))
}

function addOther(
  column: Column,
  bytes: Buffer,
  at: number,
  cells: Cells,
): void {
  const { type, meaning, width } = column
  switch (type) {
    case FLOAT:
      return addDouble(bytes.readFloatLE(at), cells)
    case DOUBLE:
      return addDouble(bytes.readDoubleLE(at), cells)
    case INT96:
      return addOldTime(bytes, at, cells)
    case FIXED:
      return addFixed(column, bytes.subarray(at, at + width), cells)
  }
  const isLong = type === INT64
  switch (meaning.kind) {
    case 'unsigned':
      if (isLong) addBig(bytes.readBigUInt64LE(at), cells)
      else cells.integer(bytes.readUInt32LE(at))
      return
    case 'time': {
      const time = isLong ? bytes.readBigInt64LE(at) : BigInt(int32(bytes, at))
      return addBig(floorOf(time, BigInt(meaning.perSecond)), cells)
    }
    case 'date':
      if (!isLong) return addDate(int32(bytes, at), cells)
      return addLong(bytes, at, cells)
    case 'decimal': {
      const digits = isLong ? bytes.readBigInt64LE(at) : int32(bytes, at)
      return cells.ascii(decimalText(BigInt(digits), meaning.scale))
    }
    default:
      if (isLong) addLong(bytes, at, cells)
      else cells.integer(int32(bytes, at))
  }
}

function addBig(value: bigint, cells: Cells): void {
  const number = Number(value)
  if (Number.isSafeInteger(number)) cells.integer(number)
  else cells.ascii(String(value))
}

function addDouble(value: number, cells: Cells): void {
  if (Number.isNaN(value)) cells.none()
  else if (Number.isSafeInteger(value)) cells.integer(value)
  else cells.ascii(String(value))
}

function addDate(day: number, cells: Cells): void {
  if (Math.abs(day) > MAX_DATE) cells.integer(day)
  else cells.ascii(new Date(day * DAY_MS).toISOString().slice(0, -14))
}

function addOldTime(bytes: Buffer, at: number, cells: Cells): void {
  const nanoseconds = bytes.readBigInt64LE(at)
  const day = int32(bytes, at + 8) - UNIX_DAY
  const seconds = Number(floorOf(nanoseconds, 1_000_000_000n))
  cells.integer(day * DAY_SECONDS + seconds)
}

function addFixed(column: Column, value: Buffer, cells: Cells): void {
  const { kind } = column.meaning
  if (kind === 'decimal') return addDecimal(value, column, cells)
  if (kind === 'half' && value.length === 2)
    return addDouble(halfOf(value.readUInt16LE(0)), cells)
  if (kind === 'uuid' && value.length === 16) {
    const hex = value.toString('hex')
    const parts = [0, 8, 12, 16, 20].map((from, i, all) =>
      hex.slice(from, all[i + 1]),
    )
    return cells.ascii(parts.join('-'))
  }
  // A text shorter than the column is padded with NUL.
  let { length } = value
  while (length > 0 && value[length - 1] === 0) length--
  cells.text(value, 0, length)
}

function addDecimal(value: Buffer, { meaning }: Column, cells: Cells): void {
  if (meaning.kind !== 'decimal' || value.length === 0) return cells.none()
  if (value.length > MAX_DECIMAL_BYTES) {
    const hex = value.toString('hex')
    return cells.ascii(`0x${hex}`)
  }
  const bits = value.length * 8
  const digits = BigInt.asIntN(bits, BigInt(`0x${value.toString('hex')}`))
  cells.ascii(decimalText(digits, meaning.scale))
}

function decimalText(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}

function floorOf(value: bigint, by: bigint): bigint {
  const whole = value / by
  return value < 0n && whole * by !== value ? whole - 1n : whole
}

function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
