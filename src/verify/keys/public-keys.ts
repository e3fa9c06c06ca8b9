// Gets CloudTrail's public keys, from a file in the form of `aws cloudtrail
// list-public-keys` or from CloudTrail itself. A key is identified by its
// bytes: one whose fingerprint is not their MD5 is refused. Without keys no
// signature is checked, and a finding says so.

import { createHash, createPublicKey } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { DAY_MS } from '../../find/day-folders.ts'
import { readNamed } from '../../files/named-file.ts'
import { messageOf } from '../../report/words.ts'
import { UsageError } from '../../settings/settings-error.ts'
import type { ListPublicKeys } from './cloudtrail-api.ts'
import type { Span } from '../digests/digest-hours.ts'
import { timeOf } from '../digests/digest-name.ts'
import { warning, type Finding } from '../digests/digest-finding.ts'
import {
  signatureCheck,
  type KeySource,
  type KnownKeys,
  type PublicKey,
} from '../digests/signature.ts'

type Keys = Map<string, PublicKey[]>

const MONTH_MS = 30 * DAY_MS
const MAX_FILE = 16 * 1024 * 1024
const MAX_VALUE = 8192
const FINGERPRINT = /^[\da-f]{32}$/i

/** Reads the keys of a file, which count for all regions; throws UsageError for an unusable file. */
export async function keysOfFile(path: string): Promise<KeySource> {
  const keys: Keys = new Map()
  const findings: Finding[] = []
  let list: unknown
  try {
    if ((await stat(path)).size > MAX_FILE) throw new Error('it is too large')
    const text = readNamed(path)
      .toString()
      .replace(/^\uFEFF/, '')
    list = (JSON.parse(text) as { PublicKeyList?: unknown } | null)
      ?.PublicKeyList
  } catch (error) {
    // The messages of JSON.parse quote the file.
    const why =
      error instanceof SyntaxError ? 'it is no JSON' : messageOf(error)
    throw badFile(path, why)
  }
  if (!Array.isArray(list)) throw badFile(path, 'it holds no PublicKeyList')
  for (const [i, entry] of list.entries()) {
    const read = readKey(entry)
    if (typeof read === 'string')
      throw badFile(path, `its key ${i + 1} ${read}`)
    addKey(keys, read, path, findings)
  }
  if (keys.size === 0) throw badFile(path, 'it holds no key that can be used')
  const known = { check: signatureCheck(keys), isChecked: true, findings }
  let isTold = false
  return async () => {
    const told = { ...known, findings: isTold ? [] : findings }
    isTold = true
    return told
  }
}

const badFile = (path: string, why: string): UsageError =>
  new UsageError(
    `The file of --keys, ${path}, cannot be used: ${why}; write it with: aws cloudtrail list-public-keys --region REGION --start-time FROM --end-time TO > FILE`,
  )

/** Makes the source that asks CloudTrail once for each region and time, and reports each finding once. The answer of one region, or its silence, does not affect another, since any user may create a folder named like a region. */
export function keysOfCloudTrail(list: ListPublicKeys): KeySource {
  const asked = new Map<string, Asked[]>()
  const ask = async (region: string, span: Span): Promise<KnownKeys> => {
    const keys: Keys = new Map()
    const findings: Finding[] = []
    try {
      for (const entry of await list(region, span)) {
        const read = readKey(entry)
        if (typeof read === 'string')
          findings.push(refused(`CloudTrail in ${region}`, `a key ${read}`))
        else addKey(keys, read, `CloudTrail in ${region}`, findings)
      }
      return { check: signatureCheck(keys), isChecked: true, findings }
    } catch (error) {
      const message = `signatures of ${region} are not checked: ${messageOf(error)}`
      findings.push(warning('signatures-not-checked', message))
      const check = signatureCheck(undefined)
      return { check, isChecked: false, findings }
    }
  }
  return async (region, span) => {
    const all = asked.get(region) ?? []
    asked.set(region, all)
    const before = all.find(
      ({ from, to }) => from <= span.from && span.to <= to,
    )
    if (before) return { ...(await before.answer), findings: [] }
    const whole = { from: wholeMonths(span.from), to: span.to }
    const answer = ask(region, whole)
    all.push({ ...whole, answer })
    return answer
  }
}

interface Asked extends Span {
  answer: Promise<KnownKeys>
}

// Each leaf has a first day of its own, and a key is valid for a month.
const wholeMonths = (time: number): number =>
  Math.floor(time / MONTH_MS) * MONTH_MS

interface ReadKey extends PublicKey {
  fingerprint: string
  own: string
}

function addKey(
  keys: Keys,
  { fingerprint, own, key, from, to }: ReadKey,
  source: string,
  findings: Finding[],
): void {
  if (own === fingerprint)
    keys.set(own, [...(keys.get(own) ?? []), { key, from, to }])
  else
    findings.push(
      refused(source, `the key of fingerprint ${fingerprint} has ${own}`),
    )
}

const refused = (source: string, what: string): Finding =>
  warning('bad-key', `a public key of ${source} is refused: ${what}`)

/** Reads one entry; gives its fault as a text. */
function readKey(entry: unknown): ReadKey | string {
  if (typeof entry !== 'object' || entry === null) return 'is no object'
  const { Value, Fingerprint, ValidityStartTime, ValidityEndTime } =
    entry as Record<string, unknown>
  if (typeof Value !== 'string' || Value.length > MAX_VALUE)
    return 'has no Value in base64'
  if (typeof Fingerprint !== 'string' || !FINGERPRINT.test(Fingerprint))
    return 'has no Fingerprint of 32 hexadecimal digits'
  const from = readTime(ValidityStartTime, -Infinity)
  const to = readTime(ValidityEndTime, Infinity)
  if (from === undefined || to === undefined)
    return 'has a validity that is no time'
  const der = Buffer.from(Value, 'base64')
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' })
    const own = createHash('md5').update(der).digest('hex')
    return { key, from, to, own, fingerprint: Fingerprint.toLowerCase() }
  } catch {
    return 'has a Value that is no RSA public key (PKCS#1)'
  }
}

// The command line writes times with an offset, the interface gives Unix
// seconds.
function readTime(value: unknown, absent: number): number | undefined {
  if (value === undefined || value === null) return absent
  if (typeof value === 'number') return value * 1000
  if (typeof value !== 'string') return undefined
  const time = timeOf(value) ?? Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}
