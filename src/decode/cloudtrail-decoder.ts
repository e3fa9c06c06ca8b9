// Turns CloudTrail JSON into records, reading each alone. An element that is
// not a JSON object has no values; broken nesting is thrown after all records
// before it.

import { isAscii, isUtf8 } from 'node:buffer'
import { DecodeError } from './decode-error.ts'
import type { Decoder, Position, SourceRecord } from './decoder.ts'
import { isFlowLine } from './flow-columns.ts'
import {
  BLANKS,
  HEAD_BYTES,
  firstByte,
  markupForm,
  tableForm,
} from './foreign-form.ts'
import { OPEN_BRACE } from './json-bytes.ts'
import type { JsonReader } from './read-json.ts'
import { redactTokens } from './redact-tokens.ts'
import { ElementSplitter } from './split-elements.ts'

const FORMS: ReadonlySet<string> = new Set(['records', 'array', 'lines'])

/** Decodes the elements of Records, of a bare array, or one JSON object per line; throws DecodeError on text that is not JSON, on broken nesting and on exceeded limits. */
export class CloudTrailDecoder implements Decoder {
  readonly #reader: JsonReader
  readonly #splitter: ElementSplitter
  readonly #record: SourceRecord
  readonly #redacts: boolean
  #atStart = true

  /** Reads each record with `reader`, which others may use between two records, and replaces session tokens if `redacts` is set. */
  constructor(reader: JsonReader, redacts = false) {
    this.#redacts = redacts
    this.#reader = reader
    this.#splitter = new ElementSplitter((chunk, from) =>
      reader.read(chunk, from),
    )
    const { bytes } = reader.values
    this.#record = {
      bytes,
      from: 0,
      to: 0,
      values: undefined,
      isPlain: false,
      escaped: undefined,
    }
  }

  *push(chunk: Buffer): Generator<SourceRecord> {
    if (this.#atStart) this.#atStart = !expectJson(chunk)
    const isPlain = isAscii(chunk)
    for (const { bytes, from, to, isRead } of this.#splitter.push(chunk)) {
      // An element in two chunks has a buffer of its own.
      if ((isPlain && bytes === chunk) || isUtf8(bytes.subarray(from, to)))
        yield this.#toRecord(bytes, from, to, isRead)
      else {
        // Invalid UTF-8 becomes U+FFFD.
        const mended = Buffer.from(bytes.toString('utf8', from, to))
        yield this.#toRecord(mended, 0, mended.length, false)
      }
    }
  }

  end(): SourceRecord[] {
    this.#splitter.end()
    return []
  }

  position(): Position {
    return this.#splitter.ends.position()
  }

  positionBefore(): Position {
    return this.#splitter.ends.positionBefore()
  }

  resume(at: Position): boolean {
    if (!FORMS.has(at.form)) return false
    this.#atStart = false
    this.#splitter.resume(at)
    return true
  }

  #toRecord(
    bytes: Buffer,
    from: number,
    to: number,
    isRead: boolean,
  ): SourceRecord {
    const hasValues = isRead || this.#reads(bytes)
    const redacted = this.#redacts
      ? redactTokens(bytes, from, to, hasValues)
      : undefined
    if (redacted === undefined) return this.#fill(bytes, from, to, hasValues)
    // The values are read again: a value that holds a token must not reach the
    // fields.
    const isReadAnew = hasValues && this.#reads(redacted)
    return this.#fill(redacted, 0, redacted.length, isReadAnew)
  }

  #fill(
    bytes: Buffer,
    from: number,
    to: number,
    hasValues: boolean,
  ): SourceRecord {
    const record = this.#record
    record.bytes = bytes
    record.from = from
    record.to = to
    record.values = hasValues ? this.#reader.values : undefined
    record.escaped = hasValues ? this.#reader.escaped : undefined
    return record
  }

  #reads(bytes: Buffer): boolean {
    return (
      bytes[0] === OPEN_BRACE && this.#reader.read(bytes, 0) === bytes.length
    )
  }
}

/** Throws if a chunk, after blank ones, begins a known form other than JSON; false if it is blank. */
function expectJson(chunk: Buffer): boolean {
  const first = firstByte(chunk)
  if (first === undefined) return false
  const form = markupForm(first) ?? lineForm(firstLine(chunk))
  if (form === undefined || form === 'JSON') return true
  throw new DecodeError(
    'not-json',
    `This is ${form}, not the JSON of CloudTrail: check LogType and FilePath`,
  )
}

function lineForm(line: string): string | undefined {
  if (isFlowLine(line)) return 'flow log text'
  return (
    tableForm(line) ?? (line.includes('\t') ? 'tab-separated text' : undefined)
  )
}

function firstLine(chunk: Buffer): string {
  const from = chunk.findIndex(byte => !BLANKS.has(byte))
  const [line = ''] = chunk
    .toString('utf8', from, from + HEAD_BYTES)
    .split(/\r?\n/, 1)
  return line
}
