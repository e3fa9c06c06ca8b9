// The shape every decoder has: plain bytes in, one record after the other out.
// It is synchronous, so that nothing asynchronous is paid per record, and lazy,
// so that decoding stops when the reader does and that all records before a
// fault are out before the fault is thrown.

/** Holds one record of an object: its exact source text and its parsed value, which is undefined when the text could not be parsed. */
export interface SourceRecord<T> {
  text: string
  value: T | undefined
}

/** Turns an object's plain bytes, chunk by chunk, into records and throws DecodeError; each result must be read to its end before the next call, and end() be called once after the last chunk. */
export interface Decoder<T> {
  push(chunk: Buffer): Iterable<SourceRecord<T>>
  end(): Iterable<SourceRecord<T>>
}

/** Describes a parsed JSON object of which nothing is known. */
export type JsonObject = { [name: string]: unknown }
