// Makes chains of digests with their logs by CloudTrail's own rules (AWS,
// "CloudTrail digest file structure"), signed with RSA keys that are made here:
// any accounts, regions and trails, empty hours, pauses with final and starting
// digests, backfills. What is made is plain objects, to be put into any bucket.

import {
  createHash,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** A key as CloudTrail holds and lists it; times in ms. */
export interface SigningKey {
  privateKey: KeyObject
  /** Base64 of the DER (PKCS#1). */
  value: string
  fingerprint: string
  from: number
  to: number
}

/** One object of a chain. */
export interface MadeObject {
  key: string
  body: Buffer
  metadata: Record<string, string>
  modified: number
}

/** A log, with the plain bytes of it. */
export interface MadeLog extends MadeObject {
  plain: Buffer
  hash: string
  records: number
}

/** A digest, with what it says. */
export interface MadeDigest extends MadeObject {
  start: number
  end: number
  fields: Record<string, unknown>
  hash: string
  signature: string
  logs: MadeLog[]
}

/** What is to be made; times in ms. The first digest covers the hour from `start` on. */
export interface ChainPlan {
  key: SigningKey
  start: number
  hours: number
  bucket?: string
  account?: string
  region?: string
  trail?: string
  homeRegion?: string
  /** What stands before AWSLogs/, such as `prefix/`. */
  prefix?: string
  /** The organization, whose folder lies below AWSLogs/. */
  organization?: string
  /** How many logs the digest of an hour names; 2 unless given. */
  logsIn?: (hour: number) => number
  recordsIn?: (log: number) => number
  /** After so many hours logging stops for so many, with a final digest 20 minutes later. */
  pause?: { after: number; hours: number }
  /** The chain goes on from this digest. */
  previous?: MadeDigest
  /** A chain of backfill digests, each made so many ms after its end. */
  backfilledAfter?: number
}

export const HOUR = 3_600_000
const FINAL = 20 * 60_000

const made = new Map<string, SigningKey>()

/** Makes an RSA key, the same one for the same name in this process. */
export function signingKey(
  name = 'key',
  from = Date.parse('2026-11-01T00:00:00Z'),
  to = Date.parse('2026-12-01T00:00:00Z'),
): SigningKey {
  const known = made.get(name)
  if (known) return { ...known, from, to }
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
  })
  const der = publicKey.export({ format: 'der', type: 'pkcs1' })
  const key = {
    privateKey,
    value: der.toString('base64'),
    fingerprint: createHash('md5').update(der).digest('hex'),
    from,
    to,
  }
  made.set(name, key)
  return key
}

/** Gives what `aws cloudtrail list-public-keys` prints. */
export function keysFile(...keys: SigningKey[]): string {
  const PublicKeyList = keys.map(({ value, fingerprint, from, to }) => ({
    Value: value,
    ValidityStartTime: new Date(from).toISOString(),
    ValidityEndTime: new Date(to).toISOString(),
    Fingerprint: fingerprint,
  }))
  return JSON.stringify({ PublicKeyList })
}

/** Makes the digests of a chain, each with its logs, in order. */
export function makeChain(plan: ChainPlan): MadeDigest[] {
  const { start, hours, pause, logsIn = () => 2 } = plan
  const digests: MadeDigest[] = []
  let { previous } = plan
  let at = start
  const append = (end: number, logs: number): void => {
    previous = makeDigest(plan, { start: at, end, logs, previous })
    digests.push(previous)
    at = end
  }
  for (let hour = 0; hour < hours; hour++) {
    if (pause?.after === hour) {
      append(at + FINAL, 1)
      previous = undefined
      at += pause.hours * HOUR
      append(start + (hour + pause.hours + 1) * HOUR, logsIn(hour))
      hour += pause.hours
    } else append(at + HOUR, logsIn(hour))
  }
  return digests
}

/** Lists the objects of digests and all their logs. */
export function objectsOf(digests: readonly MadeDigest[]): MadeObject[] {
  return digests.flatMap(digest => [...digest.logs, digest])
}

/** Makes one digest and its logs. */
export function makeDigest(
  plan: ChainPlan,
  given: {
    start: number
    end: number
    logs: number
    previous: MadeDigest | undefined
  },
): MadeDigest {
  const { key, bucket = 'logs', account = '111122223333' } = plan
  const { start, end, previous } = given
  const logs = Array.from({ length: given.logs }, (_, i) =>
    makeLog(
      plan,
      start + Math.floor(((i + 0.5) * (end - start)) / given.logs),
      i,
    ),
  )
  const fields = {
    awsAccountId: account,
    digestStartTime: second(start),
    digestEndTime: second(end),
    digestS3Bucket: bucket,
    digestS3Object: digestKey(plan, end),
    digestPublicKeyFingerprint: key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: logs.length === 0 ? null : second(end - 60_000),
    oldestEventTime: logs.length === 0 ? null : second(start),
    previousDigestS3Bucket: previous?.fields['digestS3Bucket'] ?? null,
    previousDigestS3Object: previous?.fields['digestS3Object'] ?? null,
    previousDigestHashValue: previous?.hash ?? null,
    previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
    previousDigestSignature: previous?.signature ?? null,
    logFiles: logs.map(log => ({
      s3Bucket: bucket,
      s3Object: log.key,
      hashValue: log.hash,
      hashAlgorithm: 'SHA-256',
      newestEventTime: second(start),
      oldestEventTime: second(start),
    })),
  }
  return { start, end, logs, ...signedDigest(plan, fields) }
}

/** Signs what a digest says, whatever it is, and makes the object of it. */
export function signedDigest(
  { key, backfilledAfter }: Pick<ChainPlan, 'key' | 'backfilledAfter'>,
  fields: Record<string, unknown>,
): Omit<MadeDigest, 'start' | 'end' | 'logs'> {
  const plain = Buffer.from(JSON.stringify(fields))
  const hash = sha256(plain)
  const text = [
    fields['digestEndTime'],
    `${fields['digestS3Bucket']}/${fields['digestS3Object']}`,
    hash,
    fields['previousDigestSignature'] ?? 'null',
  ].join('\n')
  const signature = sign('sha256', Buffer.from(text), key.privateKey).toString(
    'hex',
  )
  const end = Date.parse(String(fields['digestEndTime']))
  const modified = end + (backfilledAfter ?? 600_000)
  return {
    key: String(fields['digestS3Object']),
    body: gzipSync(plain),
    fields,
    hash,
    signature,
    modified,
    metadata: {
      'x-amz-meta-signature': signature,
      'x-amz-meta-signature-algorithm': 'SHA256withRSA',
      ...(backfilledAfter !== undefined && {
        'x-amz-meta-backfill-generation-timestamp': second(modified),
      }),
    },
  }
}

/** Gives the key of the digest that ends at a time. */
export function digestKey(plan: ChainPlan, end: number): string {
  const { account = '111122223333', region = 'us-east-1' } = plan
  const { trail = 'audit', homeRegion = 'us-east-1' } = plan
  const kind = plan.backfilledAfter === undefined ? '' : '_backfill'
  const name = `${account}_CloudTrail-Digest_${region}_${trail}_${homeRegion}_${stamp(end)}Z${kind}.json.gz`
  return `${folderOf(plan, 'CloudTrail-Digest')}${dateFolders(end)}${name}`
}

function makeLog(plan: ChainPlan, time: number, index: number): MadeLog {
  const { account = '111122223333', region = 'us-east-1' } = plan
  const { trail = 'audit', recordsIn = () => 2 } = plan
  const kind = plan.backfilledAfter === undefined ? 'o' : 'b'
  const unique = createHash('md5')
    .update(`${trail} ${time} ${index} ${kind}`)
    .digest('hex')
    .slice(0, 16)
  const minute = stamp(time).slice(0, 13)
  const key = `${folderOf(plan, 'CloudTrail')}${dateFolders(time)}${account}_CloudTrail_${region}_${minute}Z_${unique}.json.gz`
  const records = recordsIn(index)
  const Records = Array.from({ length: records }, (_, i) => ({
    eventVersion: '1.11',
    eventTime: second(time),
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: region,
    eventID: `${unique}-${i}`,
    recipientAccountId: account,
  }))
  const plain = Buffer.from(JSON.stringify({ Records }))
  return {
    key,
    plain,
    body: gzipSync(plain),
    hash: sha256(plain),
    records,
    metadata: {},
    modified: time + 300_000,
  }
}

function folderOf(plan: ChainPlan, service: string): string {
  const { account = '111122223333', region = 'us-east-1' } = plan
  const { prefix = '', organization } = plan
  const above = organization === undefined ? '' : `${organization}/`
  return `${prefix}AWSLogs/${above}${account}/${service}/${region}/`
}

const sha256 = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex')

const second = (time: number): string =>
  new Date(time).toISOString().replace(/\.\d+/, '')

const stamp = (time: number): string => second(time).replace(/[-:Z]/g, '')

const dateFolders = (time: number): string =>
  `${second(time).slice(0, 10).replaceAll('-', '/')}/`
