// Parquet through the object's whole way to lines: the same lines as the same
// rows in text, in steps from which the rest follows.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { emitObject, type Emission } from '../../src/cycle/emit-object.ts'
import { NO_STEPS, type Steps } from '../../src/cursor/kept-objects.ts'
import type { ReadableBytes } from '../../src/files/stored-bytes.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import { LineBuilder } from '../../src/output/build-line.ts'
import { LineWriter } from '../../src/output/line-writer.ts'
import { readRows, stored } from '../lib/parquet/read-rows.ts'
import { writeParquet, type MadeColumn } from '../lib/parquet/write-parquet.ts'

const MADE = 'test/fixtures/made/made-parquet'
const NAME =
  '111122223333_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20261129T0000Z_'
const MIB = 1_048_576

interface Emitted extends Emission {
  lines: string[]
  noted: Steps[]
}

/** Emits an object; `limit` is of the output, and it must stop after so many lines. */
async function emit(
  body: ReadableBytes,
  done = NO_STEPS,
  { limit = Infinity, after = Infinity, of = 'VPCFlowLogs' as const } = {},
): Promise<Emitted> {
  const batches: Buffer[] = []
  const noted: Steps[] = []
  const writer = new LineWriter(async bytes => {
    batches.push(Buffer.from(bytes))
  }, limit)
  const logType = findLogType(of)
  const lines = new LineBuilder({
    logType,
    object: 's3://logs/k',
    originalMessage: true,
    maxRecordBytes: MIB,
  })
  const emission = await emitObject(body, done, {
    logType,
    writer,
    lines,
    mustStop: () => writer.added.records > after,
    drain: () => writer.send(),
    onStep: steps => noted.push(steps),
  })
  await writer.send()
  await writer.sendLast()
  const text = Buffer.concat(batches).toString()
  return { ...emission, noted, lines: text.split('\n').filter(Boolean) }
}

const sample = (form: string): Buffer =>
  readFileSync(join(MADE, `${NAME}${form}.log.parquet`))

const AWS_NAMES = `version account-id interface-id srcaddr dstaddr srcport
  dstport protocol packets bytes start end action log-status vpc-id subnet-id
  instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id
  sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service
  flow-direction traffic-path`.split(/\s+/)

t.test('the same rows as text and as Parquet give the same lines', async t => {
  const { lines: rows } = await readRows(sample('snappy'))
  const text = [AWS_NAMES.join(' '), ...rows, ''].join('\n')
  const wanted = await emit(Buffer.from(text))
  t.equal(wanted.lines.length, 1000)
  for (const form of ['snappy', 'gzip-3groups', 'datapage-v2', 'delta']) {
    const { lines, end, error } = await emit(sample(form))
    t.match({ end, error }, { end: 'whole', error: undefined })
    t.strictSame(lines, wanted.lines, form)
  }
  const none = JSON.parse(wanted.lines[7] as string)
  t.notOk('sip' in none)
  t.equal(JSON.parse(wanted.lines[3] as string).bytes, '9007199254740993')
})

const text = (name: string, value: string | null): MadeColumn => ({
  name,
  type: 'text',
  values: [value],
  hasDictionary: true,
})

t.test('values that no text could hold', async t => {
  const columns = [
    text('version', '2'),
    text('account_id', 'a"b\\'),
    text('interface_id', 'eni 1\tx\ny'),
    text('action', '\u0000\u001f'),
    text('log_status', ''),
    text('region', null),
  ]
  const { lines } = await emit(writeParquet(columns))
  t.match(JSON.parse(lines[0] as string), {
    account: 'a"b\\',
    dinterface: 'eni%201%09x%0Ay',
    action: '\u0000\u001f',
    original_message: '2 a"b\\ eni%201%09x%0Ay \u0000\u001f - -',
  })
  t.notMatch(lines[0], /"status"/)
})

t.test('it goes on where it was cut, or met the limit', async t => {
  const body = sample('gzip-small-pages')
  const file = await stored(join(t.testdir(), 'file'), body)
  const whole = await emit(body)
  const got: string[] = []
  let done = NO_STEPS
  for (let turn = 0; turn < 100; turn++) {
    const bytes = turn % 2 === 0 ? body : file
    const limit = turn % 3 === 0 ? 20_000 : Infinity
    const part = await emit(bytes, done, { limit, after: 30 })
    got.push(...part.lines)
    const { records, bytes: plain, form, header } = part
    done = { records, bytes: plain, form, header }
    t.equal(records, got.length)
    if (part.end === 'whole') break
    t.match(part.end, /cut|limit/)
  }
  t.strictSame(got, whole.lines)
  t.match(done, { records: 1000, form: 'parquet', header: -1 })
})

t.test('steps are noted, and each leads to the rest', async t => {
  const values = Array.from({ length: 4000 }, (_, i) => `${i}`.padEnd(300, 'x'))
  const columns: MadeColumn[] = [
    { name: 'srcaddr', type: 'text', values },
    { name: 'start', type: 'int64', values: values.map((_, i) => 1.8e9 + i) },
  ]
  const body = writeParquet(columns, { pageRows: 700, groupRows: 3000 })
  const whole = await emit(body)
  t.ok(whole.noted.length > 1)
  for (const step of whole.noted) {
    const rest = await emit(body, step)
    t.strictSame(rest.lines, whole.lines.slice(step.records))
  }
})

t.test('rows before damage are emitted, with the position behind', async t => {
  const values = Array.from({ length: 100 }, (_, i) => `row-${i}`)
  const columns: MadeColumn[] = [{ name: 'action', type: 'text', values }]
  const body = writeParquet(columns, { pageRows: 10 })
  body.fill(0xff, body.indexOf('row-55') - 4, body.indexOf('row-55'))
  t.match(await emit(body), {
    end: 'failed',
    records: 50,
    form: 'parquet',
    error: { code: 'parquet', message: /damaged/ },
  })
})

t.test('as CloudTrail it is named and fails', async t => {
  const { end, error, lines } = await emit(sample('snappy'), NO_STEPS, {
    of: 'CloudTrail' as never,
  })
  t.match({ end, error }, { end: 'failed', error: { code: 'not-a-log' } })
  t.match((error as Error).message, /The object is Parquet/)
  t.strictSame(lines, [])
})
