// Opens an object's bytes for reading: text passes through the decoder of its
// log type chunk by chunk, Parquet row by row. Both give their records in
// pieces, so that the printer can wait or stop in between. A plain call turns a
// piece into records: one more generator around those of the text would keep
// each inflated object alive until V8 collects all garbage.

import type { Steps } from '../cursor/kept-objects.ts'
import { DecodeError } from '../decode/decode-error.ts'
import {
  PARQUET_FORM,
  type Decoder,
  type Position,
  type SourceRecord,
} from '../decode/decoder.ts'
import { isParquet } from '../decode/foreign-form.ts'
import { inflate } from '../decode/inflate.ts'
import { ParquetRows } from '../decode/parquet/parquet-rows.ts'
import { PassOver } from '../decode/pass-over.ts'
import { SpoolError } from '../fetch/spool-error.ts'
import { openRanges, type ReadableBytes } from '../files/stored-bytes.ts'

/** The records of an object after those that are passed over. */
export interface Reading<Piece> {
  /** The number of passed records: before the first one here or, if the finished part is not trusted, in the second reading. */
  passed: number
  /** The object piece by piece; throws DecodeError and SpoolError. */
  pieces: AsyncIterable<Piece>
  /** Gives the records of a piece, which must be taken before the next; throws DecodeError. */
  recordsOf(piece: Piece): Iterable<SourceRecord>
  /** Gives the records left open by the last piece, undefined if pieces are whole; throws DecodeError. */
  atEnd(): Iterable<SourceRecord> | undefined
  /** The position after the last record handed out, and the one before it; before these, the end of the finished part. */
  position(): Position
  positionBefore(): Position
  /** False once the finished part proves not to be of this object. */
  isTrusted(): boolean
  /** The number of columns left out because they are nested. */
  leftOut(): number
}

const HEAD_BYTES = 4

/** Tells whether bytes begin as Parquet does; throws SpoolError. */
export async function beginAsParquet(body: ReadableBytes): Promise<boolean> {
  if (Buffer.isBuffer(body)) return isParquet(body)
  const file = await openRanges(body)
  if (file === undefined) return false
  try {
    const length = Math.min(HEAD_BYTES, file.size)
    return isParquet(await file.read(0, length))
  } finally {
    await file.close()
  }
}

/** Reads text with a decoder, after the finished part if its number of plain bytes is known. */
export function readText(
  body: ReadableBytes,
  done: Steps,
  decoder: Decoder,
): Reading<Buffer> {
  const passOver = done.bytes > 0 ? new PassOver(done, decoder) : undefined
  const isPassing = (): boolean => passOver?.isOver === false
  const rest = (chunk: Buffer): Buffer =>
    passOver?.isOver === false ? passOver.rest(chunk) : chunk
  return {
    passed: passOver ? done.records : 0,
    pieces: inflate(body),
    recordsOf: chunk => decoder.push(rest(chunk)),
    atEnd: () => {
      passOver?.end()
      return decoder.end()
    },
    position: () => (isPassing() ? done : decoder.position()),
    positionBefore: () => (isPassing() ? done : decoder.positionBefore()),
    isTrusted: () => passOver?.isTrusted ?? true,
    leftOut: () => 0,
  }
}

/** Reads Parquet, after the finished rows if the finished part was Parquet. */
export function readParquet(
  body: ReadableBytes,
  done: Steps,
): Reading<Iterable<SourceRecord>> {
  const isKnown = done.form === PARQUET_FORM
  const passed = isKnown ? done.records : 0
  let rows: ParquetRows | undefined
  async function* batches(): AsyncGenerator<Iterable<SourceRecord>> {
    const file = await openRanges(body)
    if (file === undefined) throw new TypeError('it cannot be read in ranges')
    try {
      rows = await ParquetRows.open(file)
      yield* rows.batches(passed, isKnown ? done.bytes : 0)
    } catch (error) {
      if (error instanceof DecodeError || error instanceof SpoolError)
        throw error
      const { message } = error as Error
      const reason = `The Parquet file is damaged: ${message}`
      throw new DecodeError('parquet', reason, { cause: error })
    } finally {
      await file.close()
    }
  }
  return {
    passed,
    pieces: batches(),
    recordsOf: batch => batch,
    atEnd: () => undefined,
    position: () => rows?.position() ?? done,
    positionBefore: () => rows?.positionBefore() ?? done,
    isTrusted: () => true,
    leftOut: () => rows?.nested ?? 0,
  }
}
