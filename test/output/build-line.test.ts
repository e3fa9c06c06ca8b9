import { createHash } from 'node:crypto'
import t from 'tap'
import type { SourceRecord } from '../../src/decode/decoder.ts'
import { LineBytes } from '../../src/normalize/line-bytes.ts'
import { LineBuilder } from '../../src/output/build-line.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import {
  cloudTrailFixtures,
  fixtureEvents,
} from '../normalize/fixture-records.ts'
import { onlyRecord, type JsonObject } from '../normalize/members-of.ts'

const key = 'AWSLogs/1/CloudTrail/é "x"/2023/07/10/a+b%20.json.gz'

function builder(changes: {
  name?: 'CloudTrail' | 'VPCFlowLogs'
  originalMessage?: boolean
  maxRecordBytes?: number
}): LineBuilder {
  const { name = 'CloudTrail', ...others } = changes
  return new LineBuilder({
    logType: findLogType(name),
    object: `s3://logs/${key}`,
    originalMessage: true,
    maxRecordBytes: 1_048_576,
    ...others,
  })
}

const parse = (line: string): JsonObject => JSON.parse(line) as JsonObject

/** Builds the line of the only record of an object, behind another line. */
function build(
  lines: LineBuilder,
  record: SourceRecord,
  index: number,
): string {
  const out = new LineBytes(64)
  out.ascii('{}\n')
  lines.build(record, index, out)
  const text = out.buffer.toString('utf8', 0, out.length)
  t.equal(text.slice(0, 3), '{}\n')
  return text.slice(3)
}

const trail = (text: string) => onlyRecord('CloudTrail', `[${text}]`)
const event = { eventName: 'PutObject', eventTime: '2023-07-10T11:42:06Z' }
const text = JSON.stringify(event, null, 2)
const envelope = {
  beatname: 'lr-s3-input',
  device_type: 'AWSCloudTrail',
  msgsource: 'API - AWS S3 Flat File',
  s3_object: `s3://logs/${key}`,
}
const digits = createHash('sha256')
  .update(envelope.s3_object)
  .digest('hex')
  .slice(0, 16)
/** What names a record without an id of its own. */
const serial = (index: number) => ({ serialnumber: `${digits}-${index}` })

t.test('a line is the members, the envelope and the source text', async t => {
  const lines = builder({})
  const line = build(lines, trail(text), 3)
  t.strictSame(parse(line), {
    normal_msg_date: '2023-07-10T11:42:06.000Z',
    vmid: 'PutObject',
    tag1: 'PutObject',
    tag2: 'Success',
    result: 'Success',
    ...envelope,
    s3_record: 3,
    ...serial(3),
    original_message: text,
  })
  t.match(line, /^\{"normal_msg_date":"2023-07-10T11:42:06.000Z",/)
  t.match(line, /"original_message":"[^\n]*"\}$/)
  t.equal(lines.truncated, 0)
})

t.test('the newest date of the records is kept', async t => {
  const lines = builder({})
  t.equal(lines.newest, '')
  build(lines, trail('{"eventName":"undated"}'), 1)
  t.equal(lines.newest, '')
  for (const [time, newest] of [
    ['2023-07-10T11:42:06Z', '2023-07-10T11:42:06.000Z'],
    ['2022-12-31T23:59:59Z', '2023-07-10T11:42:06.000Z'],
    ['2023-07-10T11:42:06.5Z', '2023-07-10T11:42:06.500Z'],
    ['never', '2023-07-10T11:42:06.500Z'],
    ['2023-07-10T11:42:07Z', '2023-07-10T11:42:07.000Z'],
  ]) {
    build(lines, trail(JSON.stringify({ eventTime: time })), 2)
    t.equal(lines.newest, newest)
  }
})

t.test(
  'a record that could not be parsed is its source text alone',
  async t => {
    for (const originalMessage of [true, false]) {
      const lines = builder({ originalMessage })
      const broken = '{"a":\u00e9 \n\t\u0001\u001f"\\\\"}'
      const line = build(lines, trail(broken), 2)
      t.strictSame(parse(line), {
        ...envelope,
        s3_record: 2,
        ...serial(2),
        original_message: broken,
      })
    }
  },
)

t.test('the source text can be left out', async t => {
  const line = build(builder({ originalMessage: false }), trail(text), 1)
  t.notOk('original_message' in parse(line))
})

const flow = (object: string) => onlyRecord('VPCFlowLogs', object)

t.test('a flow record', async t => {
  const row = '2 10.0.0.1 840'
  const lines = builder({ name: 'VPCFlowLogs' })
  t.strictSame(
    parse(build(lines, flow(`version srcaddr bytes\n${row}\n`), 1)),
    {
      version: '2',
      sip: '10.0.0.1',
      bytes: 840,
      ...envelope,
      device_type: 'AWSVPCFlowLogs',
      s3_record: 1,
      ...serial(1),
      original_message: row,
    },
  )
  const none = build(lines, flow('bytes\n-\n'), 2)
  t.match(none, /^\{"beatname":/)
  t.equal(parse(none)['original_message'], '-')
})

t.test('nothing in a record breaks its line', async t => {
  const odd = '\u2028\n\r\0"\\\ud83d😀\x7f'
  const value = { eventName: odd, userIdentity: { userName: odd } }
  const source = JSON.stringify(value)
  const line = build(builder({}), trail(source), 1)
  for (const one of line) t.ok(one >= ' ')
  t.match(parse(line), { vmid: odd, login: odd, original_message: source })
  const row = `2 "a\\\u0001é`
  const flow = onlyRecord('VPCFlowLogs', `version action\n${row}\n`)
  const flowLine = build(builder({ name: 'VPCFlowLogs' }), flow, 1)
  for (const one of flowLine) t.ok(one >= ' ')
  t.match(parse(flowLine), { action: '"a\\\u0001é', original_message: row })
})

const serialOf = (line: string): unknown => parse(line)['serialnumber']

t.test('each record has a serialnumber of its own', async t => {
  const lines = builder({})
  const own = { ...event, eventID: '9d0fa1c2-6d3c-4c5e-8c3c-1f8a4f3b2a10' }
  t.equal(serialOf(build(lines, trail(JSON.stringify(own)), 1)), own.eventID)
  for (const [index, eventID] of [null, '', '-', 7, 'x'.repeat(129)].entries())
    t.equal(
      serialOf(
        build(lines, trail(JSON.stringify({ ...event, eventID })), index),
      ),
      `${digits}-${index}`,
    )
  t.equal(serialOf(build(lines, trail('"text"'), 12_345)), `${digits}-12345`)
  const flows = builder({ name: 'VPCFlowLogs' })
  t.equal(serialOf(build(flows, flow('bytes\n1\n'), 7)), `${digits}-7`)
  t.equal(serialOf(build(flows, flow('bytes\n1 2\n'), 8)), `${digits}-8`)
})

t.test('a serialnumber is whole, however little room there is', async t => {
  const lines = builder({ maxRecordBytes: 4096 })
  const eventID = '\u0001"'.repeat(64)
  const long = {
    eventID,
    eventName: 'é'.repeat(5000),
    errorMessage: 'x'.repeat(9000),
  }
  t.match(parse(build(lines, trail(JSON.stringify(long)), 1)), {
    serialnumber: eventID,
    truncated: true,
  })
  const { eventID: _, ...others } = long
  t.match(parse(build(lines, trail(JSON.stringify(others)), 2)), serial(2))
  t.match(parse(build(lines, trail(`"${'x'.repeat(9000)}"`), 3)), serial(3))
})

t.test('a line that is too long is made to fit and counted', async t => {
  const lines = builder({ maxRecordBytes: 4096 })
  const long = { ...event, errorMessage: 'é'.repeat(1500) }
  const source = JSON.stringify(long)
  const line = build(lines, trail(source), 1)
  t.ok(Buffer.byteLength(line) + 1 <= 4096)
  const { original_message: kept, ...others } = parse(line)
  t.ok(source.startsWith(String(kept)))
  t.match(others, {
    ...envelope,
    reason: long.errorMessage,
    truncated: true,
    s3_record: 1,
  })
  const whole = build(builder({}), trail(source), 1)
  t.equal(others['original_bytes'], Buffer.byteLength(whole) + 1)
  t.equal(lines.truncated, 1)
  // One byte more than fits, with its LF, and as many as fit.
  const bytes = Buffer.byteLength(build(builder({}), trail(text), 2)) + 1
  for (const [over, truncated] of [
    [1, 1],
    [0, 0],
  ] as const) {
    const bound = builder({ maxRecordBytes: bytes - over })
    build(bound, trail(text), 2)
    t.equal(bound.truncated, truncated)
  }
})

t.test('of every sample event the source comes out as it was', async t => {
  for (const path of cloudTrailFixtures()) {
    const lines = builder({})
    const records = fixtureEvents(path)
    const out = records.map((value, i) =>
      parse(build(lines, trail(JSON.stringify(value)), i + 1)),
    )
    t.strictSame(
      out.map(line => parse(String(line['original_message']))),
      records,
      path,
    )
    t.strictSame(
      out.map(line => line['s3_record']),
      records.map((_, i) => i + 1),
    )
  }
})
