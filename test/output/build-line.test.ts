import t from 'tap'
import type { JsonObject } from '../../src/decode/decoder.ts'
import { LineBuilder } from '../../src/output/build-line.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import {
  cloudTrailFixtures,
  fixtureEvents,
  flowRow,
} from '../normalize/fixture-records.ts'

const key = 'AWSLogs/1/CloudTrail/é "x"/2023/07/10/a+b%20.json.gz'

function builder(changes: {
  name?: 'CloudTrail' | 'VPCFlowLogs'
  originalMessage?: boolean
  maxRecordBytes?: number
}): LineBuilder {
  const { name = 'CloudTrail', ...others } = changes
  return new LineBuilder({
    logType: findLogType(name),
    bucket: 'logs',
    key,
    originalMessage: true,
    maxRecordBytes: 1_048_576,
    ...others,
  })
}

const parse = (line: string): JsonObject => JSON.parse(line) as JsonObject

const event = { eventName: 'PutObject', eventTime: '2023-07-10T11:42:06Z' }
const text = JSON.stringify(event, null, 2)
const envelope = {
  beatname: 'lr-s3-input',
  device_type: 'AWSCloudTrail',
  msgsource: 'API - AWS S3 Flat File',
  s3_object: `s3://logs/${key}`,
}

t.test('a line is the members, the envelope and the source text', async t => {
  const lines = builder({})
  const line = lines.build({ text, value: event }, 3)
  t.strictSame(parse(line), {
    normal_msg_date: '2023-07-10T11:42:06.000Z',
    vmid: 'PutObject',
    tag1: 'PutObject',
    tag2: 'Success',
    result: 'Success',
    ...envelope,
    s3_record: 3,
    original_message: text,
  })
  t.match(line, /^\{"normal_msg_date":"2023-07-10T11:42:06.000Z",/)
  t.match(line, /"original_message":"[^\n]*"\}$/)
  t.equal(lines.time, '2023-07-10T11:42:06.000Z')
  t.equal(lines.truncated, 0)
})

t.test(
  'a record that could not be parsed is its source text alone',
  async t => {
    for (const originalMessage of [true, false]) {
      const lines = builder({ originalMessage })
      lines.build({ text, value: event }, 1)
      const line = lines.build({ text: '{"a":\ud800}', value: undefined }, 2)
      t.strictSame(parse(line), {
        ...envelope,
        s3_record: 2,
        original_message: '{"a":\ud800}',
      })
      t.equal(lines.time, undefined)
    }
  },
)

t.test('the source text can be left out', async t => {
  const lines = builder({ originalMessage: false })
  const line = lines.build({ text, value: event }, 1)
  t.notOk('original_message' in parse(line))
})

t.test('a flow record', async t => {
  const header = 'version srcaddr bytes'
  const row = '2 10.0.0.1 840'
  const lines = builder({ name: 'VPCFlowLogs' })
  t.strictSame(
    parse(lines.build({ text: row, value: flowRow(header, row) }, 1)),
    {
      version: '2',
      sip: '10.0.0.1',
      bytes: 840,
      ...envelope,
      device_type: 'AWSVPCFlowLogs',
      s3_record: 1,
      original_message: row,
    },
  )
  const none = lines.build({ text: '-', value: flowRow('bytes', '-') }, 2)
  t.match(none, /^\{"beatname":/)
  t.equal(parse(none)['original_message'], '-')
})

t.test('nothing in a record breaks its line', async t => {
  const odd = '\u2028\n\r\0"\\\ud83d😀\x7f'
  const value = { eventName: odd, userIdentity: { userName: odd } }
  const source = JSON.stringify(value)
  const line = builder({}).build({ text: source, value }, 1)
  for (const one of line) t.ok(one >= ' ')
  t.match(parse(line), { vmid: odd, login: odd, original_message: source })
  const row = `2 "a\\\u0001`
  const flow = { text: row, value: flowRow('version action', row) }
  const flowLine = builder({ name: 'VPCFlowLogs' }).build(flow, 1)
  t.match(parse(flowLine), { action: '"a\\\u0001', original_message: row })
})

t.test('a line that is too long is made to fit and counted', async t => {
  const lines = builder({ maxRecordBytes: 4096 })
  const long = { ...event, errorMessage: 'é'.repeat(1500) }
  const source = JSON.stringify(long)
  const line = lines.build({ text: source, value: long }, 1)
  t.ok(Buffer.byteLength(line) + 1 <= 4096)
  const { original_message: kept, ...others } = parse(line)
  t.ok(source.startsWith(String(kept)))
  t.match(others, {
    ...envelope,
    reason: long.errorMessage,
    truncated: true,
    s3_record: 1,
  })
  const whole = builder({}).build({ text: source, value: long }, 1)
  t.equal(others['original_bytes'], Buffer.byteLength(whole) + 1)
  t.equal(lines.truncated, 1)
  // Longer than a third of the bound, but not too long.
  const plain = { ...event, errorMessage: 'e'.repeat(1000) }
  lines.build({ text: JSON.stringify(plain), value: plain }, 2)
  t.equal(lines.truncated, 1)
})

t.test('of every sample event the source comes out as it was', async t => {
  for (const path of cloudTrailFixtures()) {
    const lines = builder({})
    const records = fixtureEvents(path)
    const out = records.map((value, i) =>
      parse(lines.build({ text: JSON.stringify(value), value }, i + 1)),
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
