// The tokens of JSON (RFC 8259) that are checked byte by byte: escapes,
// literals and numbers.

import { BACKSLASH, QUOTE } from './json-bytes.ts'

/** The first letters of true, false and null. */
export const T = 0x74
export const F = 0x66
export const N = 0x6e
const LITERALS = ['true', 'false', 'null'].map(text => Buffer.from(text))
const DOT = 0x2e
const MINUS = 0x2d
const PLUS = 0x2b
const ZERO = 0x30
const E = 0x65

/** Tells whether the bytes at `i`, after a backslash, form an escape. */
export function isEscape(bytes: Buffer, i: number, end: number): boolean {
  if (i >= end) return false
  switch (bytes[i]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return true
    case 0x75: // u
      if (i + 4 >= end) return false
      for (let k = 1; k <= 4; k++)
        if (!isHex(bytes[i + k] as number)) return false
      return true
    default:
      return false
  }
}

/** Finds the position after the literal or number at `from`; -1 if there is none before `end`. */
export function scalarEnd(bytes: Buffer, from: number, end: number): number {
  const first = bytes[from]
  for (let i = 0; i < LITERALS.length; i++) {
    const literal = LITERALS[i] as Buffer
    if (literal[0] === first) return literalEnd(literal, bytes, from, end)
  }
  return numberEnd(bytes, from, end)
}

function literalEnd(
  literal: Buffer,
  bytes: Buffer,
  from: number,
  end: number,
): number {
  const to = from + literal.length
  if (to > end) return -1
  for (let i = 1; i < literal.length; i++)
    if (bytes[from + i] !== literal[i]) return -1
  return to
}

function numberEnd(bytes: Buffer, from: number, end: number): number {
  const whole = bytes[from] === MINUS ? from + 1 : from
  let i = digitsEnd(bytes, whole, end)
  if (i === whole || (bytes[whole] === ZERO && i > whole + 1)) return -1
  if (i < end && bytes[i] === DOT) {
    const fraction = i + 1
    i = digitsEnd(bytes, fraction, end)
    if (i === fraction) return -1
  }
  if (i < end && ((bytes[i] as number) | 0x20) === E) {
    i++
    if (i < end && (bytes[i] === PLUS || bytes[i] === MINUS)) i++
    const exponent = i
    i = digitsEnd(bytes, exponent, end)
    if (i === exponent) return -1
  }
  return i
}

function digitsEnd(bytes: Buffer, from: number, end: number): number {
  let i = from
  while (i < end && isDigit(bytes[i] as number)) i++
  return i
}

function isDigit(c: number): boolean {
  return c >= ZERO && c <= ZERO + 9
}

function isHex(c: number): boolean {
  return isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)
}
