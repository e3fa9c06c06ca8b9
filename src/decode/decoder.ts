// The shape every decoder has: plain bytes in, one record after the other out.
// It is synchronous, so that nothing asynchronous is paid per record, and lazy,
// so that decoding stops when the reader does and that all records before a
// fault are out before the fault is thrown.

import type { Values } from './values.ts'

/** Holds one record of an object as it stands in valid UTF-8: the bytes from `from` to before `to`, and the values that are wanted of it, undefined when it could not be parsed. */
export interface SourceRecord {
  bytes: Buffer
  from: number
  to: number
  values: Values | undefined
  /** Whether it can stand between quotes in JSON as it is. */
  isPlain: boolean
  /** The record as it stands between quotes in JSON, where that came off on the way. */
  escaped: Buffer | undefined
}

/** A place in an object's plain bytes from which it can be decoded on: behind a record, so many bytes from its start. */
export interface Position {
  bytes: number
  /** What the record stands in; '' where it is not known, so that decoding has to begin at the start. */
  form: string
  /** Where the header of a flow log that is in force there begins, -1 without one. */
  header: number
}

/** The form of a position in Parquet: behind so many rows. */
export const PARQUET_FORM = 'parquet'

/** Turns an object's plain bytes, chunk by chunk, into records and throws DecodeError; a record is overwritten by the next, each result must be read to its end before the next call, and end() be called once after the last chunk. */
export interface Decoder {
  push(chunk: Buffer): Iterable<SourceRecord>
  end(): Iterable<SourceRecord>
  /** The position behind the record that was handed out last. */
  position(): Position
  /** The position before the record that was handed out last. */
  positionBefore(): Position
  /** Has the next chunk be the one that begins at a position, with the line of the header in force; false, and nothing changed, where they are none of this decoder's. */
  resume(at: Position, header: Buffer): boolean
}
