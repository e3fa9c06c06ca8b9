// Forms as their makers write them; where Node can, they are made here, else
// their published first bytes are.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { DecodeError } from '../../src/decode/decode-error.ts'
import type { SourceRecord } from '../../src/decode/decoder.ts'
import { FlowDecoder } from '../../src/decode/flow-decoder.ts'
import { foreignForm } from '../../src/decode/foreign-form.ts'
import { inflate } from '../../src/decode/inflate.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { ways, type Body } from './read-inflated.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol ' +
  'packets bytes start end action log-status'
const row =
  '2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 ' +
  '1418530010 1418530070 ACCEPT OK'
const flow = `${header}\n${`${row}\n`.repeat(50)}`
const trail = `{"Records":[${Array.from({ length: 20 }, (_, i) => `{"eventID":"${i}"}`).join()}]}`

const decoders = {
  CloudTrail: () => new CloudTrailDecoder(wantedRecord(['eventID'])),
  VPCFlowLogs: () => new FlowDecoder(),
}
type Kind = keyof typeof decoders

/** Counts the records that come out of a body, and gives what ended it. */
async function read(kind: Kind, body: Body) {
  const decoder = decoders[kind]()
  const texts: string[] = []
  let malformed = 0
  let failure: DecodeError | undefined
  try {
    const take = (records: Iterable<SourceRecord>): void => {
      for (const { bytes, from, to, values } of records) {
        texts.push(bytes.toString('utf8', from, to))
        if (values === undefined) malformed++
      }
    }
    for await (const chunk of inflate(body)) take(decoder.push(chunk))
    take(decoder.end())
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    failure = error
  }
  return { texts, malformed, failure }
}

const noise = randomBytes(3000)
const after = (head: string): Buffer => Buffer.concat([bytes(head), noise])
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')

const tar = Buffer.alloc(1024)
tar.write('flow.log')
tar.write('ustar', 257)

/** Forms of which no log has one, whatever its type. */
const forms: [form: string, body: Buffer][] = [
  ['Parquet', after('PAR1')],
  ['Avro', after('Obj\x01\x04\x14avro.codec')],
  ['ORC', after('ORC\x11')],
  ['zip', after('PK\x03\x04\x14\0')],
  ['zip', bytes(`PK\x05\x06${'\0'.repeat(18)}`)],
  ['zstd', after('\x28\xb5\x2f\xfd')],
  ['zstd', after('\x5e\x2a\x4d\x18')],
  ['bzip2', after('BZh91AY&SY')],
  ['snappy', after('\xff\x06\0\0sNaPpY')],
  ['zlib', deflateSync(flow)],
  ['zlib', deflateSync(trail, { level: 1 })],
  ['zlib', deflateSync(trail, { level: 9 })],
  ['lz4', after('\x04\x22\x4d\x18')],
  ['xz', after('\xfd7zXZ\0')],
  ['tar', tar],
  ['UTF-16', utf16(`\ufeff${trail}`)],
  ['UTF-16', utf16(flow)],
  ['UTF-16', utf16(`\ufeff${flow}`).swap16()],
  ['UTF-16', utf16(trail).swap16()],
  ['binary', noise],
  ['binary', deflateRawSync(trail + flow)],
  ['binary', bytes('\x89PNG\r\n\x1a\n')],
  ['binary', bytes(`${trail}\0`)],
  ['binary', bytes(`\0${flow}`)],
  ['binary', bytes('\0\0\x10\0\0\0\x0c\0snappy of Hadoop')],
  ['binary', bytes('\xff')],
]

for (const kind of ['CloudTrail', 'VPCFlowLogs'] as const) {
  t.test(`${kind}: each form that is no log fails by its name`, async t => {
    for (const [form, body] of forms)
      for (const [way, shape] of ways(body)) {
        const { texts, failure } = await read(kind, shape)
        t.strictSame(texts, [], `${form} as ${way}`)
        t.match(failure, {
          code: form === 'Parquet' ? 'parquet' : 'not-a-log',
          message: form,
        })
      }
  })

  t.test(`${kind}: so does what gzip data holds`, async t => {
    const inner: typeof forms = [...forms, ['gzip', gzipSync(trail)]]
    for (const [form, body] of inner)
      for (const [way, shape] of ways(gzipSync(body))) {
        const { texts, failure } = await read(kind, shape)
        t.strictSame(texts, [], `${form} as ${way}`)
        t.match(failure, {
          code: 'not-a-log',
          message: `The gzip data holds ${form}`,
        })
      }
  })
}

const pages = [
  '<!DOCTYPE html><html><body>502, sorry</body></html>',
  '\ufeff\r\n <html>\n</html>',
  '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
]
const tables = [
  header.replaceAll(' ', ','),
  header.replaceAll(/\S+/g, '"$&"').replaceAll(' ', ','),
  header.replaceAll(/\S+/g, '"$&"'),
  header.replaceAll(' ', ';'),
  row.replaceAll(' ', ','),
  '"eventID","eventTime"\n"1","2026-01-02T03:04:05Z"',
]
const json = [
  trail,
  '[{"version":2}]',
  ` \n{"version":2,"srcaddr":"10.0.0.1"}\n{"version":2}\n`,
  JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [] }),
]
const texts: [Kind, string, string[]][] = [
  ['VPCFlowLogs', 'HTML', pages],
  ['VPCFlowLogs', 'JSON', json],
  ['VPCFlowLogs', 'CSV', tables],
  ['CloudTrail', 'HTML', pages],
  ['CloudTrail', 'CSV', tables],
]
for (const [kind, form, bodies] of texts)
  t.test(`${kind}: ${form} fails by its name`, async t => {
    for (const text of bodies)
      for (const body of [Buffer.from(text), gzipSync(text)]) {
        const { texts, failure } = await read(kind, body)
        t.strictSame(texts, [], text.slice(0, 30))
        t.match(failure, { message: form })
        const byBytes = await read(kind, ways(body)[1]?.[1] ?? body)
        t.strictSame(byBytes.texts, [])
        t.equal(byBytes.failure?.code, failure?.code)
      }
  })

t.test('the beginning tells, whatever the size', async t => {
  for (const [kind, text] of [
    ['VPCFlowLogs', '{"Records":['],
    ['VPCFlowLogs', '<html>'],
    ['CloudTrail', '<html>'],
    ['CloudTrail', 'PK\x03\x04'],
  ] as const) {
    let taken = 0
    async function* body() {
      yield bytes(text)
      for (;;) {
        taken++
        yield Buffer.alloc(64 * 1024, 'x')
      }
    }
    const { failure } = await read(kind, body())
    t.ok(failure)
    t.ok(taken < 3, `${taken} pieces more`)
  }
})

t.test('logs are logs, and what little is wrong in them stays', async t => {
  for (const body of [Buffer.from(flow), gzipSync(flow)]) {
    const { texts, malformed, failure } = await read('VPCFlowLogs', body)
    t.equal(failure, undefined)
    t.equal(texts.length, 50)
    t.equal(malformed, 0)
  }
  t.equal((await read('CloudTrail', Buffer.from(trail))).texts.length, 20)
  // A name in Latin-1, and a text of another script.
  const user = bytes(
    `{"Records":[{"eventID":"Ren\xe9, Zo\xeb and Fran\xe7ois"}]}`,
  )
  t.equal((await read('CloudTrail', user)).texts.length, 1)
  const script = Buffer.from(
    `{"Records":[{"eventID":"${'日本語'.repeat(900)}"}]}`,
  )
  t.equal((await read('CloudTrail', script)).texts.length, 1)
  // Rows of another width, and what is no row, under a header or without one.
  for (const first of [header, row]) {
    const got = await read(
      'VPCFlowLogs',
      Buffer.from(`${first}\n${row} x\n{"a":1}\na,b\n${row}`),
    )
    t.equal(got.failure, undefined)
    t.equal(got.malformed, 3)
  }
})

t.test(
  'without a header the columns hold for rows of version 2 alone',
  async t => {
    const odd = [
      row.replace('2 ', 'x '),
      row.replace('2 ', '- '),
      row.replace('2 ', '2. '),
      `${row} more`,
      row.replace(' OK', ''),
      'Sorry this is not here',
    ]
    const { texts, malformed, failure } = await read(
      'VPCFlowLogs',
      Buffer.from([...odd, row].join('\n')),
    )
    t.equal(failure, undefined)
    t.strictSame(texts, [...odd, row])
    t.equal(malformed, odd.length)
  },
)

t.test('no published sample is taken for another form', async t => {
  const root = 'test/fixtures/'
  for (const path of [
    'vpcflow/opensearch/aws_vpc_flow-raw.lines1-250.log',
    'vpcflow/flowlogs-reader/v5.log',
    'cloudtrail/otel/cloudtrail_log.json',
  ])
    t.equal(foreignForm(readFileSync(root + path)), undefined, path)
})

t.test(
  'what is no text is told from what is, by a count of its own',
  async t => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 })
    await fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 60 }), (text, odd) => {
        // A good part of the beginning may be anything.
        const body = Buffer.concat([Buffer.from(`{"a":"${text}`), odd])
        const form = foreignForm(body)
        if (body.includes(0)) return form === 'binary data'
        const decoded = body.toString()
        const kept = Buffer.from(decoded).equals(body)
        const lost = kept ? 0 : (decoded.match(/\ufffd/g)?.length ?? 0)
        const controls = body.filter(
          byte => byte < 9 || (byte > 13 && byte < 32) || byte === 127,
        ).length
        return (form !== undefined) === lost + controls > body.length / 10
      }),
      { numRuns: 2000 },
    )
    for (let length = 512; length < 712; length++)
      t.ok(foreignForm(randomBytes(length)))
  },
)
