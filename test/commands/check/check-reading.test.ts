// One object is read and decoded as far as is enough, and what is wrong with
// it is named: the permission, the log type, the object.

import { gzipSync } from 'node:zlib'
import t from 'tap'
import {
  SourceError,
  sourceError,
} from '../../../src/s3/errors/source-error.ts'
import { checkReading } from '../../../src/commands/check/check-reading.ts'
import { checking, findings, LEAF } from './checking.ts'

const key = `${LEAF}2026/03/10/a.json.gz`
const TRAIL = JSON.stringify({
  Records: [{ eventID: '1' }, { eventTime: '2026-03-10T11:00:00Z' }],
})
const FLOW =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n' +
  '2 123456789010 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1418530010 1418530070 ACCEPT OK\n'

async function check(
  body: string | Buffer,
  settings: Record<string, string> = {},
  error?: SourceError,
) {
  const context = checking(settings)
  const object = context.store.put(key, 0, body)
  let pieces = 0
  context.store.pieceBytes = 65_536
  context.store.onPiece = () => void pieces++
  context.store.onGet = () => {
    if (error) throw error
  }
  const { lines, found } = await findings(
    checkReading(object, context.logType, context),
  )
  return { lines, found, pieces }
}

t.test('records with a time are read', async t => {
  for (const body of [TRAIL, gzipSync(TRAIL)])
    t.match((await check(body)).lines, [
      /^ok get: s3:GetObject on arn:aws:s3:::logs\/AWSLogs\/\*/,
      /^ok decode: 2 records of .*CloudTrail, the first of 2026-03-10T11:00/,
    ])
  const { lines } = await check(gzipSync(FLOW), { LogType: 'VPCFlowLogs' })
  t.match(lines[1], /^ok decode: 1 record of .*VPCFlowLogs.* 2014-12-14T/)
})

t.test('the other log type is told', async t => {
  const flow = await check(FLOW)
  t.match(flow.lines[1], /^fail decode: .*set LogType=VPCFlowLogs/)
  t.equal(flow.found[1]?.outcome, 'partial')
  const trail = await check(TRAIL, { LogType: 'VPCFlowLogs' })
  t.match(trail.lines[1], /^fail decode: .*set LogType=CloudTrail/)
})

t.test('what is no log is told', async t => {
  for (const [body, text] of [
    ['<html>', /json/i],
    [gzipSync(TRAIL).subarray(0, 60), /gzip|end/i],
    ['PAR1xxxx', /The object is Parquet/],
    ['{"digestStartTime":"2026-03-10T11:00:00Z"}', /no time/],
  ] as const) {
    const { lines, found } = await check(body)
    t.match(lines, [/^ok get/, /^fail decode: .*s3:\/\/logs\/AWSLogs/])
    t.match(lines[1], text)
    t.equal(found[1]?.outcome, 'partial')
  }
  t.match((await check('{"Records":[]}')).lines[1], /^warn decode: .*no record/)
})

t.test('of a large object only the beginning is read', async t => {
  const record = '{"eventTime":"2026-03-10T11:00:00Z"},'
  const body = `{"Records":[${record.repeat(600_000)}`
  const { lines, pieces } = await check(body)
  t.match(lines[1], /^ok decode: 4\d{5} records/, 'the cut is no fault')
  t.ok(pieces <= 258, `${pieces} pieces of 64 KiB`)
})

const refused = (code: string, said: string): SourceError => {
  const answer = { name: code, $metadata: { httpStatusCode: 403 } }
  return sourceError(Object.assign(new Error(said), answer), 'reading it')
}

t.test('a refusal names the permission', async t => {
  for (const [code, said, text] of [
    ['AccessDenied', 'no', 'allow s3:GetObject on arn:aws:s3:::logs/AWSLogs/*'],
    ['AccessDenied', 'not authorized to perform: kms:Decrypt', 'allow kms:Dec'],
    ['KMS.DisabledException', 'off', 'allow kms:Decrypt'],
  ] as const) {
    const { lines, found } = await check(TRAIL, {}, refused(code, said))
    t.equal(lines.length, 1)
    t.match(
      lines[0],
      `fail get: reading it: ${code} (HTTP 403): ${said}; ${text}`,
    )
    t.equal(found[0]?.outcome, 'access')
  }
  const archived = new SourceError('it is archived; restore it', {
    code: 'InvalidObjectState',
    kind: 'object',
  })
  const { lines, found } = await check(TRAIL, {}, archived)
  t.strictSame(lines, ['fail get: it is archived; restore it'])
  t.equal(found[0]?.outcome, 'partial')
})
