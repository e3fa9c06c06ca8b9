// Turns Unix seconds, as flow logs write them, into the one text form of times
// in the output. Flow records of an object lie within minutes of each other:
// the text of a second is made once and kept in the slot of its number.
import { BEYOND_MS, EARLIEST_MS } from './event-time.ts'
import type { LineBytes } from './line-bytes.ts'
import { toPiece, type Piece } from './piece.ts'

const SLOTS = 1024
const seconds = new Float64Array(SLOTS)
const texts: Piece[] = []
const ZERO = 0x30

/** Reads Unix seconds, written in digits alone; 0 for anything else and for what eventTime leaves out. */
export function unixSeconds(bytes: Buffer, from: number, to: number): number {
  let seconds = 0
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) return 0
    seconds = seconds * 10 + digit
  }
  const ms = seconds * 1000
  return ms >= EARLIEST_MS && ms < BEYOND_MS ? seconds : 0
}

/** Writes what unixSeconds has read as `YYYY-MM-DDTHH:mm:ss.000Z`. */
export function writeUnixTime(second: number, line: LineBytes): void {
  const slot = second & (SLOTS - 1)
  if (seconds[slot] !== second) {
    seconds[slot] = second
    texts[slot] = toPiece(new Date(second * 1000).toISOString())
  }
  line.piece(texts[slot] as Piece)
}
