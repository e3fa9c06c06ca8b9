import t from 'tap'
import {
  code,
  envelope,
  fieldWords,
} from '../../../src/commands/help/field-words.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import { LineBytes } from '../../../src/normalize/line-bytes.ts'
import { LineBuilder } from '../../../src/output/build-line.ts'
import type { JsonObject } from '../../normalize/members-of.ts'

const words = (logType: 'CloudTrail' | 'VPCFlowLogs', name: string) =>
  findLogType(logType)
    .fields.filter(({ names }) => names[0] === name)
    .map(row => fieldWords(row, code))

t.test('a row of a mapping table in words', async t => {
  t.strictSame(words('CloudTrail', 'vmid'), [
    {
      name: '`vmid`, `tag1`',
      source:
        '`eventName` → `insightDetails.eventName` → `summary.primaryDimension.statistics[0].name` where `summary.primaryDimension.dimension` is `eventName`',
      type: 'string',
      mark: 'P (→ C)',
      example: 'AssumeRole',
    },
  ])
  t.strictSame(words('VPCFlowLogs', 'sip'), [
    {
      name: '`sip` else `sname`',
      source: '`srcaddr`',
      type: 'IP address, else name',
      mark: 'P',
      example: '10.0.1.201',
    },
  ])
})

t.test('the envelope is what every line has', async t => {
  const lines = new LineBuilder({
    logType: findLogType('CloudTrail'),
    object: 's3://b/k',
    originalMessage: true,
    maxRecordBytes: 4096,
  })
  const bytes = Buffer.from('x'.repeat(5000))
  const out = new LineBytes(64)
  const record = { values: undefined, isPlain: false, escaped: undefined }
  lines.build({ ...record, bytes, from: 0, to: bytes.length }, 1, out)
  const text = out.buffer.toString('utf8', 0, out.length)
  const line = JSON.parse(text) as JsonObject
  t.strictSame(
    envelope.map(({ name }) => name),
    Object.keys(line).filter(name => name !== 'normal_msg_date'),
  )
})
