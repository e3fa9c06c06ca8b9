// Reads all rows of a Parquet file, as an object's bytes in memory or in a file,
// and what made them end.

import { open } from 'node:fs/promises'
import { NO_STEPS, type Steps } from '../../../src/cursor/kept-objects.ts'
import { readParquet } from '../../../src/cycle/open-reading.ts'
import { readPart } from '../../../src/fetch/read-part.ts'
import type { ReadableBytes } from '../../../src/files/stored-bytes.ts'

/** What came of a file. */
export interface ReadRows {
  lines: string[]
  error: unknown
  leftOut: number
  /** What was done after each row. */
  steps: Steps[]
}

/** Reads the rows behind those that are done. */
export async function readRows(
  body: ReadableBytes,
  done: Steps = NO_STEPS,
): Promise<ReadRows> {
  const reading = readParquet(body, done)
  const read: ReadRows = { lines: [], error: undefined, leftOut: 0, steps: [] }
  try {
    for await (const batch of reading.pieces)
      for (const { bytes, from, to } of batch) {
        read.lines.push(bytes.toString('utf8', from, to))
        const records = reading.passed + read.lines.length
        read.steps.push({ records, ...reading.position() })
      }
  } catch (error) {
    read.error = error
  }
  read.leftOut = reading.leftOut()
  return read
}

/** Puts bytes into a file, to be read as a body in the spool is. */
export async function stored(
  path: string,
  bytes: Buffer,
): Promise<ReadableBytes> {
  const file = await open(path, 'w')
  await file.writeFile(bytes)
  await file.close()
  const size = bytes.length
  return readPart({ id: '', path, etag: '"1"', size, length: size })
}
