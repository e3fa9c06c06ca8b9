// Turns a Parquet file of flow logs into records, row by row: each as the line
// that a text flow log would have for it, so that the mapping and the readers
// of original_message need not know its source. Each batch has as many rows as
// every column has ready.

import { setImmediate } from 'node:timers/promises'
import type { RangeReader } from '../../files/stored-bytes.ts'
import { DecodeError, tooLarge } from '../decode-error.ts'
import { PARQUET_FORM, type Position, type SourceRecord } from '../decoder.ts'
import { columnNames, isSureHeader } from '../flow-columns.ts'
import { PLAIN, RAW, Values } from '../values.ts'
import { viewOf } from '../byte-span.ts'
import { BACKSLASH, QUOTE } from '../json-bytes.ts'
import { Budget } from './budget.ts'
import { SLACK } from './cells.ts'
import { ColumnCursor } from './column-cursor.ts'
import { chunksOf, readFooter, type Footer } from './footer.ts'
import { named, tooMuch } from './parquet-error.ts'

const SPACE = 0x20
const DASH = 0x2d
const WORD = 8
const MAX_LINE = 16 * 1024 * 1024
// A longer line of text is not a row either.
const MAX_ROW = 64 * 1024
const MIB = 1024 * 1024
const WHOLE_BYTES = MIB
/** The limit of all pages inflated whole, if pages can be streams. */
const ALL_WHOLE_BYTES = 24 * MIB
// As for inflated text: beyond the first limit, so much for each byte of the
// file.
const MAX_TEXT = 1024 * MIB
const MAX_RATIO = 200
const MAX_NAMED = 10

/** Reads the rows of an open file. */
export class ParquetRows {
  /** The number of its fields that are nested or repeated, and so left out. */
  readonly nested: number
  readonly rows: number
  readonly #file: RangeReader
  readonly #footer: Footer
  readonly #cursors: readonly ColumnCursor[]
  readonly #values: Values
  readonly #record: SourceRecord
  #line = Buffer.allocUnsafeSlow(4096)
  #view = viewOf(this.#line)
  /** The size that the rows so far would have as text, and that of the rows before the last. */
  #bytes = 0
  #bytesBefore = 0

  private constructor(file: RangeReader, footer: Footer) {
    const { columns, nested, rows } = footer
    const names = columnNames(columns.map(({ name }) => name))
    if (!isSureHeader(names) || names.length === 0) throw noFlowLog(names)
    this.#file = file
    this.#footer = footer
    this.nested = nested
    this.rows = rows
    this.#values = new Values(names)
    this.#record = {
      bytes: this.#line,
      from: 0,
      to: 0,
      values: undefined,
      isPlain: true,
      escaped: undefined,
    }
    const budget = new Budget()
    budget.take(footer.bytes.length, 'its footer')
    const wholeBytes = Math.min(WHOLE_BYTES, ALL_WHOLE_BYTES / columns.length)
    this.#cursors = columns.map(
      column => new ColumnCursor({ file, column, budget, wholeBytes }),
    )
  }

  /** Opens a file; throws DecodeError if it is not Parquet of flow logs. */
  static async open(file: RangeReader): Promise<ParquetRows> {
    return new ParquetRows(file, await readFooter(file))
  }

  /** Yields the records after the first `skip`, which have the given size as text, in batches, or an empty batch if time has passed without any; throws DecodeError. */
  async *batches(
    skip: number,
    bytes: number,
  ): AsyncGenerator<Iterable<SourceRecord>> {
    this.#bytes = this.#bytesBefore = bytes
    const cursors = this.#cursors
    let passed = skip
    try {
      for (const group of this.#footer.groups) {
        const { rows } = group
        const done = Math.min(passed, rows)
        passed -= done
        if (done === rows) continue
        const chunks = chunksOf(this.#footer, group)
        for (const [i, cursor] of cursors.entries())
          await cursor.open(chunks[i] as (typeof chunks)[number], rows, done)
        for (let left = rows - done; left > 0;) {
          let step = left
          for (const cursor of cursors) {
            while (cursor.left === 0 && !(await cursor.fill())) {
              // Skipping earlier rows is long work: others may need the
              // processor.
              await setImmediate()
              yield []
            }
            step = Math.min(step, cursor.left)
          }
          yield this.#records(step)
          for (const cursor of cursors) {
            cursor.at += step
            cursor.left -= step
          }
          left -= step
          this.#checkSize()
        }
        for (const cursor of cursors) await cursor.finish()
      }
    } finally {
      for (const cursor of cursors) await cursor.close()
    }
  }

  /** The position after the last record handed out. */
  position(): Position {
    return { bytes: this.#bytes, form: PARQUET_FORM, header: -1 }
  }

  /** The position before the last record handed out. */
  positionBefore(): Position {
    return { bytes: this.#bytesBefore, form: PARQUET_FORM, header: -1 }
  }

  *#records(count: number): Generator<SourceRecord> {
    const values = this.#values
    const record = this.#record
    const mayBeRaw = this.#cursors.some(({ isRaw }) => isRaw)
    for (let row = 0; row < count; row++) {
      const end = this.#write(row)
      const isRaw = mayBeRaw && hasRaw(this.#line, end)
      record.bytes = values.bytes = this.#line
      record.to = end
      record.isPlain = !isRaw
      const kind = isRaw ? RAW : PLAIN
      if (values.kinds[0] !== kind) values.kinds.fill(kind)
      record.values = end > MAX_ROW ? undefined : values
      this.#bytesBefore = this.#bytes
      this.#bytes += end + 1
      yield record
    }
  }

  /** Writes a ready row as a line, and notes the places of its values; returns its length. */
  #write(row: number): number {
    const cursors = this.#cursors
    const { starts, ends } = this.#values
    let line = this.#line
    let target = this.#view
    let at = 0
    for (let c = 0; c < cursors.length; c++) {
      const cursor = cursors[c] as ColumnCursor
      const i = cursor.at + row
      const from = cursor.from[i] as number
      const to = cursor.to[i] as number
      if (at + to - from + SLACK + 2 > line.length) {
        this.#grow(at, to - from)
        line = this.#line
        target = this.#view
      }
      if (c > 0) line[at++] = SPACE
      starts[c] = at
      if (from === to) line[at++] = DASH
      else {
        const { view } = cursor
        const end = at + to - from
        for (let next = from; at < end; next += WORD, at += WORD)
          target.setFloat64(at, view.getFloat64(next, true), true)
        at = end
      }
      ends[c] = at
    }
    return at
  }

  #grow(used: number, more: number): void {
    const needed = used + more + SLACK + 2
    if (needed > MAX_LINE) throw tooLarge(MAX_LINE)
    const larger = Buffer.allocUnsafeSlow(2 * needed)
    this.#line.copy(larger, 0, 0, used)
    this.#line = larger
    this.#view = viewOf(larger)
  }

  #checkSize(): void {
    const { size } = this.#file
    if (this.#bytes > MAX_TEXT && this.#bytes > MAX_RATIO * size)
      throw tooMuch(
        `gives more text than ${MAX_TEXT} bytes and ${MAX_RATIO} times its size`,
      )
  }
}

function hasRaw(bytes: Buffer, end: number): boolean {
  for (let i = 0; i < end; i++) {
    const c = bytes[i] as number
    if (c < SPACE || c === QUOTE || c === BACKSLASH) return true
  }
  return false
}

const noFlowLog = (names: readonly string[]): DecodeError =>
  new DecodeError(
    'not-a-log',
    `This is Parquet of another kind than flow logs, with the columns ${names.slice(0, MAX_NAMED).map(named).join(', ')}: check LogType and FilePath`,
  )
