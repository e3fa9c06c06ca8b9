// Turns the bytes of flow logs into rows: lines end in LF or CRLF, runs of
// spaces and tabs separate fields, columns follow the header or, without one,
// version 2. A row of another width than its header has no values, nor has one
// with neither a header nor a numeric version. Rows are held back until a
// header or a fitting row comes: a text without either is not a flow log.

import { isUtf8 } from 'node:buffer'
import { ByteSpan, viewOf } from './byte-span.ts'
import { lineTooLong } from './decode-error.ts'
import type { Decoder, Position, SourceRecord } from './decoder.ts'
import {
  CONTROL_BYTE,
  CR,
  END_OF_LINE,
  FOUR,
  KINDS,
  LF,
  ORDINARY,
  RAW_BYTE,
  TAB_BYTE,
  WIDE_BYTE,
  areOrdinary,
  beginsSmall,
} from './flow-bytes.ts'
import {
  DEFAULT_COLUMNS,
  columnNames,
  fieldsOf,
  isHeader,
  isSureHeader,
  isVersion,
} from './flow-columns.ts'
import {
  expectText,
  firstByte,
  foreignTextError,
  markupForm,
} from './foreign-form.ts'
import { FLOW_LOG, HeldLines } from './held-lines.ts'
import { RecordEnds } from './record-ends.ts'
import { PLAIN, RAW, Values } from './values.ts'

const BYTE_ORDER_MARK = Buffer.from('\ufeff')
const END = Buffer.from([LF])
const MAX_LINE = 16 * 1024 * 1024
// A longer line is not a row.
const MAX_ROW = 64 * 1024
const FORM = 'rows'

/** Decodes flow log text; throws DecodeError on JSON, HTML, XML, CSV and other text, and on a line of more than 16 MiB. */
export class FlowDecoder implements Decoder {
  #values = new Values(DEFAULT_COLUMNS)
  #header = ''
  /** Its start in the text. */
  #headerAt = -1
  /** The position of the current line in the text, minus its position in its bytes. */
  #offset = 0
  readonly #ends = new RecordEnds()
  #atStart = true
  /** Whether all of the text so far is blank. */
  #isBlank = true
  /** Whether a header or a fitting row has come. */
  #isFlow = false
  /** The lines before that, which are not handed out yet. */
  readonly #held = new HeldLines()
  /** The line that has not ended yet. */
  readonly #line = new ByteSpan(MAX_LINE + END.length)
  readonly #record: SourceRecord = {
    bytes: END,
    from: 0,
    to: 0,
    values: undefined,
    isPlain: false,
    escaped: undefined,
  }
  /** The results of scan(): the number of fields, and the kinds of bytes that are not ordinary. */
  #fields = 0
  #seen = 0
  /** The bytes that were scanned last, and their view. */
  #scanned: Buffer = END
  #view = viewOf(END)

  constructor() {
    this.#line.begin(0)
  }

  *push(chunk: Buffer): Generator<SourceRecord> {
    if (this.#isBlank) this.#begin(chunk)
    const feed = chunk.indexOf(LF)
    if (feed >= 0) {
      // The first line may have begun in an earlier chunk.
      const first = this.#line.take(chunk, feed + 1)
      if (first === undefined) throw lineTooLong(MAX_LINE)
      const isMarked = this.#atStart && first.indexOf(BYTE_ORDER_MARK) === 0
      const mark = isMarked ? BYTE_ORDER_MARK.length : 0
      this.#atStart = false
      this.#scan(first, mark)
      this.#offset = this.#ends.offsetOf(feed + 1 - first.length)
      if (this.#isRecord(first, mark, first.length)) {
        if (this.#held.isAny) yield* this.#held.release()
        this.#ends.note(feed + 1, FORM)
        yield this.#record
      }
      let from = feed + 1
      this.#offset = this.#ends.offsetOf(0)
      for (;;) {
        const to = this.#scan(chunk, from)
        if (to < 0) break
        if (this.#isRecord(chunk, from, to)) {
          if (this.#held.isAny) yield* this.#held.release()
          this.#ends.note(to, FORM)
          yield this.#record
        }
        from = to
      }
      this.#line.begin(from)
    }
    if (!this.#line.carry(chunk)) throw lineTooLong(MAX_LINE)
    this.#ends.pass(chunk)
  }

  *end(): Generator<SourceRecord> {
    yield* this.push(END)
    yield* this.#held.release(this.#isFlow)
  }

  position(): Position {
    return this.#ends.position(this.#headerAt)
  }

  positionBefore(): Position {
    return this.#ends.positionBefore(this.#headerAt)
  }

  resume(at: Position, header: Buffer): boolean {
    if (at.form !== FORM) return false
    const hasHeader = at.header >= 0 && at.header < at.bytes
    this.#offset = at.header
    if (hasHeader && !this.#isHeader(header, 0, header.length)) return false
    this.#atStart = false
    this.#isBlank = false
    this.#isFlow = true
    this.#ends.resume(at)
    return true
  }

  /** Throws if the text begins as no flow log does. */
  #begin(chunk: Buffer): void {
    const first = firstByte(chunk)
    this.#isBlank = first === undefined
    const form = markupForm(first)
    if (form !== undefined) throw foreignTextError(form, FLOW_LOG)
  }

  /** Notes the places of a line's fields; returns the position after its LF, -1 if there is none. */
  #scan(bytes: Buffer, from: number): number {
    if (bytes !== this.#scanned) {
      this.#scanned = bytes
      this.#view = viewOf(bytes)
    }
    const view = this.#view
    const { starts, ends } = this.#values
    const { length } = bytes
    let fields = 0
    let seen = 0
    let start = from
    // Known to be an integer, it is counted in a register.
    for (let i = from | 0; i < length; i++) {
      if (i + FOUR <= length && areOrdinary(view.getInt32(i))) {
        i += FOUR - 1
        continue
      }
      const c = bytes[i] as number
      let kind = KINDS[c] as number
      if (kind === ORDINARY) continue
      if (c === CR && bytes[i + 1] !== LF) kind = RAW_BYTE
      seen |= kind
      if (kind >= RAW_BYTE) continue
      if (i > start) {
        if (fields < starts.length) {
          starts[fields] = start
          ends[fields] = i
        }
        fields++
      }
      start = i + 1
      if (kind !== END_OF_LINE) continue
      this.#fields = fields
      this.#seen = seen
      return c === CR ? i + 2 : i + 1
    }
    return -1
  }

  /** Makes a record of the scanned line, given with its end; false if it is blank or a header. */
  #isRecord(bytes: Buffer, from: number, to: number): boolean {
    if (this.#fields === 0) return false
    const end = bytes[to - 2] === CR ? to - 2 : to - 1
    const isBroken = this.#saw(WIDE_BYTE) && !isUtf8(bytes.subarray(from, to))
    if (isBroken || this.#saw(CONTROL_BYTE))
      expectText(bytes.subarray(from, end))
    if (isBroken) {
      // Invalid UTF-8 becomes U+FFFD.
      const mended = Buffer.from(bytes.toString('utf8', from, to))
      this.#scan(mended, 0)
      return this.#isRecord(mended, 0, mended.length)
    }
    if (this.#isHeader(bytes, from, end)) return false
    const record = this.#record
    const values = this.#values
    record.bytes = bytes
    record.from = from
    record.to = end
    record.isPlain = !this.#saw(RAW_BYTE | TAB_BYTE)
    record.values = undefined
    if (
      this.#fields === values.names.length &&
      (this.#header !== '' ||
        isVersion(bytes, values.starts[0], values.ends[0])) &&
      end - from <= MAX_ROW
    ) {
      values.bytes = bytes
      const kind = this.#saw(RAW_BYTE) ? RAW : PLAIN
      if (values.kinds[0] !== kind) values.kinds.fill(kind)
      record.values = values
      this.#isFlow = true
    } else if (!this.#isFlow) {
      this.#held.hold(record)
      return false
    }
    return true
  }

  #saw(kinds: number): boolean {
    return (this.#seen & kinds) !== 0
  }

  /** Tells whether a line is a header, which any line may be, as files are concatenated. */
  #isHeader(bytes: Buffer, from: number, to: number): boolean {
    if (to - from > MAX_ROW || !beginsSmall(bytes, from)) return false
    const text = bytes.toString('utf8', from, to)
    const fields = fieldsOf(text)
    if (!isHeader(fields)) return false
    if (text !== this.#header) this.#values = new Values(columnNames(fields))
    this.#header = text
    this.#isFlow ||= isSureHeader(this.#values.names)
    this.#headerAt = this.#offset + from
    return true
  }
}
