// Builds the output line of a record: first normal_msg_date, then the record's
// other members, then its source, and last original_message. Members that are
// the same for all records of an object are encoded once. JSON escapes line
// feeds, so a record can never break its line.
import { hash } from 'node:crypto'
import { viewOf } from '../decode/byte-span.ts'
import type { SourceRecord } from '../decode/decoder.ts'
import type { LineBytes } from '../normalize/line-bytes.ts'
import { literal, WORD, type Literal } from '../normalize/literal.ts'
import type { LogType } from '../normalize/log-types.ts'
import {
  DATE_BYTES,
  DATE_NAME,
  HAS_DATE,
  HAS_ID,
} from '../normalize/members.ts'
import { fitLine } from './fit-line.ts'

/** The object whose records are written, and how they are written. */
export interface LineOptions {
  logType: LogType
  /** The object's URL, s3://bucket/key. */
  object: string
  /** False leaves original_message out, unless the record has no other member. */
  originalMessage: boolean
  /** The most bytes a line may take, its LF included. */
  maxRecordBytes: number
}

const OPEN = 0x7b
const CLOSE = 0x7d
const ORIGINAL = literal(',"original_message":"')
/** The same, after a text whose quote is still open. */
const ORIGINAL_AFTER_TEXT = literal('","original_message":"')
/** The number of hex digits of an object's SHA-256 in the serial numbers of its records. */
const OBJECT_DIGITS = 16
const CLOSE_TEXT = literal('"}')
const DATE_FROM = `{${DATE_NAME}`.length

function serialOf(object: string): Literal {
  const digits = hash('sha256', object, 'hex').slice(0, OBJECT_DIGITS)
  return literal(`,"serialnumber":"${digits}-`)
}

/** Builds the lines of one object's records. */
export class LineBuilder {
  /** How many lines were cut to fit. */
  truncated = 0
  readonly #options: LineOptions
  readonly #envelope: Literal
  /** Precedes the index in the serialnumber of a record without an id of its own; made for the first such record. */
  #serial: Literal | undefined
  readonly #newest = Buffer.allocUnsafe(DATE_BYTES).fill(0)
  readonly #newestView = viewOf(this.#newest)

  constructor(options: LineOptions) {
    const { logType, object } = options
    this.#options = options
    this.#envelope = literal(
      [
        '"beatname":"lr-s3-input"',
        `"device_type":${JSON.stringify(logType.deviceType)}`,
        '"msgsource":"API - AWS S3 Flat File"',
        `"s3_object":${JSON.stringify(object)}`,
        '"s3_record":',
      ].join(','),
    )
  }

  /** The latest normal_msg_date of the records so far, '' where none had one. */
  get newest(): string {
    return this.#newest[0] === 0 ? '' : this.#newest.toString('latin1')
  }

  /** Writes a record, the index-th of its object counted from 1, as one line of JSON without its LF at the end of `line`. */
  build(record: SourceRecord, index: number, line: LineBytes): void {
    const { logType, originalMessage, maxRecordBytes } = this.#options
    const { bytes, from, to, values, isPlain, escaped } = record
    const start = line.length
    line.maxValueBytes = maxRecordBytes
    line.omittedBytes = 0
    line.byte(OPEN)
    const written =
      values === undefined ? 0 : logType.writeMembers(values, line)
    if ((written & HAS_DATE) !== 0) this.#keepNewest(line, start + DATE_FROM)
    line.literal(this.#envelope)
    line.count(index)
    const isSerialOpen = (written & HAS_ID) === 0
    if (isSerialOpen) {
      line.literal((this.#serial ??= serialOf(this.#options.object)))
      line.count(index)
    }
    if (originalMessage || values === undefined) {
      line.literal(isSerialOpen ? ORIGINAL_AFTER_TEXT : ORIGINAL)
      if (escaped !== undefined) line.bytes(escaped)
      else if (isPlain) line.copy(bytes, from, to)
      else line.escape(bytes, from, to)
      line.literal(CLOSE_TEXT)
    } else if (isSerialOpen) line.literal(CLOSE_TEXT)
    else line.byte(CLOSE)
    if (line.length - start + line.omittedBytes >= maxRecordBytes)
      this.#fit(line, start)
  }

  // ASCII texts compare like the doubles of their words, big end first.
  #keepNewest({ buffer, view }: LineBytes, at: number): void {
    const newest = this.#newestView
    for (let i = 0; i < DATE_BYTES; i += WORD) {
      const word = view.getFloat64(at + i)
      const newestWord = newest.getFloat64(i)
      if (word < newestWord) return
      if (word === newestWord) continue
      buffer.copy(this.#newest, 0, at, at + DATE_BYTES)
      return
    }
  }

  #fit(line: LineBytes, start: number): void {
    const text = line.buffer.toString('utf8', start, line.length)
    line.length = start
    const fitted = fitLine(
      text,
      this.#options.maxRecordBytes,
      line.omittedBytes,
    )
    line.bytes(Buffer.from(fitted))
    this.truncated++
  }
}
