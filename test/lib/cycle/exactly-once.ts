// The promise of the project as a check: what lay in a bucket and what runs
// printed in, each difference as a line of text out. Every record once; after
// a kill at least once, with few repeats. What a record is, zlib and JSON.parse
// say here, not our decoders.

import { gunzipSync } from 'node:zlib'
import type { StandInS3 } from '../s3/stand-in-s3.ts'

/** The source texts of the records of each object, in order, by key. */
export type Stock = Map<string, readonly string[]>

/** What one run printed; `cut` when something ended it that may cut a line. */
export interface Output {
  stdout: string
  cut?: boolean
}

export interface Allowance {
  /** How many bytes of lines may have come before; 0 unless a run was killed. */
  repeatBytes?: number
  maxRecordBytes?: number
}

interface Tally {
  stock: Stock
  /** How often each record came. */
  times: Map<string, Uint16Array>
  repeatBytes: number
  problems: string[]
  maxRecordBytes: number
}

const BUCKET = 's3://logs/'
const MOST_PROBLEMS = 20

/** Reads what lies in a bucket, all of it gzip or plain JSON with its events in Records; throws on what is not. */
export function stockOf({ objects }: StandInS3): Stock {
  const stock: Stock = new Map()
  for (const [key, { body }] of objects) {
    if (!Buffer.isBuffer(body)) throw new Error(`${key} is made when read`)
    const text = body[0] === 0x1f ? gunzipSync(body) : body
    const { Records } = JSON.parse(String(text)) as { Records: unknown[] }
    const texts = Records.map(event => JSON.stringify(event))
    stock.set(key, texts)
  }
  return stock
}

/** Compares a stock with what runs printed, in their order; no difference means that the promise was kept. */
export function differences(
  stock: Stock,
  outputs: readonly Output[],
  { repeatBytes = 0, maxRecordBytes = 1024 * 1024 }: Allowance = {},
): string[] {
  const tally: Tally = {
    stock,
    times: new Map(
      [...stock].map(([key, texts]) => [key, new Uint16Array(texts.length)]),
    ),
    repeatBytes: 0,
    problems: [],
    maxRecordBytes,
  }
  outputs.forEach((output, index) =>
    readOutput(output, `run ${index + 1}`, tally),
  )
  const { times, problems } = tally
  for (const [key, counts] of times) {
    const missing = ranges(counts, count => count === 0)
    if (missing) problems.push(`missing: ${key} ${missing} of ${counts.length}`)
  }
  if (tally.repeatBytes > repeatBytes) {
    problems.push(
      `${tally.repeatBytes} bytes of repeats, ${repeatBytes} are allowed`,
    )
    for (const [key, counts] of times) {
      const repeated = ranges(counts, count => count > 1)
      if (repeated) problems.push(`repeated: ${key} ${repeated}`)
    }
  }
  const more = problems.length - MOST_PROBLEMS
  if (more > 0) problems.splice(MOST_PROBLEMS, more, `and ${more} more`)
  return problems
}

function readOutput({ stdout, cut }: Output, run: string, tally: Tally): void {
  const { times, problems } = tally
  const lines = stdout.split('\n')
  const rest = lines.pop() ?? ''
  if (rest !== '' && !cut)
    problems.push(`${run}: the last line is cut: ${excerpt(rest)}`)
  const done = new Set<string>()
  let key = ''
  let number = 0
  lines.forEach((line, index) => {
    const where = `${run}, line ${index + 1}`
    const record = readLine(line, tally)
    if (typeof record === 'string') {
      problems.push(`${where}: ${record}: ${excerpt(line)}`)
      return
    }
    if (record.key !== key) {
      done.add(key)
      if (done.has(record.key))
        problems.push(`${where}: ${record.key} goes on after another object`)
    } else if (record.number !== number + 1)
      problems.push(`${where}: ${key} #${record.number} after #${number}`)
    key = record.key
    number = record.number
    const counts = times.get(key)
    if (counts === undefined) return
    const count = (counts[number - 1] ?? 0) + 1
    counts[number - 1] = count
    if (count > 1) tally.repeatBytes += Buffer.byteLength(line) + 1
  })
}

/** Reads a line as the record it is, or says what is wrong with it. */
function readLine(
  line: string,
  { stock, maxRecordBytes }: Tally,
): { key: string; number: number } | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'no JSON'
  }
  if (typeof value !== 'object' || value === null) return 'no object'
  const bytes = Buffer.byteLength(line) + 1
  if (bytes > maxRecordBytes) return `${bytes} bytes`
  const {
    s3_object: object,
    s3_record: number,
    original_message: message = '',
    truncated,
  } = value as { [name: string]: unknown }
  const key = String(object).replace(BUCKET, '')
  const text = stock.get(key)?.[Number(number) - 1]
  if (typeof number !== 'number' || text === undefined)
    return `${key} #${String(number)} is not in the bucket`
  const same =
    truncated === true
      ? text.startsWith(String(message)) && text !== message
      : text === message
  return same ? { key, number } : `original_message is not ${excerpt(text)}`
}

const excerpt = (text: string): string =>
  text.length > 200 ? `${text.slice(0, 120)} … ${text.slice(-60)}` : text

/** Writes the records whose counts a test picks as `#3-7, #9`. */
function ranges(
  counts: Uint16Array,
  isPicked: (count: number) => boolean,
): string {
  const found: string[] = []
  for (let at = 0; at < counts.length; at++) {
    if (!isPicked(counts[at] ?? 0)) continue
    const first = at + 1
    while (at + 1 < counts.length && isPicked(counts[at + 1] ?? 0)) at++
    found.push(at + 1 === first ? `#${first}` : `#${first}-${at + 1}`)
  }
  return found.join(', ')
}
