// Reads one log in the bucket, and gives the hash of its inflated bytes and the
// number of records that a cycle would make of it, which is the last s3_record.
// It reads a stream, so memory does not depend on its size. A signed log must
// be exactly one gzip member, since appended bytes would be collected too.

import { createHash } from 'node:crypto'
import { withHead } from '../../decode/body-pieces.ts'
import { DecodeError } from '../../decode/decode-error.ts'
import type { Decoder } from '../../decode/decoder.ts'
import { isParquet } from '../../decode/foreign-form.ts'
import { inflate } from '../../decode/inflate.ts'
import { oneMember } from '../../decode/one-member.ts'
import { ParquetRows } from '../../decode/parquet/parquet-rows.ts'
import { openBody } from '../../fetch/body.ts'
import type { RangeReader } from '../../files/stored-bytes.ts'
import type { Clock } from '../../clock.ts'
import type { LogType } from '../../normalize/log-types.ts'
import { messageOf } from '../../report/words.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import { s3Url, type ObjectStore } from '../../s3/object-store.ts'

/** The bucket of the logs, and the rules that separate their records. */
export interface LogSource {
  store: ObjectStore
  bucket: string
  clock: Clock
  signal: AbortSignal
  logType: LogType
}

/** The number of readable records in a log, and the reason why not all of them are readable, '' if they are. */
interface RecordCount {
  records: number
  notWhole: string
}

/** The content of a log. */
export interface LogContent extends RecordCount {
  /** The SHA-256 of its inflated bytes in lower-case hex; '' if it is not a single gzip member, or no hash is wanted. */
  sha256: string
  /** The reason why the bytes are not a single gzip member; '' if they are. */
  notOne: string
}

type Log = { key: string; size: number; etag: string }

const PARQUET_BYTES = 4

/** Reads a log that a digest names; throws SourceError if its bytes do not come. */
export async function readSignedLog(
  log: Log,
  source: LogSource,
): Promise<LogContent> {
  const body = await open(log, source)
  const counting = countRecords(source.logType.decoder())
  const hash = createHash('sha256')
  const content = { sha256: '', records: 0, notOne: '', notWhole: '' }
  // Bytes that were inflated on their way show no member.
  const isInflated = Number.isNaN(body.size)
  try {
    const plain = isInflated ? body.chunks : oneMember(body.chunks)
    for await (const chunk of plain) {
      source.signal.throwIfAborted()
      hash.update(chunk)
      counting.push(chunk)
    }
    content.sha256 = hash.digest('hex')
  } catch (error) {
    content.notOne = faultOf(error)
  }
  return { ...content, ...counting.end() }
}

/** Counts the records of a log that no digest names, in any form that a cycle reads; throws SourceError if its bytes do not come. */
export async function countLog(
  log: Log,
  source: LogSource,
): Promise<LogContent> {
  const body = await open(log, source)
  const pieces = withHead(body.chunks, PARQUET_BYTES)
  const first = await pieces.next()
  if (source.logType.inParquet && !first.done && isParquet(first.value)) {
    await pieces.return(undefined)
    return countRows(log, body.size, source)
  }
  const counting = countRecords(source.logType.decoder())
  let fault = ''
  try {
    if (!first.done)
      for await (const chunk of inflate(rejoined(first.value, pieces))) {
        source.signal.throwIfAborted()
        counting.push(chunk)
      }
  } catch (error) {
    fault = faultOf(error)
  }
  const { records, notWhole } = counting.end()
  return { sha256: '', notOne: '', records, notWhole: fault || notWhole }
}

const open = (log: Log, { store, bucket, clock, signal }: LogSource) =>
  openBody(
    {
      key: log.key,
      size: log.size,
      etag: undefined,
      lastEtag: log.etag,
      name: s3Url(bucket, log.key),
    },
    store,
    clock,
    signal,
  )

/** Counts the records in plain bytes; it stops counting at the first byte that is not of a log. */
function countRecords(decoder: Decoder): {
  push(chunk: Buffer): void
  end(): RecordCount
} {
  let records = 0
  let notWhole = ''
  const count = (some: () => Iterable<unknown>): void => {
    if (notWhole !== '') return
    try {
      for (const _ of some()) records++
    } catch (error) {
      notWhole = faultOf(error)
    }
  }
  return {
    push: chunk => count(() => decoder.push(chunk)),
    end: () => {
      count(() => decoder.end())
      return { records, notWhole }
    },
  }
}

// The table of contents at the end of the file is enough; nothing else is
// requested.
async function countRows(
  log: Log,
  size: number,
  source: LogSource,
): Promise<LogContent> {
  const content = { sha256: '', records: 0, notOne: '', notWhole: '' }
  try {
    const { rows } = await ParquetRows.open(rangesOf(log, size, source))
    return { ...content, records: rows }
  } catch (error) {
    if (error instanceof SourceError) throw error
    return { ...content, notWhole: messageOf(error) }
  }
}

const rangesOf = (
  { key }: Log,
  size: number,
  { store, signal }: LogSource,
): RangeReader => ({
  size,
  read: async (at, length) => {
    const bytes = Buffer.alloc(length)
    let end = 0
    const body = await store.get({ key, etag: undefined, from: at, signal })
    for await (const chunk of body.chunks) {
      end += chunk.copy(bytes, end)
      if (end === length) break
    }
    return bytes.subarray(0, end)
  },
  close: async () => {},
})

async function* rejoined(
  first: Buffer,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

function faultOf(error: unknown): string {
  if (error instanceof DecodeError) return error.message
  throw error
}
