// The record about the cycle itself, by which a reader of the output can raise
// an alarm about a silent or lagging source. One table makes both the line and
// the manual's list. Texts are cut so that the line fits into the least
// MaxRecordBytes.

import { shardText } from '../find/shard.ts'
import { concealed } from '../report/conceal.ts'
import type { HeartbeatStatus } from '../report/outcome.ts'
import { BEYOND_MS, EARLIEST_MS } from '../normalize/event-time.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { Summary } from './summary.ts'
import { s3Url } from '../s3/object-store.ts'

/** The inputs of a heartbeat; `at` is S3's time in ms since 1970. */
export interface Heartbeat {
  at: number
  status: HeartbeatStatus
  /** '' if nothing is wrong. */
  reason: string
  summary: Summary
  settings: Pick<Settings, 'BucketName' | 'FilePath' | 'LogType' | 'Shard'>
}

/** A field of a heartbeat; a value of undefined or '' is left out. */
export interface HeartbeatField {
  name: string
  source: string
  mark: string
  example: string | number
  value(beat: Heartbeat): string | number | null
}

const NAME = 'lr-s3-input'
const MAX_NAME = 150
const MAX_REASON = 250

const count = (
  name: string,
  key: keyof Summary,
  source: string,
  example: number | string,
): HeartbeatField => ({
  name,
  source,
  mark: 'C',
  example,
  value: ({ summary }) => summary[key] ?? null,
})

const constant = (
  name: string,
  source: string,
  mark: string,
  example = NAME,
): HeartbeatField => ({ name, source, mark, example, value: () => example })

/** The fields in the order of the line. */
export const heartbeatFields: readonly HeartbeatField[] = [
  {
    name: 'normal_msg_date',
    source: "end of the cycle by S3's clock",
    mark: 'C',
    example: '2026-01-02T03:04:05.678Z',
    value: ({ at }) =>
      at >= EARLIEST_MS && at < BEYOND_MS ? new Date(at).toISOString() : null,
  },
  constant('beatname', "the program's name", 'P name'),
  constant('device_type', 'the same: this record is of no log type', 'C'),
  constant(
    'msgsource',
    "the log source type's name",
    'C name, P value',
    'API - AWS S3 Flat File',
  ),
  {
    name: 's3_object',
    source: '`heartbeat:` and the object below: never the name of an object',
    mark: 'C',
    example: 'heartbeat:s3://amzn-s3-demo-bucket/AWSLogs/',
    value: beat => `heartbeat:${placeOf(beat)}`,
  },
  {
    name: 's3_record',
    source: 'end of the cycle in ms since 1970: another one in each heartbeat',
    mark: 'C',
    example: 1767323045678,
    value: ({ at }) => at,
  },
  {
    name: 'serialnumber',
    source:
      '`heartbeat:`, the same number, the bucket, and the Shard where there are several',
    mark: 'C',
    example: 'heartbeat:1767323045678:amzn-s3-demo-bucket',
    value: ({ at, settings }) =>
      `heartbeat:${at}:${cut(settings.BucketName, MAX_NAME)}${shardOf(settings)}`,
  },
  constant('process', "the program's name", 'C'),
  {
    name: 'object',
    source: 'bucket and FilePath, and the Shard where there are several',
    mark: 'C',
    example: 's3://amzn-s3-demo-bucket/AWSLogs/',
    value: placeOf,
  },
  {
    name: 'objecttype',
    source: 'LogType',
    mark: 'C',
    example: 'CloudTrail',
    value: ({ settings }) => settings.LogType,
  },
  {
    name: 'status',
    source:
      '`ok` (exit 0), `partial` (1), `outage` (3, 4) or `error` (5: the cursor)',
    mark: 'C',
    example: 'partial',
    value: ({ status }) => status,
  },
  {
    name: 'reason',
    source: `what is wrong, if anything is; at most ${MAX_REASON} characters`,
    mark: 'C',
    example: 'objects that failed in this cycle: 1; …',
    value: ({ reason }) => cut(concealed(reason), MAX_REASON),
  },
  count('quantity', 'records', 'records printed, this one not counted', 561),
  count('size', 'bytes_out', 'their bytes', 716800),
  count('objects_done', 'objects_done', 'objects read to their end', 18),
  count('objects_left', 'objects_left', 'objects left for later cycles', 0),
  count('objects_failed', 'objects_failed', 'objects that failed', 1),
  count(
    'objects_quarantined',
    'objects_quarantined',
    'objects in quarantine, of earlier cycles too',
    0,
  ),
  {
    name: 'newest_event',
    source: 'time of the newest event collected so far',
    mark: 'C',
    example: '2026-01-02T02:59:01.000Z',
    value: ({ summary }) => summary.newest_event,
  },
  count('lag_seconds', 'lag_seconds', 'how old that event is', 304),
  count(
    'verified_until',
    'verified_until',
    'with VerifyMinutes: up to when the collection was looked at and, but for `not_proved`, proved',
    '2026-01-02T00:00:00.000Z',
  ),
  count(
    'not_proved',
    'not_proved',
    'with VerifyMinutes: how many things the last proof could not prove',
    0,
  ),
]

/** Makes the line of a heartbeat, without its LF; it takes less than 4096 bytes. */
export function heartbeatLine(beat: Heartbeat): string {
  const members: Record<string, string | number> = {}
  for (const { name, value } of heartbeatFields) {
    const is = value(beat)
    if (is !== null && is !== '') members[name] = is
  }
  return JSON.stringify(members)
}

function placeOf({ settings }: Heartbeat): string {
  const { BucketName, FilePath } = settings
  const place = cut(s3Url(BucketName, FilePath), MAX_NAME)
  return place + shardOf(settings)
}

function shardOf({ Shard }: Heartbeat['settings']): string {
  const shard = shardText(Shard)
  return shard && ` ${shard}`
}

// The cut is by characters: half of one would not be valid UTF-8.
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  const characters = Array.from(text.slice(0, 2 * longest))
  return `${characters.slice(0, longest - 1).join('')}…`
}
