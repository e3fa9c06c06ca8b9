// The interface of every decoder: plain bytes in, one record after the other
// out. It is synchronous, so that a record costs nothing asynchronous, and
// lazy, so that decoding stops with its reader and all records before a fault
// are handed out before it is thrown.

import type { Values } from './values.ts'

/** One record of an object in valid UTF-8: the bytes from `from` to before `to`, and its wanted values, undefined if it could not be parsed. */
export interface SourceRecord {
  bytes: Buffer
  from: number
  to: number
  values: Values | undefined
  /** Whether it can stand unchanged between quotes in JSON. */
  isPlain: boolean
  /** The record as it stands between quotes in JSON, if the decoder made that in passing. */
  escaped: Buffer | undefined
}

/** A place in an object's plain bytes where decoding can continue: after a record, so many bytes from the start. */
export interface Position {
  bytes: number
  /** The structure around the record; '' if it is unknown, so that decoding must begin at the start. */
  form: string
  /** The start of the flow log header that is in force there, -1 without one. */
  header: number
}

/** The form of a position in Parquet: after so many rows. */
export const PARQUET_FORM = 'parquet'

/** Turns an object's plain bytes, chunk by chunk, into records and throws DecodeError; a record is overwritten by the next, each result must be read to its end before the next call, and end() must be called once after the last chunk. */
export interface Decoder {
  push(chunk: Buffer): Iterable<SourceRecord>
  end(): Iterable<SourceRecord>
  /** The position after the last record handed out. */
  position(): Position
  /** The position before the last record handed out. */
  positionBefore(): Position
  /** Makes the next chunk begin at a position, with the header line in force; false, and nothing changed, if they do not fit this decoder. */
  resume(at: Position, header: Buffer): boolean
}
