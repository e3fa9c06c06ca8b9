// Bytes that are copied into many lines, with a view of them as whole words, so
// that a copy moves a word at a time.

import { viewOf } from '../decode/byte-span.ts'

// Words are copied as doubles. UTF-8 is never a NaN, whose last bytes are 0xf0
// or more, and then 0x7f or 0xff. A value's last word may become one with the
// bytes that follow; the one bit that V8 might change then lies in these.
/** How many bytes are copied at a time. */
export const WORD = 8

/** Bytes that are added repeatedly, with a view of them that extends to the end of a word at least. */
export interface Literal {
  readonly bytes: Buffer
  readonly length: number
  readonly view: DataView
}

const PADDING = '\0'.repeat(WORD - 1)

/** Makes a literal of a text. */
export function literal(text: string): Literal {
  const words = Buffer.from(text + PADDING)
  const bytes = words.subarray(0, -PADDING.length)
  return { bytes, length: bytes.length, view: viewOf(words) }
}
