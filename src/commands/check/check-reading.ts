// Reads the beginning of one object and decodes it as a cycle would: it checks the
// permission to read, and that the records are of LogType.

import { s3Url, type ListedObject } from '../../s3/object-store.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import { bodyPieces, withHead } from '../../decode/body-pieces.ts'
import { HEAD_BYTES, isParquet } from '../../decode/foreign-form.ts'
import { inflate } from '../../decode/inflate.ts'
import type { Values } from '../../decode/values.ts'
import { NO_STEPS } from '../../cursor/kept-objects.ts'
import { readParquet } from '../../cycle/open-reading.ts'
import { LineBytes } from '../../normalize/line-bytes.ts'
import { logTypes, type LogType } from '../../normalize/log-types.ts'
import { DATE_BYTES, DATE_NAME, HAS_DATE } from '../../normalize/members.ts'
import { counted, said } from '../../report/words.ts'
import type { AskedBucket } from './checked-bucket.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'
import { fail, ok, outcomeOf, warn, type Finding } from './check-finding.ts'
import { getPermission, type Where } from '../../s3/permissions.ts'

// The bytes read at most, of text inflated: nearly always the whole object, so
// that faults at its end are found too. Parquet has its metadata there.
const MAX_BYTES = 16 * 1024 * 1024
// The rows of Parquet decoded at most.
const MAX_RECORDS = 200
const SECONDS = 8
const DATE_TO = DATE_NAME.length + DATE_BYTES

/** Reads an object and reports the result. */
export async function* checkReading(
  object: ListedObject,
  logType: LogType,
  bucket: AskedBucket,
): AsyncGenerator<Finding> {
  const { settings } = bucket
  const name = s3Url(settings.BucketName, object.key)
  let head: Head
  try {
    head = await readHead(object, logType, bucket)
  } catch (error) {
    if (error instanceof SourceError)
      yield fail('get', refusal(error, settings), outcomeOf(error))
    else {
      yield readOne(settings)
      yield undecoded(
        `reading ${name}: ${(error as Error).message}; a cycle goes on with the others, tries this one again, and in the end quarantines it`,
      )
    }
    return
  }
  yield readOne(settings)
  yield* decoding(name, head, logType)
}

const readOne = (settings: Where): Finding =>
  ok('get', `${getPermission(settings)}: an object can be read`)

function refusal(error: SourceError, settings: Where): string {
  return error.kind !== 'access' || error.about === 'kmsKey'
    ? error.message
    : `${said(error)}; allow ${getPermission(settings)}`
}

/** The beginning of a text, or a whole Parquet file if it is not too large. */
interface Head {
  plain: Buffer
  isWhole: boolean
  isParquet: boolean
}

async function readHead(
  { key }: ListedObject,
  logType: LogType,
  { store, stop }: AskedBucket,
): Promise<Head> {
  const signal = timeLimit(SECONDS, stop)
  const { chunks } = await store.get({ key, etag: undefined, from: 0, signal })
  const parts: Buffer[] = []
  let length = 0
  const raw = withHead(bodyPieces(chunks), HEAD_BYTES)[Symbol.asyncIterator]()
  const first = await raw.next()
  async function* all(): AsyncGenerator<Buffer> {
    if (first.done !== true) yield first.value
    yield* { [Symbol.asyncIterator]: () => raw }
  }
  const inParquet =
    logType.inParquet && first.done !== true && isParquet(first.value)
  for await (const part of inParquet ? all() : inflate(all())) {
    parts.push(part)
    length += part.length
    if (length >= MAX_BYTES) break
  }
  const plain = Buffer.concat(parts)
  return { plain, isWhole: length < MAX_BYTES, isParquet: inParquet }
}

async function* decoding(
  name: string,
  head: Head,
  logType: LogType,
): AsyncGenerator<Finding> {
  if (head.isParquet && !head.isWhole) {
    yield warn(
      'decode',
      `${name} is Parquet of more than ${MAX_BYTES} bytes, which is read in a cycle, but not here`,
    )
    return
  }
  const { records, parsed, time, error } = head.isParquet
    ? await decodeParquet(head.plain, logType)
    : decode(head, logType)
  const what = `${counted(records, 'record')} of ${name}`
  if (time !== undefined && error === undefined)
    yield ok(
      'decode',
      `${counted(records, 'record')} of the newest object read as ${logType.name}, the first of ${time}`,
    )
  else if (records === 0 && error === undefined)
    yield warn('decode', `${name} holds no record`)
  else {
    const why =
      error === undefined
        ? parsed === 0
          ? `${what} cannot be parsed`
          : `${what} have no time (normal_msg_date)`
        : `${name}: ${error.message}`
    yield undecoded(`${why}; ${otherType(head, logType)}`)
  }
}

const undecoded = (message: string): Finding =>
  fail('decode', message, 'partial')

function otherType(head: Head, { name }: LogType): string {
  const types = head.isParquet ? [] : Object.values(logTypes)
  const other = types.find(
    type => type.name !== name && decode(head, type).time !== undefined,
  )
  return other === undefined
    ? `check that it is a ${name} log; Inclusions and Exclusions can leave others out`
    : `it is a ${other.name} log: set LogType=${other.name}, or FilePath to the folder of the ${name} logs`
}

interface Decoded {
  records: number
  parsed: number
  /** The first normal_msg_date. */
  time: string | undefined
  error: Error | undefined
}

const nothing = (): Decoded => ({
  records: 0,
  parsed: 0,
  time: undefined,
  error: undefined,
})

/** Decodes the beginning of an object; a cut-off end is not an error. */
function decode({ plain, isWhole }: Head, logType: LogType): Decoded {
  const decoded = nothing()
  const one = logType.decoder()
  try {
    for (const { values } of one.push(plain)) take(values, decoded, logType)
    if (isWhole)
      for (const { values } of one.end()) take(values, decoded, logType)
  } catch (error) {
    decoded.error = error as Error
  }
  return decoded
}

async function decodeParquet(
  bytes: Buffer,
  logType: LogType,
): Promise<Decoded> {
  const decoded = nothing()
  try {
    for await (const batch of readParquet(bytes, NO_STEPS).pieces)
      for (const { values } of batch) {
        take(values, decoded, logType)
        if (decoded.records === MAX_RECORDS) return decoded
      }
  } catch (error) {
    decoded.error = error as Error
  }
  return decoded
}

function take(
  values: Values | undefined,
  decoded: Decoded,
  { writeMembers }: LogType,
): void {
  decoded.records++
  if (values === undefined) return
  decoded.parsed++
  if (decoded.time !== undefined) return
  const line = new LineBytes(1024)
  if ((writeMembers(values, line) & HAS_DATE) === 0) return
  decoded.time = line.buffer.toString('latin1', DATE_NAME.length, DATE_TO)
}
