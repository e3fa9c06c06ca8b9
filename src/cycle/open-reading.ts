// Opens an object's bytes for reading: text goes through the decoder of its log
// type chunk by chunk, Parquet row by row. Either gives its records some at a
// time, so that whoever prints them can wait, or stop, in between. Pieces are
// turned into records by a plain call: one more generator around those of the
// text keeps each inflated object alive for so long that V8 collects all.

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

/** An object's records behind those that are passed over. */
export interface Reading<Piece> {
  /** How many records the first one has before it, or the second reading if what was done is not trusted. */
  passed: number
  /** The object piece by piece; throws DecodeError and SpoolError. */
  pieces: AsyncIterable<Piece>
  /** Gives the records of a piece, which are to be taken before the next; throws DecodeError. */
  recordsOf(piece: Piece): Iterable<SourceRecord>
  /** Gives what the last piece left open, undefined where pieces are whole; throws DecodeError. */
  atEnd(): Iterable<SourceRecord> | undefined
  /** The position behind the record that was handed out last, and the one before it; what was done, until that is reached. */
  position(): Position
  positionBefore(): Position
  /** False once it shows that what was done is none of this object. */
  isTrusted(): boolean
  /** How many columns are left out, as they are nested. */
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

/** Reads text with a decoder, behind what was done if so many plain bytes of it are known. */
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

/** Reads Parquet, behind the rows that were done if they were rows. */
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
