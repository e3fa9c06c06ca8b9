// The text of a journal: each line is a CRC-32 in 8 hex digits, a space, JSON
// and LF. The first line is the header; every other line is an array of entries
// that were written, and synced, together. So after a crash only the last line
// can be bad, and a bad line before a good one is damage.

import { crc32 } from 'node:zlib'

/** The format, version and owner of a journal. */
export interface JournalHeader {
  format: string
  version: number
  bucket: string
  log_type: string
}

/** The version in which files are written. */
export const VERSION = 2

/** Makes the header of a file of a bucket and LogType. */
export function headerOf(
  { bucket, logType }: { bucket: string; logType: string },
  format: string,
): JournalHeader {
  return { format, version: VERSION, bucket, log_type: logType }
}

/** The result of checking a file's lines: the offset after the last good one, and the first bad one (counted from 1) that a good one follows. */
export interface Scan {
  end: number
  damaged?: { line: number; offset: number }
}

const lineFeed = 0x0a
const space = 0x20
const jsonStart = 9
const digits = 16
const groupLength = 65_536

/** Makes the header line; `compact` is the number of bytes after it that were written at once, and the line's length does not depend on it. */
export function headerLine(header: JournalHeader, compact: number): Buffer {
  const json = JSON.stringify({ ...header, compact })
  const padding = ' '.repeat(digits - String(compact).length)
  return encodeLine(`${json}${padding}`)
}

/** Makes one line of entries that belong together, without one string for the whole, since there may be very many. */
export function entriesLine(entries: Iterable<unknown>): Buffer {
  const pieces: Buffer[] = [Buffer.alloc(jsonStart)]
  let crc = 0
  const add = (json: string): void => {
    const piece = Buffer.from(json)
    crc = crc32(piece, crc)
    pieces.push(piece)
  }
  let before = '['
  for (const json of jsonGroups(entries)) {
    add(before + json)
    before = ','
  }
  add(before === '[' ? '[]' : ']')
  pieces.push(Buffer.of(lineFeed))
  const line = Buffer.concat(pieces)
  line.write(`${hex(crc)} `)
  return line
}

/** Makes lines of some 64 KiB from any number of entries, as they come. */
export function* entriesLines(entries: Iterable<unknown>): Generator<Buffer> {
  for (const json of jsonGroups(entries)) yield encodeLine(`[${json}]`)
}

function* jsonGroups(entries: Iterable<unknown>): Generator<string> {
  let parts: string[] = []
  let length = 0
  for (const entry of entries) {
    const json = JSON.stringify(entry)
    parts.push(json)
    length += json.length
    if (length > groupLength) {
      yield parts.join()
      parts = []
      length = 0
    }
  }
  if (parts.length > 0) yield parts.join()
}

/** Reads the JSON of a line from its start to its end (before its LF); undefined for a bad line. */
export function parseLine(
  content: Buffer,
  start: number,
  end: number,
): { value: unknown } | undefined {
  if (!isGood(content, start, end)) return undefined
  return { value: JSON.parse(content.toString('utf8', start + jsonStart, end)) }
}

/** Checks every line from an offset on. */
export function scanLines(content: Buffer, from: number): Scan {
  const scan: Scan = { end: from }
  let bad: Scan['damaged']
  let start = from
  for (let line = 1; ; line++) {
    const end = content.indexOf(lineFeed, start)
    if (end === -1) return scan
    if (isGood(content, start, end)) {
      if (bad) return { ...scan, damaged: bad }
      scan.end = end + 1
    } else {
      bad ??= { line, offset: start }
      if (endsWell(content, start, end)) return { ...scan, damaged: bad }
    }
    start = end + 1
  }
}

/** Reads the entries of good lines, one line at a time. */
export function* readEntries(
  content: Buffer,
  from: number,
  to: number,
): Generator<unknown> {
  for (let start = from; start < to;) {
    const end = content.indexOf(lineFeed, start)
    const json = content.toString('utf8', start + jsonStart, end)
    yield* JSON.parse(json) as unknown[]
    start = end + 1
  }
}

function encodeLine(json: string): Buffer {
  return Buffer.from(`${checksum(json)} ${json}\n`)
}

function checksum(data: string | Buffer): string {
  return hex(crc32(data))
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}

function isGood(content: Buffer, start: number, end: number): boolean {
  const json = start + jsonStart
  return (
    end > json &&
    content[json - 1] === space &&
    content.toString('latin1', start, json - 1) ===
      checksum(content.subarray(json, end))
  )
}

// A line whose LF was destroyed includes the next one, which is whole.
function endsWell(content: Buffer, start: number, end: number): boolean {
  const text = content.toString('latin1', start, end)
  for (const { index } of text.matchAll(/[0-9a-f]{8} \[/g))
    if (isGood(content, start + index, end)) return true
  return false
}
