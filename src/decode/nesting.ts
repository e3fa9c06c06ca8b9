// Finds the end of a JSON value, over chunk borders, by strings and brackets
// alone; JSON.parse decides whether the content is JSON. Jumping over strings
// with indexOf('"') takes twice as long, as most strings are short.

import { brokenNesting, DecodeError } from './decode-error.ts'
import { BACKSLASH, CLOSE_BRACE, OPEN_BRACE, QUOTE } from './json-bytes.ts'

// The bit that distinguishes '[' from '{', and ']' from '}'.
const BRACE_BIT = 0x20
/** The deepest nesting allowed. */
export const MAX_DEPTH = 512

/** Follows strings and brackets through chunks of JSON; throws DecodeError on a bracket that does not match and on nesting deeper than 512. */
export class Nesting {
  /** The number of open brackets. */
  depth = 0
  /** Whether the next byte is inside a string. */
  inString = false
  /** The closing bracket of each open one. */
  private readonly closers: number[] = []

  /** Opens a bracket, given as its byte. */
  open(bracket: number): void {
    if (this.depth === MAX_DEPTH) throw tooDeep()
    this.closers[this.depth++] = bracket + 2
  }

  /** Returns the position after the byte that ends a string at depth `floor` or reduces the depth to `floor`; if that byte is not in the chunk, the chunk's length, or one more if the chunk ends in a backslash. */
  skip(chunk: Buffer, from: number, floor: number): number {
    const { length } = chunk
    const { closers } = this
    let { depth, inString } = this
    let i = from
    while (i < length) {
      let c = 0
      if (inString) {
        do {
          c = chunk[i++] as number
          if (c === BACKSLASH) i++
        } while (c !== QUOTE && i < length)
        if (c !== QUOTE) break
        inString = false
        if (depth === floor) break
        continue
      }
      c = chunk[i++] as number
      if (c === QUOTE) {
        inString = true
      } else if ((c | BRACE_BIT) === OPEN_BRACE) {
        if (depth === MAX_DEPTH) throw tooDeep()
        closers[depth++] = c + 2
      } else if ((c | BRACE_BIT) === CLOSE_BRACE) {
        if (closers[--depth] !== c)
          throw brokenNesting('a bracket closes what it did not open')
        if (depth === floor) break
      }
    }
    this.depth = depth
    this.inString = inString
    return i
  }
}

function tooDeep(): DecodeError {
  return new DecodeError(
    'too-deep',
    `A record is nested deeper than ${MAX_DEPTH} levels`,
  )
}
