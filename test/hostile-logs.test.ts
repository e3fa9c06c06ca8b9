// Logs that are damaged in every way: nothing crashes, what is said is an error
// of our own, and each line that goes out is one JSON object.

import { isUtf8 } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { DecodeError } from '../src/decode/decode-error.ts'
import { inflate } from '../src/decode/inflate.ts'
import { LineBytes } from '../src/normalize/line-bytes.ts'
import { findLogType } from '../src/normalize/log-types.ts'
import { LineBuilder } from '../src/output/build-line.ts'
import { cutBytes } from './decode/cut-bytes.ts'
import { damage } from './lib/mutations.ts'
import { cloudTrailFixtures, fixtureText } from './normalize/fixture-records.ts'

// A fault that was found is found again.
const SEED = 20260102
const RUNS = { seed: SEED, numRuns: 120 }
const LEAST_RECORD_BYTES = 4096

type Kind = 'CloudTrail' | 'VPCFlowLogs'

/** Runs a body through all that turns it into lines, and holds each to the contract. */
async function linesOf(
  kind: Kind,
  body: Buffer | Buffer[],
): Promise<{ lines: string[]; end: string }> {
  const logType = findLogType(kind)
  const builder = new LineBuilder({
    logType,
    object: 's3://b/k\n"\u2028\0',
    originalMessage: true,
    maxRecordBytes: LEAST_RECORD_BYTES,
  })
  const line = new LineBytes(LEAST_RECORD_BYTES)
  const lines: string[] = []
  const decoder = logType.decoder()
  const chunks = Buffer.isBuffer(body) ? body : toAsync(body)
  function add(record: Parameters<LineBuilder['build']>[0]): void {
    line.clear()
    builder.build(record, lines.length + 1, line)
    const bytes = line.buffer.subarray(0, line.length)
    const text = bytes.toString()
    lines.push(text)
    const made = JSON.parse(text) as Record<string, unknown>
    const source = record.bytes.toString('utf8', record.from, record.to)
    const isSound =
      isUtf8(bytes) &&
      !/[\r\n]/.test(text) &&
      bytes.length < LEAST_RECORD_BYTES &&
      made['s3_record'] === lines.length &&
      (made['truncated'] === true || made['original_message'] === source)
    if (!isSound) throw new Error(`a line is not as it should be: ${text}`)
  }
  try {
    for await (const chunk of inflate(chunks))
      for (const record of decoder.push(chunk)) add(record)
    for (const record of decoder.end()) add(record)
    return { lines, end: 'whole' }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { lines, end: error.code }
  }
}

async function* toAsync(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

const LONGEST_SAMPLE = 6000
const samples = (kind: Kind): Buffer[] =>
  (kind === 'CloudTrail'
    ? cloudTrailFixtures()
    : [
        'vpcflow/opensearch/aws_vpc_flow-raw.lines1-250.log',
        'vpcflow/flowlogs-reader/v5.log',
        'vpcflow/otel/valid_tgw_flow_log.log',
      ]
  ).map(path => Buffer.from(fixtureText(path)).subarray(0, LONGEST_SAMPLE))

for (const kind of ['CloudTrail', 'VPCFlowLogs'] as const)
  t.test(`damaged ${kind}, plain and gzipped, in any chunks`, async () => {
    const sample = fc.constantFrom(...samples(kind))
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(sample, damage, damage),
        fc.array(fc.nat(), { maxLength: 30 }),
        async ([sample, damaged, zipDamaged], places) => {
          const body = damaged(sample)
          const whole = await linesOf(kind, body)
          const cut = await linesOf(kind, cutBytes(body, places))
          const zip = gzipSync(body)
          const zipped = await linesOf(kind, zip)
          const isGzip = body[0] === 0x1f
          if (JSON.stringify(whole) !== JSON.stringify(cut))
            throw new Error('chunks make a difference')
          if (!isGzip && JSON.stringify(whole) !== JSON.stringify(zipped))
            throw new Error('gzip makes a difference')
          await linesOf(kind, zipDamaged(zip))
        },
      ),
      RUNS,
    )
  })

t.test('no record of a sound document is missing', async t => {
  for (const path of cloudTrailFixtures()) {
    const { Records: records } = JSON.parse(fixtureText(path)) as {
      Records?: unknown[]
    }
    if (records === undefined) continue
    const { lines } = await linesOf(
      'CloudTrail',
      Buffer.from(fixtureText(path)),
    )
    t.equal(lines.length, records.length, path)
  }
})

t.test('values that mean something to JavaScript or Unicode', async t => {
  const texts = [
    '"\\ud800"',
    '"\\udfff\\ud83d"',
    '"\\u0000\\u2028"',
    '"__proto__"',
    '{"__proto__":{"a":1},"constructor":null}',
    '1e999999',
    '-1e999999',
    '9'.repeat(100_000),
    `${'['.repeat(510)}${']'.repeat(510)}`,
    `[${'[],'.repeat(30_000)}1]`,
  ]
  for (const text of texts) {
    const record = `{"__proto__":${text},"eventName":${text},"userIdentity":{"arn":${text}},"eventTime":${text}}`
    const body = Buffer.from(`{"Records":[${record},{"eventName":"next"}]}`)
    const { lines, end } = await linesOf('CloudTrail', body)
    t.equal(end, 'whole', text.slice(0, 40))
    t.equal(lines.length, 2)
    t.match(lines[1], /"next"/)
  }
})
