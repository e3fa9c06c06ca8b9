// Forms as their makers write them; where Node can, they are made here, else
// their published first bytes are.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { JsonReader } from '../../src/decode/read-json.ts'
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
  CloudTrail: () =>
    new CloudTrailDecoder(new JsonReader(wantedRecord(['eventID']))),
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

/** Writes text as one block of Hadoop's: both sizes, and snappy's raw form of literals. */
function hadoopSnappy(text: string): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  const varint: number[] = []
  for (let rest = text.length; ; rest >>>= 7) {
    varint.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  const literals: Buffer[] = []
  for (let at = 0; at < text.length; at += 60) {
    const part = Buffer.from(text.slice(at, at + 60), 'latin1')
    literals.push(Buffer.from([(part.length - 1) << 2]), part)
  }
  const block = Buffer.concat([Buffer.from(varint), ...literals])
  const blockSize = Buffer.alloc(4)
  blockSize.writeUInt32BE(block.length)
  return Buffer.concat([size, blockSize, block])
}

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
  ['snappy', after('\x82SNAPPY\0\0\0\0\x01')],
  ['Hadoop-Snappy', hadoopSnappy(flow)],
  ['Hadoop-Snappy', hadoopSnappy(trail.repeat(200))],
  ['zlib', deflateSync(flow)],
  ['zlib', deflateSync(flow, { level: 4 })],
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
        t.match(failure, { code: 'not-a-log', message: form })
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

t.test('gzip in gzip, in several members', async t => {
  const twice = gzipSync(gzipSync(flow))
  for (const kind of ['CloudTrail', 'VPCFlowLogs'] as const)
    for (const body of [
      Buffer.concat([twice, twice]),
      Buffer.concat([gzipSync(''), twice]),
      Buffer.concat([gzipSync(gzipSync('')), twice]),
      gzipSync(Buffer.concat([gzipSync(flow), gzipSync(flow)])),
      gzipSync(twice),
    ])
      for (const [way, shape] of ways(body)) {
        const { texts, failure } = await read(kind, shape)
        t.strictSame(texts, [], way)
        t.match(failure, { code: 'not-a-log', message: 'data holds gzip' })
      }
})

const blank = '\ufeff' + ' \r\n\t'.repeat(700)
t.test('what comes after blank lines is named, too', async t => {
  for (const [kind, form, text] of [
    ['VPCFlowLogs', 'JSON', trail],
    ['VPCFlowLogs', 'JSON', '{"a":1}\n{"a":2}\n'],
    ['VPCFlowLogs', 'HTML', '<html></html>'],
    ['VPCFlowLogs', 'CSV', header.replaceAll(' ', ',')],
    ['CloudTrail', 'HTML', '<html></html>'],
    ['CloudTrail', 'HTML or XML', '<?xml version="1.0"?>'],
    ['CloudTrail', 'CSV', header.replaceAll(' ', ',')],
    ['CloudTrail', 'flow log text', flow],
  ] as const)
    for (const body of [Buffer.from(blank + text), gzipSync(blank + text)])
      for (const [way, shape] of ways(body)) {
        const { texts, failure } = await read(kind, shape)
        t.strictSame(texts, [], `${form} as ${way}`)
        t.match(failure?.message, `This is ${form}`)
      }
})

t.test('a flow log is told where CloudTrail is wanted', async t => {
  const custom = 'srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\n'
  for (const text of [flow, row, header, custom, flow.replaceAll(' ', '\t')]) {
    const { texts, failure } = await read('CloudTrail', Buffer.from(text))
    t.strictSame(texts, [])
    t.match(failure, {
      code: 'not-json',
      message:
        'This is flow log text, not the JSON of CloudTrail: check LogType',
    })
  }
  for (const [text, form] of [
    ['eventID\teventTime\n1\t2', 'tab-separated text'],
    ['Sorry, this is not here', 'CSV'],
    ['Sorry this is not here', "not JSON: it starts with 'S'"],
    ['version one', "not JSON: it starts with 'v'"],
  ] as const) {
    const { failure } = await read('CloudTrail', Buffer.from(text))
    t.match(failure, { code: 'not-json', message: `This is ${form}` })
  }
})

t.test('rows of other columns without a header are named', async t => {
  const gateway = `6 TransitGateway ${row.replace('2 ', '')} ${'- '.repeat(20)}-`
  for (const [text, fields] of [
    [gateway, gateway.split(' ').length],
    [`${row} vpc-1`, 15],
    [`3 ${row}\n${row} x y`, 15],
  ] as const) {
    const { texts, failure } = await read('VPCFlowLogs', Buffer.from(text))
    t.strictSame(texts, [])
    t.match(failure, {
      code: 'not-a-log',
      message: `The rows have ${fields} fields and no header line that names them`,
    })
  }
})

t.test('binary data after rows ends the object by its name', async t => {
  const plain = Buffer.from(flow)
  for (const [form, rest] of forms) {
    // Of few bytes nothing can be said.
    if (rest.length < 32 && form === 'binary') continue
    // And what is text but for a byte or two stays.
    const isNearlyText = rest.filter(byte => byte === 0).length === 1
    if (form === 'Hadoop-Snappy' || isNearlyText) continue
    // Noise may begin with a short line or two.
    const isNamed = form !== 'binary' || !rest.equals(noise)
    for (const body of [
      Buffer.concat([plain, rest]),
      Buffer.concat([gzipSync(plain), gzipSync(rest)]),
      Buffer.concat([plain, rest, Buffer.from(`\n${flow}`)]),
    ])
      for (const [way, shape] of ways(body)) {
        const { texts, malformed, failure } = await read('VPCFlowLogs', shape)
        t.match(failure, { code: 'not-a-log', message: 'After the text comes' })
        if (!isNamed) continue
        t.equal(texts.length, 50, `${form} as ${way}`)
        t.equal(malformed, 0)
        t.match(failure?.message, form)
      }
  }
  const twice = Buffer.concat([gzipSync(flow), gzipSync(gzipSync(flow))])
  const { texts, failure } = await read('VPCFlowLogs', twice)
  t.equal(texts.length, 50)
  t.match(failure?.message, 'After the text comes gzip')
  // A little that is wrong in a line is no binary data.
  for (const odd of ['Zo\xeb', '\x01', `${row} \x7f`, 'caf\xe9 \x1b[0m']) {
    const body = Buffer.concat([plain, bytes(`${odd}\n`), plain])
    const read50 = await read('VPCFlowLogs', body)
    t.equal(read50.failure, undefined)
    t.equal(read50.texts.length, 101)
    t.equal(read50.malformed, 1)
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
    // Where chance writes a varint behind it, a picture has sizes that fit.
    const picture = Buffer.from('89504e470d0a1a0affffff7f', 'hex')
    t.equal(foreignForm(Buffer.concat([picture, noise])), 'binary data')
    for (let length = 512; length < 712; length++)
      t.ok(foreignForm(randomBytes(length)))
  },
)
