// Parses the plain bytes of a digest file, checks each field, and gives its
// logs one by one. It builds no tree of objects: a digest that lies about its
// size costs no more memory than its bytes. The content is judged elsewhere.

import {
  CLOSE_BRACKET,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../../decode/json-bytes.ts'
import { JsonReader } from '../../decode/read-json.ts'
import { JSON_TEXT } from '../../decode/values.ts'
import { wantedRecord } from '../../decode/wanted.ts'
import { timeOf } from './digest-name.ts'

/** One log file in a digest; the hash is the SHA-256 of its plain bytes in hex. */
export interface DigestLog {
  bucket: string
  key: string
  hash: string
}

/** A digest's statement about the one before it; the signature is '' if it names none. */
export interface Predecessor extends DigestLog {
  signature: string
}

/** The content of a digest; times in ms, the end also in the text that was signed. */
export interface Digest {
  account: string
  start: number
  end: number
  endText: string
  bucket: string
  key: string
  /** The MD5 of the public key in hex. */
  fingerprint: string
  algorithm: string
  /** Undefined in the first of a chain. */
  previous: Predecessor | undefined
  /** The number of logs that it names. */
  logs: number
}

/** The error of a file that CloudTrail cannot have written as a digest; its message contains no key. */
export class DigestError extends Error {
  override readonly name = 'DigestError'
}

const FIELDS = [
  'awsAccountId',
  'digestStartTime',
  'digestEndTime',
  'digestS3Bucket',
  'digestS3Object',
  'digestPublicKeyFingerprint',
  'digestSignatureAlgorithm',
  'previousDigestS3Bucket',
  'previousDigestS3Object',
  'previousDigestHashValue',
  'previousDigestHashAlgorithm',
  'previousDigestSignature',
  'logFiles',
] as const
const LOG_FIELDS = [
  's3Bucket',
  's3Object',
  'hashValue',
  'hashAlgorithm',
] as const

// Keys have 1,024 bytes at most, and a signature of 8,192 bits 2,048 digits.
const MAX_TEXT = 4096
const HASH = /^[\da-f]{64}$/
const HASHED = 'SHA-256'

/** Reads a digest and checks all its logs; throws DigestError. */
export function readDigest(plain: Buffer): Digest {
  const fields = readFields(plain, skipSpace(plain, 0), FIELDS)
  if (fields === undefined || skipSpace(plain, fields.end) < plain.length)
    throw new DigestError('it is no JSON object')
  const { text, time } = fields
  let logs = 0
  for (const log of logsIn(plain, fields.from('logFiles'))) if (log) logs++
  return {
    account: text('awsAccountId'),
    start: time('digestStartTime'),
    end: time('digestEndTime'),
    endText: text('digestEndTime'),
    bucket: text('digestS3Bucket'),
    key: text('digestS3Object'),
    fingerprint: text('digestPublicKeyFingerprint').toLowerCase(),
    algorithm: text('digestSignatureAlgorithm'),
    previous: predecessor(fields),
    logs,
  }
}

/** Yields the logs that a digest names, in its order; throws DigestError if it is not a digest. */
export function* digestLogs(plain: Buffer): Generator<DigestLog> {
  const fields = readFields(plain, skipSpace(plain, 0), FIELDS)
  if (fields === undefined) throw new DigestError('it is no JSON object')
  yield* logsIn(plain, fields.from('logFiles'))
}

function predecessor(fields: Fields<typeof FIELDS>): Predecessor | undefined {
  const { has, text } = fields
  const names = FIELDS.filter(name => name.startsWith('previous'))
  if (!names.some(has)) return undefined
  return {
    bucket: text('previousDigestS3Bucket'),
    key: text('previousDigestS3Object'),
    hash: hashOf(
      text('previousDigestHashValue'),
      text('previousDigestHashAlgorithm'),
    ),
    signature: has('previousDigestSignature')
      ? text('previousDigestSignature').toLowerCase()
      : '',
  }
}

function* logsIn(plain: Buffer, from: number): Generator<DigestLog> {
  if (from < 0 || plain[from] !== OPEN_BRACKET)
    throw new DigestError('logFiles is no list')
  let at = skipSpace(plain, from + 1)
  if (plain[at] === CLOSE_BRACKET) return
  for (;;) {
    const log = readFields(plain, at, LOG_FIELDS)
    if (log === undefined)
      throw new DigestError('logFiles holds an entry that is no object')
    const { text } = log
    yield {
      bucket: text('s3Bucket'),
      key: text('s3Object'),
      hash: hashOf(text('hashValue'), text('hashAlgorithm')),
    }
    at = skipSpace(plain, log.end)
    if (plain[at] !== COMMA) return
    at = skipSpace(plain, at + 1)
  }
}

/** The parsed fields of an object, valid until the next one with the same fields is read. */
interface Fields<Names extends readonly string[]> {
  /** The position after the object. */
  end: number
  has: (name: Names[number]) => boolean
  /** The position of a field's value, -1 if it is missing or a plain text. */
  from: (name: Names[number]) => number
  text: (name: Names[number]) => string
  time: (name: Names[number]) => number
}

// Compiled once for each list of names.
const READERS = new Map<readonly string[], JsonReader>()

function readFields<const Names extends readonly string[]>(
  plain: Buffer,
  at: number,
  names: Names,
): Fields<Names> | undefined {
  const reader = READERS.get(names) ?? new JsonReader(wantedRecord(names))
  READERS.set(names, reader)
  const end = plain[at] === OPEN_BRACE ? reader.read(plain, at) : -1
  if (end < 0) return undefined
  const { values } = reader
  const { kinds, starts, ends } = values
  const slotOf = (name: string): number => values.names.indexOf(name)
  const text = (name: string): string => {
    const slot = slotOf(name)
    const [from = 0, to = 0] = [starts[slot], ends[slot]]
    const value =
      kinds[slot] === 0 || to - from > MAX_TEXT
        ? undefined
        : kinds[slot] === JSON_TEXT
          ? (JSON.parse(plain.toString('utf8', from, to)) as unknown)
          : plain[from - 1] === QUOTE
            ? plain.toString('utf8', from, to)
            : undefined
    if (typeof value !== 'string' || value === '')
      throw new DigestError(
        `${name} is ${kinds[slot] === 0 ? 'missing' : 'no text, or too long'}`,
      )
    return value
  }
  return {
    end,
    text,
    has: name => kinds[slotOf(name)] !== 0,
    from: name =>
      kinds[slotOf(name)] === JSON_TEXT ? (starts[slotOf(name)] ?? -1) : -1,
    time: name => {
      const time = timeOf(text(name))
      if (time === undefined) throw new DigestError(`${name} is no UTC time`)
      return time
    },
  }
}

function hashOf(value: string, algorithm: string): string {
  const hash = value.toLowerCase()
  if (!HASH.test(hash) || algorithm !== HASHED)
    throw new DigestError(`a hash is not a ${HASHED} in hex`)
  return hash
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isSpace(bytes[at] as number)) at++
  return at
}
