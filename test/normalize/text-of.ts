// The text of a literal, as a line has it.

import { LineBytes } from '../../src/normalize/line-bytes.ts'
import type { Literal } from '../../src/normalize/literal.ts'

/** Writes a literal into a line and gives that; undefined without one. */
export function textOf(literal: Literal | undefined): string | undefined {
  if (literal === undefined) return undefined
  const line = new LineBytes(64)
  line.literal(literal)
  return line.buffer.toString('utf8', 0, line.length)
}
