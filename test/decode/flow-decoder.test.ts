import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { FlowDecoder } from '../../src/decode/flow-decoder.ts'
import { cutBytes, singleBytes } from './cut-bytes.ts'
import { decodeChunks, type Decoded } from './decode-chunks.ts'

interface FlowRow {
  names: readonly string[]
  values: unknown[]
}

function decode(...chunks: Buffer[]): Decoded<FlowRow> {
  return decodeChunks(new FlowDecoder(), chunks, values => ({
    names: values.names,
    values: values.names.map((_, slot) => values.get(slot)),
  }))
}

/** Decodes a text whole and byte by byte, and gives each row as an object. */
function rows(text: string): unknown[] {
  const bytes = Buffer.from(text)
  const whole = decode(bytes)
  t.equal(whole.end, 'whole')
  if (bytes.length < 10_000) t.strictSame(decode(...singleBytes(bytes)), whole)
  return whole.records.map(record => {
    const { value } = record
    if (!value) return record.text
    const { names, values } = value
    return Object.fromEntries(names.map((name, i) => [name, values[i]]))
  })
}

function fixture(path: string): string {
  const bytes = readFileSync(join('test/fixtures/vpcflow', path))
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

const version2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol ' +
  'packets bytes start end action log-status'

const row =
  '2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 ' +
  '1418530010 1418530070 ACCEPT OK'

/** The row by the field order that AWS documents for version 2. */
const fields = {
  version: '2',
  'account-id': '123456789010',
  'interface-id': 'eni-1235b8ca',
  srcaddr: '172.31.16.139',
  dstaddr: '172.31.16.21',
  srcport: '20641',
  dstport: '22',
  protocol: '6',
  packets: '20',
  bytes: '4249',
  start: '1418530010',
  end: '1418530070',
  action: 'ACCEPT',
  'log-status': 'OK',
}

t.test('every published sample gives its rows', t => {
  const samples: [string, number, number][] = [
    ['opensearch/aws_vpc_flow-raw.lines1-250.log', 250, 0],
    ['opensearch/aws_vpc_flow-raw.lines1-250.with-header.log.gz', 250, 0],
    ['flowlogs-reader/v2_records.log', 5, 0],
    ['flowlogs-reader/v3.log', 2, 0],
    ['flowlogs-reader/v4.log', 2, 0],
    ['flowlogs-reader/v5.log', 2, 1],
    ['flowlogs-reader/v6.log', 1, 0],
    ['otel/valid_vpc_flow_log_multi.log', 2, 0],
    ['otel/valid_vpc_flow_log_ecs.log', 1, 0],
    ['otel/valid_tgw_flow_log.log', 1, 0],
  ]
  for (const [path, good, bad] of samples) {
    const text = fixture(path)
    const lines = text.split('\n').filter(line => line !== '')
    const hasHeader = !path.endsWith('250.log')
    const names = hasHeader ? lines.shift()?.split(' ') : version2.split(' ')
    const { records, end } = decode(Buffer.from(text))
    t.equal(end, 'whole', path)
    t.strictSame(
      records.map(record => record.text),
      lines,
    )
    const values = records.filter(record => record.value)
    t.equal(values.length, good, path)
    t.equal(records.length - values.length, bad, path)
    for (const record of values) {
      t.strictSame(record.value?.names, names)
      t.strictSame(record.value?.values, record.text.split(' '))
    }
  }
  t.end()
})

t.test('a row without a header has the columns of version 2', t => {
  t.strictSame(rows(row), [fields])
  t.strictSame(rows(`${row}\n`), [fields])
  t.strictSame(rows(`\ufeff${row}\r\n${row}\r\n`), [fields, fields])
  t.end()
})

t.test('a header names the columns in any order', t => {
  const names = version2.split(' ').toReversed()
  const values = row.split(' ').toReversed()
  const text = `${names.join(' ')}\n${values.join(' ')}\n`
  t.strictSame(rows(text), [fields])
  t.strictSame(rows(`\ufeff${text.replaceAll('\n', '\r\n')}`), [fields])
  t.strictSame(rows(text.replaceAll('-id', '_id')), [fields], 'with _ for -')
  t.strictSame(rows(`${names.join(' ')}\n`), [], 'without a row')
  t.strictSame(rows('srcaddr new-field\n::1 x'), [
    { srcaddr: '::1', 'new-field': 'x' },
  ])
  t.end()
})

t.test('a header further down changes the columns', t => {
  const text = `${row}\n${version2}\n${row}\nend start\n2 1\nend start\n4 3\n${version2}\n${row}`
  t.strictSame(rows(text), [
    fields,
    fields,
    { start: '1', end: '2' },
    { start: '3', end: '4' },
    fields,
  ])
  t.end()
})

t.test('rows share the columns of their header', t => {
  const { records } = decode(
    Buffer.from(`${version2}\n${row}\n`),
    Buffer.from(`${row}\n${version2}\n${row}`),
  )
  const columns = new Set(records.map(record => record.value?.names))
  t.equal(columns.size, 1)
  t.end()
})

t.test('fields are split at runs of spaces and tabs', t => {
  const wide = row.replaceAll(' ', '  ')
  const tabs = row.replaceAll(' ', '\t')
  const both = ` ${row.replace(' ', ' \t ')}\t `
  t.strictSame(rows([wide, tabs, both, row].join('\n')), [
    fields,
    fields,
    fields,
    fields,
  ])
  t.strictSame(
    decode(Buffer.from(`${both}\r\n`)).records.map(record => record.text),
    [both],
    'the text stays as it is',
  )
  t.strictSame(rows(` ${version2.replaceAll(' ', '\t')} \n${row}`), [fields])
  t.end()
})

t.test('a row that looks much like a header is a row', t => {
  const text = 'region flow-direction\nus-east-1 ingress\nregion -\neu egress'
  t.strictSame(rows(text), [
    { region: 'us-east-1', 'flow-direction': 'ingress' },
    { region: 'region', 'flow-direction': '-' },
    { region: 'eu', 'flow-direction': 'egress' },
  ])
  t.end()
})

t.test('blank lines are no records', t => {
  t.strictSame(rows(''), [])
  t.strictSame(rows('\ufeff'), [])
  t.strictSame(rows('\n\r\n \t\n\n'), [])
  t.strictSame(rows(`\n\n${row}\n\n \r\n${row}\n\n`), [fields, fields])
  t.end()
})

t.test('a row of another width is text alone', t => {
  const short = row.slice(0, row.lastIndexOf(' '))
  for (const bad of [
    short,
    `${row} more`,
    short.replace(' ', '  '),
    `${short} `,
    ` ${short}`,
    `${row.replace(' ', '\t')} more`,
    'bogus line',
    '{"Records":[]}',
  ])
    t.strictSame(rows(`${row}\n${bad}\n${row}`), [fields, bad, fields])
  t.end()
})

t.test('rows before the first one that fits wait for it', t => {
  const syslog = 'Mar 10 12:00:00 host sshd[1]: Connection closed'
  const bad = row.slice(0, row.lastIndexOf(' '))
  t.strictSame(rows(`${bad}\n${syslog}\n${row}\n${bad}`), [
    bad,
    syslog,
    fields,
    bad,
  ])
  t.strictSame(rows(`${syslog}\n${version2}\n${row}`), [syslog, fields])
  t.strictSame(rows(`${syslog}\n\n${version2}\n`), [syslog], 'or a header')
  const unsure = 'this new start'.replace('new', 'new one')
  t.match(rows(`${unsure}\n1 2 3 4`), [{ start: '4' }])
  const long = `${syslog}\n`.repeat(20_000)
  const { records } = decode(Buffer.from(`${long}${row}`))
  t.equal(records.length, 20_001)
  t.end()
})

t.test('a text in which nothing fits is no flow log', t => {
  const texts = [
    'Bad gateway',
    'Mar 10 12:00:00 host sshd[1]: Connection closed\n'.repeat(3),
    '# Read me\n\nThis bucket holds the flow logs of the network team.\n',
    'this is the start of a text\nof many words',
    row.replace('2', 'two'),
    `${row} more`,
    row.slice(0, row.lastIndexOf(' ')),
    `\ufeff\r\n${row} more\r\n`,
    'caf\u00e9 au lait',
  ]
  for (const text of texts)
    for (const chunks of [
      [Buffer.from(text)],
      [...singleBytes(Buffer.from(text))],
    ]) {
      const { records, end } = decode(...chunks)
      t.equal(end, 'not-a-log', text)
      t.strictSame(records, [], text)
    }
  const line = Buffer.from('Connection closed\n')
  let lines = 0
  const decoder = new FlowDecoder()
  t.throws(
    () => {
      for (; lines < 1e6; lines++)
        for (const _ of decoder.push(line)) t.fail('it is handed out')
    },
    {
      code: 'not-a-log',
      message:
        'This is text of another kind, not flow log text: check LogType and FilePath',
    },
  )
  t.equal(lines, Math.floor(1_048_576 / (line.length - 1)), 'in flat memory')
  t.end()
})

const wide = (bytes: number) => Buffer.alloc(bytes, 'a ').toString()

t.test('a line of more than 64 KiB is not split', t => {
  const header = `start ${wide(65_530)}`
  const fits = rows(`${header}\n${header.replace('start', '1')}`)
  t.equal(typeof fits[0], 'object')
  const tooWide = `2 ${wide(65_536)}`
  t.strictSame(rows(`${tooWide}\n${row}`), [tooWide, fields])
  t.end()
})

t.test('a line is bounded at 16 MiB', t => {
  const limit = 16 * 1024 * 1024
  const line = Buffer.alloc(limit, 'x')
  const feed = Buffer.from('\n')
  const good = Buffer.from(`${row}\n`)
  for (const end of [Buffer.alloc(0), feed, Buffer.concat([feed, good])])
    for (const chunks of [
      [good, line, end],
      [Buffer.concat([good, line, end])],
    ]) {
      const { records, end } = decode(...chunks)
      t.equal(end, 'whole')
      t.equal(records[1]?.text.length, limit)
      t.equal(records[1]?.value, undefined)
    }
  const { records, end } = decode(good, line, Buffer.from('x'), feed, good)
  t.equal(end, 'element-too-large')
  t.equal(records.length, 1, 'the rows before it are out')
  t.end()
})

t.test(
  'any lines in any chunks are split as a plain split does it',
  async () => {
    const token = fc.oneof(
      fc.constantFrom('-', 'OK', '1418530010', 'start', 'é', '😀', '\ufeff.'),
      fc.stringMatching(/^[A-Z0-9:.é]{1,20}$/),
    )
    const gap = fc.constantFrom(' ', ' ', ' ', '  ', '\t')
    const line = fc
      .array(fc.tuple(token, gap), { maxLength: 5 })
      .map(pairs => `1${pairs.flat().join('')}`)
    const ending = fc.constantFrom('\n', '\n', '\r\n', '\n\n')
    const places = fc.array(fc.nat(), { maxLength: 6 })
    const names = ['a', 'b', 'start']
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, ending)),
        places,
        (pairs, borders) => {
          const text = `a b start\n${pairs.flat().join('')}`
          const bytes = Buffer.from(text)
          const got = decode(...cutBytes(bytes, borders)).records.map(
            record => [record.text, record.value?.values],
          )
          const expected = pairs.map(([text]) => {
            const values = text.split(/[ \t]+/).filter(value => value !== '')
            return [text, values.length === names.length ? values : undefined]
          })
          if (JSON.stringify(got) !== JSON.stringify(expected))
            throw new Error(JSON.stringify(got))
        },
      ),
      { numRuns: 1000 },
    )
  },
)
