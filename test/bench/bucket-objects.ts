// Turns a short description of a bucket into its objects: keys in AWS's layout
// under the folders of today and yesterday, bodies of fresh records, all older
// than the two hours in which a listing looks out for late neighbours.

import { gzipSync } from 'node:zlib'
import { cloudTrailRecords } from './cloudtrail-records.ts'
import { flowHeader, flowLines } from './flow-lines.ts'
import { parquetOf, wideRows } from './parquet-rows.ts'
import { seededRandom, type Random } from './random.ts'

/** What a bucket is filled with. */
export interface BucketSpec {
  logType: 'CloudTrail' | 'VPCFlowLogs'
  /** Leaves: accounts times regions. */
  leaves: number
  /** Objects in all, dealt out to the leaves' folders of today and yesterday. */
  objects: number
  /** Records of each object. */
  records: number
  /** Not gzipped. */
  plain?: boolean
  /** Of flow logs: 29 columns instead of 14. */
  isWide?: boolean
  /** Parquet, in so many row groups. */
  parquetGroups?: number
}

/** A folder of dated folders. */
export interface Leaf {
  account: string
  region: string
}

/** An object to be put, and what is in it. */
export interface MadeObject {
  key: string
  body: Buffer
  records: number
  plainBytes: number
  modified: number
  /** The same records in bodies that one JSON.parse can take. */
  floor: readonly Buffer[]
}

const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-north-1',
  'eu-south-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'ap-northeast-2',
]
const UNIQUE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const DAY = 86_400_000
const HOUR = 3_600_000
const WIDE_ROWS = 20_000

/** Makes a bucket's objects one by one; `now` is noon of the bucket's today. */
export function* bucketObjects(
  spec: BucketSpec,
  seed: number,
  now: number,
): Generator<MadeObject> {
  const random = seededRandom(seed)
  const bodies = bodiesOf(spec, random, now - 3 * HOUR)
  const leaves = leavesOf(spec)
  const rounds = Math.ceil(spec.objects / leaves.length)
  for (let i = 0; i < spec.objects; i++) {
    const round = Math.floor(i / leaves.length)
    // Between 03:00 and 09:00, in the order of the rounds.
    const hours = 3 + (6 * round) / rounds
    const written = now - (round % 2) * DAY - (12 - hours) * HOUR
    yield {
      key: keyOf(spec, leaves[i % leaves.length] as Leaf, written, random),
      ...bodies.next().value,
      modified: Math.floor(written),
    }
  }
}

/** Names a bucket's leaves, account by account. */
export function leavesOf(spec: BucketSpec): Leaf[] {
  return Array.from({ length: spec.leaves }, (_, leaf) => ({
    account: String(111122223333 + 7919 * Math.floor(leaf / REGIONS.length)),
    region: REGIONS[leaf % REGIONS.length] as string,
  }))
}

/** Names the folder of a leaf's day, `time` in ms since 1970. */
export function dayFolder(
  spec: BucketSpec,
  { account, region }: Leaf,
  time: number,
): string {
  const service = spec.logType === 'CloudTrail' ? 'CloudTrail' : 'vpcflowlogs'
  const date = new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')
  return `AWSLogs/${account}/${service}/${region}/${date}/`
}

function keyOf(
  spec: BucketSpec,
  leaf: Leaf,
  time: number,
  random: Random,
): string {
  const { account, region } = leaf
  const folder = dayFolder(spec, leaf, time)
  const iso = new Date(time).toISOString()
  const minute = `${iso.slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  const end = spec.parquetGroups ? '.parquet' : spec.plain ? '' : '.gz'
  if (spec.logType === 'CloudTrail')
    return `${folder}${account}_CloudTrail_${region}_${minute}_${random.text(16, UNIQUE)}.json${end}`
  return `${folder}${account}_vpcflowlogs_${region}_fl-${random.text(17)}_${minute}_${random.text(8)}.log${end}`
}

type Body = Pick<MadeObject, 'body' | 'records' | 'plainBytes' | 'floor'>

// Some 4 MB of CloudTrail.
const FLOOR_RECORDS = 4_000

function* bodiesOf(
  spec: BucketSpec,
  random: Random,
  end: number,
): Generator<Body, never> {
  if (spec.isWide) yield* wideBodies(spec, random, end)
  const trail = spec.logType === 'CloudTrail'
  const texts = trail ? cloudTrailRecords(random, end) : flowLines(random, end)
  const plainOf = (records: readonly string[]): Buffer =>
    Buffer.from(
      trail
        ? `{"Records":[${records.join(',')}]}`
        : `${flowHeader}\n${records.join('\n')}\n`,
    )
  for (;;) {
    const records: string[] = []
    while (records.length < spec.records) records.push(texts.next().value)
    const plain = plainOf(records)
    const body = spec.plain ? plain : gzipSync(plain)
    const floor: Buffer[] = []
    if (spec.plain)
      for (let i = 0; i < records.length; i += FLOOR_RECORDS)
        floor.push(plainOf(records.slice(i, i + FLOOR_RECORDS)))
    else floor.push(body)
    yield { body, floor, records: spec.records, plainBytes: plain.length }
  }
}

function* wideBodies(
  { records, parquetGroups }: BucketSpec,
  random: Random,
  end: number,
): Generator<Body, never> {
  for (;;) {
    const some = wideRows(random, end, Math.min(records, WIDE_ROWS))
    const groups = parquetGroups ?? 1
    const times = groups * Math.max(1, Math.round(records / some.rows / groups))
    const text = gzipSync(some.text)
    yield {
      body: parquetGroups ? parquetOf(some, times, groups) : text,
      floor: Array.from({ length: times }, () => text),
      records: times * some.rows,
      plainBytes: times * some.text.length,
    }
  }
}
