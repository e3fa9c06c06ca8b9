// Reads the lines that a host has stored: NDJSON in files, gzip or not, or on
// stdin. The format's library parses them one at a time, so that a broken line
// can be reported by its number. Other lines are only counted: heartbeats, and
// those of other sources that a host files in the same place.

import { constants, createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { DecodeError } from '../../decode/decode-error.ts'
import { errorCode, errorReason } from '../../files/error-code.ts'
import { openNamed } from '../../files/named-file.ts'
import { UsageError } from '../../settings/settings-error.ts'
import { linesOf, plainBytes } from './stored-lines.ts'
import type { StoredRecords } from './stored-records.ts'

/** Stands for stdin among the files. */
export const STDIN = '-'

/** The numbers of lines read, and the broken ones. */
export interface StoredLines {
  records: number
  /** The number of lines of other sources, including heartbeats. */
  others: number
  /** The number of broken lines and unreadable ends of files, and the first of them. */
  broken: number
  named: BrokenLine[]
}

/** A line that is not JSON, or a file whose rest cannot be read; lines are counted from 1. */
export interface BrokenLine {
  file: string
  line: number
  reason: string
}

const MAX_NAMED = 100
const NO_JSON = 'it is no JSON'

/** Reads files, `-` from `stdin`, and records the records of the objects whose names begin with `start`, until the signal ends it; throws UsageError if a file cannot be read. */
export async function readStored(
  files: readonly string[],
  stdin: Readable,
  start: string,
  stored: StoredRecords,
  signal: AbortSignal,
): Promise<StoredLines> {
  const lines: StoredLines = { records: 0, others: 0, broken: 0, named: [] }
  const onRow = (row: unknown): void => {
    if (isOwn(row, start) && stored.add(row.s3_object, Number(row.s3_record)))
      lines.records++
    else lines.others++
  }
  for (const file of files) {
    const onBroken = (line: number, reason: string): void => {
      lines.broken++
      if (lines.named.length < MAX_NAMED)
        lines.named.push({ file, line, reason })
    }
    const parser = await openParser(onRow, onBroken)
    let line = 1
    try {
      const bytes = file === STDIN ? stdin : streamOf(file)
      // Its writer may keep it waiting for ever.
      addAbortSignal(signal, bytes)
      for await (const whole of linesOf(plainBytes(bytes))) {
        if (typeof whole !== 'string') await parser.write(whole, line)
        else if (whole === 'foreign') lines.others++
        else if (whole === 'too-long')
          onBroken(line, 'it is too long to be a record')
        else if (whole === 'torn') onBroken(line, NO_JSON)
        line++
      }
    } catch (error) {
      if (signal.aborted) return lines
      if (error instanceof DecodeError)
        onBroken(line, `${error.message}; the rest of the file is not read`)
      else if (errorCode(error) !== undefined) throw unreadable(file, error)
      else throw error
    }
  }
  return lines
}

const streamOf = (file: string): Readable =>
  createReadStream(file, { fd: openNamed(file, constants.O_RDONLY) })

interface OwnRow {
  s3_object: string
  s3_record: number | string
}

function isOwn(row: unknown, start: string): row is OwnRow {
  const { s3_object, s3_record } = Object(row) as Record<string, unknown>
  return (
    typeof s3_object === 'string' &&
    s3_object.startsWith(start) &&
    (typeof s3_record === 'number' ||
      (typeof s3_record === 'string' && /^\d+$/.test(s3_record)))
  )
}

const unreadable = (file: string, error: unknown): UsageError =>
  new UsageError(
    `--records ${file}: ${errorReason(error)}; name files that can be read, or - for stdin`,
  )

// Imports the parser on demand, since most runs do not need it. Each line that
// is written to it gives one row or one error, in order.
async function openParser(
  onRow: (row: unknown) => void,
  onBroken: (line: number, reason: string) => void,
): Promise<{ write(bytes: Buffer, line: number): Promise<void> }> {
  const { default: ndjson } = await import('ndjson')
  const parser = ndjson.parse({ strict: true })
  const numbers: number[] = []
  parser.on('data', (row: unknown) => {
    numbers.shift()
    onRow(row)
  })
  parser.on('error', () => onBroken(numbers.shift() ?? 0, NO_JSON))
  return {
    write: async (bytes, line) => {
      numbers.push(line)
      if (!(parser.write as (chunk: Buffer) => boolean)(bytes))
        await new Promise(resolve => parser.once('drain', resolve))
    },
  }
}
