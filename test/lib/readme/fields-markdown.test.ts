import t from 'tap'
import type { JsonObject } from '../../normalize/members-of.ts'
import { LineBytes } from '../../../src/normalize/line-bytes.ts'
import { LineBuilder } from '../../../src/output/build-line.ts'
import { envelopeMarkdown, fieldsMarkdown } from './fields-markdown.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'

t.test('each row of a mapping table is a row of the README', async t => {
  const rows = fieldsMarkdown('CloudTrail').split('\n')
  t.equal(rows[0], '| field | source | type | mark | example |')
  t.equal(rows.length, findLogType('CloudTrail').fields.length + 3)
  t.ok(
    rows.includes(
      '| `vmid`, `tag1` | `eventName` → `insightDetails.eventName` → `summary.primaryDimension.statistics[0].name` where `summary.primaryDimension.dimension` is `eventName` | string | P (→ C) | `AssumeRole` |',
    ),
  )
  t.ok(
    fieldsMarkdown('VPCFlowLogs').includes(
      '\n| `sip` else `sname` | `srcaddr` | IP address, else name | P | `10.0.1.201` |\n',
    ),
  )
  for (const cells of rows.slice(0, -1)) t.equal(cells.split('|').length, 7)
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
  const named = envelopeMarkdown().matchAll(/^\| `([a-z0-9_]+)`/gm)
  t.strictSame(
    [...named].map(([, name]) => name),
    Object.keys(line).filter(name => name !== 'normal_msg_date'),
  )
})
