// Escapes UTF-8 as it stands between quotes in JSON.

import { BACKSLASH, QUOTE } from '../decode/json-bytes.ts'

/** The most bytes that one byte becomes. */
export const MAX_WIDTH = 6
const U00 = Buffer.from('\\u00')
const HEX = Buffer.from('0123456789abcdef')
/** The character after the backslash, for control characters that have a short form. */
const SHORT = new Uint8Array(0x20)
for (const [i, code] of [8, 9, 10, 12, 13].entries())
  SHORT[code] = 'btnfr'.charCodeAt(i)

/** Writes bytes, from `from` to before `to`, escaped at a place of a target; returns the end there. */
export function escapeInto(
  target: Buffer,
  place: number,
  bytes: Buffer,
  from: number,
  to: number,
): number {
  let at = place
  for (let i = from; i < to; i++) {
    const c = bytes[i] as number
    if (c === QUOTE || c === BACKSLASH) target[at++] = BACKSLASH
    else if (c < 0x20) {
      at = escapeControl(target, at, c)
      continue
    }
    target[at++] = c
  }
  return at
}

/** Counts the bytes of one byte's escaped form. */
export function escapedWidth(byte: number): number {
  if (byte === QUOTE || byte === BACKSLASH) return 2
  if (byte >= SHORT.length) return 1
  return (SHORT[byte] as number) > 0 ? 2 : MAX_WIDTH
}

function escapeControl(target: Buffer, at: number, code: number): number {
  const short = SHORT[code] as number
  if (short > 0) {
    target[at] = BACKSLASH
    target[at + 1] = short
    return at + 2
  }
  target.set(U00, at)
  target[at + 4] = HEX[code >> 4] as number
  target[at + 5] = HEX[code & 15] as number
  return at + MAX_WIDTH
}
