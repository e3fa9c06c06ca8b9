// Bytes that are copied into many lines, with a view of them as whole words, so
// that a copy moves a word at a time.

import { viewOf } from '../decode/byte-span.ts'

// Words are copied as doubles, and the bits of a NaN may change. UTF-8 is never
// a NaN: its last bytes would be 0xf0 or more, and then 0x7f or 0xff.
/** How many bytes are copied at a time. */
export const WORD = 8

/** Bytes that are added repeatedly, with a view of them that extends to the end of a word at least. */
export interface Literal {
  readonly bytes: Buffer
  readonly view: DataView
}

const PADDING = '\0'.repeat(WORD - 1)

/** Makes a literal of a text. */
export function literal(text: string): Literal {
  const words = Buffer.from(text + PADDING)
  return { bytes: words.subarray(0, -PADDING.length), view: viewOf(words) }
}
