// Turns the text of flow logs into rows: lines by LF or CRLF, fields by runs
// of spaces and tabs, columns by the header, or those of version 2 without
// one. A row of another width than its header is handed out without a value.

import { ByteSpan } from './byte-span.ts'
import { DecodeError } from './decode-error.ts'
import type { Decoder, SourceRecord } from './decoder.ts'
import {
  DEFAULT_COLUMNS,
  flowColumns,
  isHeader,
  type FlowRow,
} from './flow-columns.ts'

const LF = 0x0a
const CR = 0x0d
const MAX_LINE = 16 * 1024 * 1024
// A longer line is no row, and split it could take ten times its size.
const MAX_ROW = 64 * 1024
// Row texts are views of their window, so it bounds what one row keeps alive.
const WINDOW = 64 * 1024

/** Decodes flow log text; throws DecodeError on a line of more than 16 MiB. */
export class FlowDecoder implements Decoder<FlowRow> {
  private columns = DEFAULT_COLUMNS
  private header = ''
  private atStart = true
  /** The line whose end has not come yet. */
  private readonly line = new ByteSpan(MAX_LINE)

  constructor() {
    this.line.begin(0)
  }

  *push(chunk: Buffer): Generator<SourceRecord<FlowRow>> {
    for (let from = 0; from < chunk.length; from += WINDOW) {
      const window = chunk.subarray(from, from + WINDOW)
      // Cut at line ends, so that no multi-byte character is cut.
      const first = window.indexOf(LF)
      if (first >= 0) {
        const rest = window.lastIndexOf(LF) + 1
        yield* this.rows(this.takeLine(window, first))
        yield* this.rows(window.toString('utf8', first + 1, rest))
        this.line.begin(rest)
      }
      if (!this.line.carry(window)) throw tooLong()
    }
  }

  *end(): Generator<SourceRecord<FlowRow>> {
    yield* this.rows(this.takeLine(Buffer.alloc(0), 0))
  }

  /** Reads whole lines, each with its LF. */
  private *rows(lines: string): Generator<SourceRecord<FlowRow>> {
    let from = 0
    if (this.atStart && lines.charCodeAt(0) === 0xfeff) from = 1
    this.atStart = false
    const hasTabs = lines.includes('\t')
    while (from < lines.length) {
      const next = lines.indexOf('\n', from) + 1
      const to = next - (lines.charCodeAt(next - 2) === CR ? 2 : 1)
      const text = lines.slice(from, to)
      from = next
      if (text.length > MAX_ROW) {
        yield { text, value: undefined }
        continue
      }
      let values = text.split(' ')
      if (hasTabs || values.includes('')) values = text.match(/[^ \t]+/g) ?? []
      const first = values[0]
      if (first === undefined || this.isHeader(first, text, values)) continue
      const { columns } = this
      const fits = values.length === columns.names.length
      yield { text, value: fits ? { columns, values } : undefined }
    }
  }

  /** Looks for a header on any line, as files are concatenated; cheap for rows, which seldom start with a lower-case letter. */
  private isHeader(first: string, text: string, values: string[]): boolean {
    const code = first.charCodeAt(0)
    if (code < 0x61 || code > 0x7a || !isHeader(values)) return false
    if (text !== this.header) this.columns = flowColumns(values)
    this.header = text
    return true
  }

  private takeLine(window: Buffer, to: number): string {
    const line = this.line.take(window, to)
    if (line === undefined) throw tooLong()
    return `${line}\n`
  }
}

function tooLong(): DecodeError {
  return new DecodeError(
    'element-too-large',
    `A line is longer than ${MAX_LINE} bytes: this is no flow log text`,
  )
}
