// Builds the output line of a record: its own members, normal_msg_date first,
// then what tells where it is from, and last original_message. What is the same
// for all records of an object is written once. JSON escapes line feeds, so
// whatever a record holds, a line is one line.
import type { SourceRecord } from '../decode/decoder.ts'
import { fitLine } from './fit-line.ts'
import { quote } from '../normalize/json-text.ts'
import type { LogType } from '../normalize/log-types.ts'
import type { Normalized } from '../normalize/mapping.ts'

/** Says which object's records are written, and how. */
export interface LineOptions {
  logType: LogType
  bucket: string
  key: string
  /** False leaves original_message out, except where it is all there is. */
  originalMessage: boolean
  /** The most bytes a line may take, its LF included. */
  maxRecordBytes: number
}

/** Builds the lines of one object's records. */
export class LineBuilder {
  /** normal_msg_date of the record built last, where it has one. */
  time: string | undefined
  /** How many lines were cut to fit. */
  truncated = 0
  readonly #options: LineOptions
  readonly #envelope: string

  constructor(options: LineOptions) {
    const { logType, bucket, key } = options
    this.#options = options
    this.#envelope = [
      '"beatname":"lr-s3-input"',
      `"device_type":${JSON.stringify(logType.deviceType)}`,
      '"msgsource":"API - AWS S3 Flat File"',
      `"s3_object":${JSON.stringify(`s3://${bucket}/${key}`)}`,
      '"s3_record":',
    ].join(',')
  }

  /** Writes a record, the index-th of its object counted from 1, as one line of JSON without its LF. */
  build({ text, value }: SourceRecord<unknown>, index: number): string {
    const { logType, originalMessage, maxRecordBytes } = this.#options
    const { time, members } =
      value === undefined ? nothing : logType.normalize(value, text)
    this.time = time
    let line = members === '' ? '{' : `{${members},`
    line += this.#envelope + index
    if (originalMessage || value === undefined)
      line += `,"original_message":${quote(text)}`
    line += '}'
    // No UTF-16 unit takes more than three bytes.
    if (line.length * 3 < maxRecordBytes) return line
    const fitted = fitLine(line, maxRecordBytes)
    if (fitted !== line) this.truncated++
    return fitted
  }
}

const nothing: Normalized = { time: undefined, members: '' }
