// Runs a decoder over chunks, up to the end or the error.

import { DecodeError } from '../../src/decode/decode-error.ts'
import type { Decoder, SourceRecord } from '../../src/decode/decoder.ts'

export interface Decoded<T> {
  records: SourceRecord<T>[]
  texts: string[]
  /** The code of the DecodeError that ended it, or 'whole'. */
  end: string
}

/** Collects the records that come out, also those before an error. */
export function decodeChunks<T>(
  decoder: Decoder<T>,
  chunks: Buffer[],
): Decoded<T> {
  const records: SourceRecord<T>[] = []
  let end = 'whole'
  try {
    for (const chunk of chunks)
      for (const record of decoder.push(chunk)) records.push(record)
    for (const record of decoder.end()) records.push(record)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    end = error.code
  }
  return { records, texts: records.map(record => record.text), end }
}
