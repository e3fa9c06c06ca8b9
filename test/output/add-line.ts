// Adds a text as a line, as whoever builds lines does.
import type { LineWriter } from '../../src/output/line-writer.ts'

/** Builds the line and ends it; false when it was not taken. */
export function addLine(writer: LineWriter, text: string): boolean {
  writer.line.bytes(Buffer.from(text))
  return writer.endLine()
}
