// Runs a decoder over chunks, up to the end or the error, and keeps of each
// record, which the next is written over, what it says at its turn.

import { DecodeError } from '../../src/decode/decode-error.ts'
import type { Decoder } from '../../src/decode/decoder.ts'
import type { Values } from '../../src/decode/values.ts'

export interface Decoded<T> {
  records: { text: string; value: T | undefined }[]
  texts: string[]
  /** The code of the DecodeError that ended it, or 'whole'. */
  end: string
}

/** Collects the records that come out, also those before an error; `valueOf` says what is kept of the values of one that was read. */
export function decodeChunks<T>(
  decoder: Decoder,
  chunks: Buffer[],
  valueOf: (values: Values, text: string) => T,
): Decoded<T> {
  const records: Decoded<T>['records'] = []
  function* all() {
    for (const chunk of chunks) yield* decoder.push(chunk)
    yield* decoder.end()
  }
  let end = 'whole'
  try {
    for (const { bytes, from, to, values, isPlain, escaped } of all()) {
      const text = bytes.toString('utf8', from, to)
      if (isPlain && `"${text}"` !== JSON.stringify(text))
        throw new Error(`plain: ${text}`)
      if (escaped && `"${escaped.toString()}"` !== JSON.stringify(text))
        throw new Error(`escaped as ${escaped.toString()}`)
      records.push({ text, value: values && valueOf(values, text) })
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    end = error.code
  }
  return { records, texts: records.map(record => record.text), end }
}
