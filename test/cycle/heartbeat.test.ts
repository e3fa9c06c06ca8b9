// The heartbeat has the fields that the manual names, and a limited size.

import fc from 'fast-check'
import t from 'tap'
import { heartbeatLine, type Heartbeat } from '../../src/cycle/heartbeat.ts'
import { noCounts } from '../../src/cycle/summary.ts'

const at = Date.parse('2026-01-02T03:04:05.678Z')
const beat: Heartbeat = {
  at,
  status: 'partial',
  reason: 'two objects failed',
  summary: {
    ...noCounts(),
    records: 561,
    bytes_out: 716_800,
    objects_done: 18,
    objects_left: 3,
    objects_failed: 2,
    objects_quarantined: 1,
    newest_event: '2026-01-02T03:00:00.000Z',
    lag_seconds: 246,
    duration_ms: 9,
  },
  settings: {
    BucketName: 'logs',
    FilePath: 'AWSLogs/',
    LogType: 'CloudTrail',
    Shard: { index: 1, of: 1 },
  },
}

t.test('it names the result of a cycle', async t => {
  t.strictSame(JSON.parse(heartbeatLine(beat)), {
    normal_msg_date: '2026-01-02T03:04:05.678Z',
    beatname: 'lr-s3-input',
    device_type: 'lr-s3-input',
    msgsource: 'API - AWS S3 Flat File',
    s3_object: 'heartbeat:s3://logs/AWSLogs/',
    s3_record: at,
    serialnumber: `heartbeat:${at}:logs`,
    process: 'lr-s3-input',
    object: 's3://logs/AWSLogs/',
    objecttype: 'CloudTrail',
    status: 'partial',
    reason: 'two objects failed',
    quantity: 561,
    size: 716_800,
    objects_done: 18,
    objects_left: 3,
    objects_failed: 2,
    objects_quarantined: 1,
    newest_event: '2026-01-02T03:00:00.000Z',
    lag_seconds: 246,
  })
})

t.test('it names the shard, if there are several', async t => {
  const settings = { ...beat.settings, Shard: { index: 2, of: 3 } }
  t.match(JSON.parse(heartbeatLine({ ...beat, settings })), {
    s3_object: 'heartbeat:s3://logs/AWSLogs/ 2/3',
    serialnumber: `heartbeat:${at}:logs 2/3`,
    object: 's3://logs/AWSLogs/ 2/3',
  })
})

t.test('it leaves out unknown values, and keeps zeros', async t => {
  const summary = {
    ...noCounts(),
    newest_event: '',
    lag_seconds: null,
    duration_ms: 0,
  }
  const line = heartbeatLine({ ...beat, summary, reason: '' })
  const { reason, newest_event, lag_seconds, ...rest } = JSON.parse(
    heartbeatLine(beat),
  )
  t.ok(reason && newest_event && lag_seconds)
  t.strictSame(JSON.parse(line), {
    ...rest,
    quantity: 0,
    size: 0,
    objects_done: 0,
    objects_left: 0,
    objects_failed: 0,
    objects_quarantined: 0,
  })
})

t.test('a time that Fluent Bit would choke on is left out', async t => {
  for (const [odd, is] of [
    [0, undefined],
    [1000, '1970-01-01T00:00:01.000Z'],
    [Date.UTC(2038, 0, 19) - 1, '2038-01-18T23:59:59.999Z'],
    [Date.UTC(2038, 0, 19), undefined],
  ] as const) {
    const line = JSON.parse(heartbeatLine({ ...beat, at: odd }))
    t.equal(line.normal_msg_date, is)
    t.equal(line.s3_record, odd)
  }
})

t.test(
  'two heartbeats differ in the members that identify records',
  async t => {
    const [one, two] = [beat, { ...beat, at: at + 1 }].map(
      of => JSON.parse(heartbeatLine(of)) as { [name: string]: unknown },
    )
    t.not(one?.['s3_record'], two?.['s3_record'])
    t.not(one?.['serialnumber'], two?.['serialnumber'])
  },
)

t.test('it always fits into the least MaxRecordBytes', async () => {
  const nasty = fc.string({ unit: fc.constantFrom('\u0001', '"', 'é', '😀') })
  const text = nasty.map(part => part.repeat(300))
  const path = fc.string({ unit: fc.constantFrom('"', '漢', '😀') })
  fc.assert(
    fc.property(text, path, (reason, name) => {
      const FilePath = name.repeat(200)
      const summary = { ...beat.summary, bytes_in: 1, lag_seconds: 1e15 }
      for (const key of ['records', 'bytes_out', 'objects_done'] as const)
        summary[key] = Number.MAX_SAFE_INTEGER
      const settings = { ...beat.settings, FilePath }
      settings.BucketName = 'b'.repeat(200)
      settings.Shard = { index: 999, of: 1000 }
      const line = heartbeatLine({ ...beat, reason, summary, settings })
      const { reason: told = '', object } = JSON.parse(line)
      return (
        Buffer.byteLength(line) < 4096 &&
        Buffer.from(line).toString() === line &&
        !line.includes('\n') &&
        reason.startsWith(told.replace(/…$/, '')) &&
        object.startsWith('s3://')
      )
    }),
  )
})
