// The kinds of bytes in the text of flow logs: separators of fields or lines,
// and bytes in a field that are not ordinary.

import { BACKSLASH, QUOTE } from './json-bytes.ts'

const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
const SPACE = 0x20
const SMALL_A = 0x61
const SMALL_Z = 0x7a

export const ORDINARY = 0
const SPACE_BYTE = 1
export const TAB_BYTE = 2
export const END_OF_LINE = 4
/** Must be escaped in JSON. */
export const RAW_BYTE = 8
/** Is not ASCII. */
export const WIDE_BYTE = 16
export const CONTROL_BYTE = 32

/** The kind of each byte. */
export const KINDS = new Uint8Array(256).fill(WIDE_BYTE, 0x80)
KINDS.fill(RAW_BYTE | CONTROL_BYTE, 0, SPACE)
KINDS[QUOTE] = KINDS[BACKSLASH] = RAW_BYTE
KINDS[LF] = KINDS[CR] = END_OF_LINE
KINDS[SPACE] = SPACE_BYTE
KINDS[TAB] = TAB_BYTE

/** The number of bytes that areOrdinary() looks at. */
export const FOUR = 4

/** Tells whether four bytes are all ordinary; it may deny it of some that are. (A byte below n has its highest bit set in `x - n`, and 0 is below 1.) */
export function areOrdinary(four: number): boolean {
  const odd =
    four |
    (four - 0x21212121) |
    ((four ^ 0x22222222) - 0x01010101) |
    ((four ^ 0x5c5c5c5c) - 0x01010101)
  return (odd & 0x80808080) === 0
}

/** Tells whether a line begins, after blanks, with a small letter: a header does, and seldom a row. */
export function beginsSmall(bytes: Buffer, from: number): boolean {
  let first = from
  while (bytes[first] === SPACE || bytes[first] === TAB) first++
  const c = bytes[first] as number
  return c >= SMALL_A && c <= SMALL_Z
}
