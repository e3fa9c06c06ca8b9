// Every published sample through the built program: as many records out as
// in, each with its exact source. What a record is, is counted here by plain
// JSON.parse and split, not by our decoders.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gunzipSync } from 'node:zlib'
import { daysAgo, startCollector } from '../lib/hosts/collector.ts'

const FIXTURES = 'test/fixtures'

interface Sample {
  name: string
  body: Buffer
  text: string
}

function samples(folder: string, fits: (name: string) => boolean): Sample[] {
  return readdirSync(join(FIXTURES, folder), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter(fits)
    .map(name => {
      const body = readFileSync(join(FIXTURES, folder, name))
      const text = (body[0] === 0x1f ? gunzipSync(body) : body).toString()
      return { name, body, text }
    })
}

// An array of events, an object of them, one event, or one a line.
function eventsOf(text: string): unknown[] {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown)
  }
  if (Array.isArray(whole)) return whole as unknown[]
  const { Records } = whole as { Records?: unknown }
  return Array.isArray(Records) ? (Records as unknown[]) : [whole]
}

const isJson = (name: string): boolean => /json(l)?(\.gz)?$/.test(name)
const isHeader = (line: string): boolean => /\b(srcaddr|tgw-id)\b/.test(line)

t.test('CloudTrail', async t => {
  const { s3, run } = await startCollector(t, {
    FilePath: 'logs',
    Inclusions: '',
  })
  const expected = new Map<string, unknown[]>()
  for (const folder of ['cloudtrail', 'other'])
    for (const { name, body, text } of samples(folder, isJson)) {
      const key = `logs/${folder}/${name}`
      s3.put(key, body)
      expected.set(`s3://logs/${key}`, eventsOf(text))
    }
  const { code, records } = await run()
  t.equal(code, 0)
  t.equal(records.length, [...expected.values()].flat().length)
  for (const record of records) {
    const { s3_object, s3_record, original_message } = record
    const event = expected.get(String(s3_object))?.[Number(s3_record) - 1]
    t.strictSame(JSON.parse(String(original_message)), event)
  }
})

t.test('flow logs', async t => {
  const { s3, run } = await startCollector(t, {
    LogType: 'VPCFlowLogs',
    FilePath: 'logs',
    Inclusions: '*.log,*.log.gz',
  })
  const expected = new Map<string, string[]>()
  for (const { name, body, text } of samples('vpcflow', name =>
    /\.log(\.gz)?$/.test(name),
  )) {
    const key = `logs/${daysAgo(0).replaceAll('-', '/')}/${name}`
    s3.put(key, body)
    const lines = text.split('\n').filter(Boolean)
    expected.set(
      `s3://logs/${key}`,
      lines.filter(line => !isHeader(line)),
    )
  }
  const { code, records } = await run()
  t.equal(code, 0)
  t.equal(records.length, [...expected.values()].flat().length)
  for (const { s3_object, s3_record, original_message } of records)
    t.equal(
      original_message,
      expected.get(String(s3_object))?.[Number(s3_record) - 1],
    )
})
