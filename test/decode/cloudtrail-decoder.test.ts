import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { JsonReader } from '../../src/decode/read-json.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { cutBytes, singleBytes } from './cut-bytes.ts'
import { decodeChunks, type Decoded } from './decode-chunks.ts'

const wanted = wantedRecord(['a', 'eventID', 'userIdentity.arn'])

// What was read is told by what JSON.parse makes of it, so that a record that
// should not have been read fails here.
function decode(...chunks: Buffer[]): Decoded<unknown> {
  const decoder = new CloudTrailDecoder(new JsonReader(wanted))
  return decodeChunks(decoder, chunks, (_, text) => JSON.parse(text) as unknown)
}

function decodeText(text: string): Decoded<unknown> {
  return decode(Buffer.from(text))
}

const fixtures = 'test/fixtures'

function fixture(path: string): string {
  const bytes = readFileSync(join(fixtures, path))
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

const sources = readdirSync(join(fixtures, 'cloudtrail')).flatMap(source =>
  readdirSync(join(fixtures, 'cloudtrail', source)).map(
    name => `cloudtrail/${source}/${name}`,
  ),
)

/** Takes the texts out of a document, each from where the one before ended. */
function remainder(text: string, texts: string[]): string {
  let left = ''
  let from = 0
  for (const record of texts) {
    const at = text.indexOf(record, from)
    left += text.slice(from, at)
    from = at + record.length
  }
  return left + text.slice(from)
}

t.test('every published sample gives its events, byte for byte', t => {
  t.ok(sources.length >= 50)
  for (const path of sources) {
    const text = fixture(path)
    const source = JSON.parse(text)
    const events: unknown[] = Array.isArray(source)
      ? source
      : (source.Records ?? [source])
    const bytes = Buffer.from(text)
    for (const chunks of [
      [bytes],
      cutBytes(bytes, [1000, 1001, 5000, 70_000]),
    ]) {
      const { records, texts, end } = decode(...chunks)
      t.equal(end, 'whole', path)
      t.strictSame(
        texts.map(record => JSON.parse(record)),
        events,
      )
      t.strictSame(
        records.map(record => record.value),
        events,
      )
      t.match(
        remainder(text, texts),
        /^(\{\s*"Records"\s*:\s*)?\[?[\s,]*]?\s*}?\s*$/,
      )
    }
  }
  t.end()
})

t.test('one object a line is read, also other logs than CloudTrail', t => {
  for (const [name, count] of [
    ['waf.ndjson.gz', 38],
    ['route53-resolver-query.ndjson', 8],
    ['cloudtrail-lookup-events.jsonl.gz', 6],
  ] as const) {
    const text = fixture(`other/${name}`)
    const { records, texts, end } = decodeText(text)
    t.equal(end, 'whole')
    t.strictSame(texts, text.trim().split(/\r?\n/))
    t.equal(records.filter(record => record.value).length, count)
  }
  t.end()
})

t.test('what is balanced but no JSON object comes out as text alone', t => {
  const elements = [
    '1',
    '"a]\\"}"',
    'null',
    '-1.5e3',
    '[{"a":1}]',
    '{"a" 1}',
    '{a}',
    '{"a":\u00e9}',
    '"\\x"',
    'nul',
    '{"a":1,}',
    '{"a":"\n"}',
  ]
  for (const text of [
    `{"Records":[${elements.join(',')}]}`,
    `[ ${elements.join(' , ')} ]`,
  ]) {
    const whole = decodeText(text)
    t.equal(whole.end, 'whole')
    t.strictSame(
      whole.records,
      elements.map(element => ({ text: element, value: undefined })),
    )
    t.strictSame(decode(...singleBytes(Buffer.from(text))), whole)
  }
  const lines = decodeText('{"a":1}\n{"a"}\n{,}\n{"b":2}')
  t.strictSame(
    lines.records.map(record => record.value),
    [{ a: 1 }, undefined, undefined, { b: 2 }],
  )
  t.end()
})

t.test('a record of very many values is read', t => {
  for (const one of ['{},', '[[1]],', '0,']) {
    const text = `{"a":[${one.repeat(300_000)}0]}`
    const { records, end } = decode(Buffer.from(`[${text}]`))
    t.equal(end, 'whole')
    t.ok(records[0]?.text === text)
    t.ok(records[0]?.value !== undefined)
  }
  t.end()
})

t.test('what is no UTF-8 becomes U+FFFD, also in a value', t => {
  const decoder = new CloudTrailDecoder(new JsonReader(wanted))
  const source = Buffer.from('[{"a":"x?y"},{"a":"z"}]')
  source[source.indexOf('?')] = 0xff
  for (const chunks of [[source], singleBytes(source)]) {
    const { records } = decodeChunks(decoder, chunks, values => values.get(0))
    t.strictSame(records, [
      { text: '{"a":"x\ufffdy"}', value: 'x\ufffdy' },
      { text: '{"a":"z"}', value: 'z' },
    ])
  }
  t.end()
})

/** Arbitrary values whose strings are full of what could mislead a scanner. */
const value = fc.jsonValue({
  stringUnit: fc.oneof(
    fc.constantFrom(...'"\\{}[],: \n\u0000'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})
const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
const printed = fc
  .tuple(value, fc.integer({ min: 0, max: 2 }))
  .map(([json, indent]) => JSON.stringify(json, null, indent))
const printedList = fc.array(printed)
const members = fc
  .tuple(fc.string({ unit: 'binary' }), printed)
  .filter(([name]) => name !== 'Records')
  .map(([name, json]) => `${JSON.stringify(name)}:${json}`)

interface Part {
  text: string
  records: string[]
}

/** Prints an array with white space around everything. */
function array(records: string[], space: string): string {
  return `[${space}${records.join(`${space},${space}`)}${space}]`
}

/** Arbitrary documents, with the records that they are made of. */
const document = fc
  .array(
    fc.oneof(
      fc
        .tuple(printedList, spaces)
        .map(([records, s]): Part => ({ text: array(records, s), records })),
      fc
        .tuple(
          printedList,
          spaces,
          fc.array(members),
          fc.array(members),
          fc.constantFrom('Records', 'R\\u0065cords', 'Record\\u0073'),
        )
        .map(([records, s, before, after, name]): Part => {
          const member = `${s}"${name}"${s}:${s}${array(records, s)}${s}`
          const text = [...before, member, ...after].join(',')
          return { text: `{${text}}`, records }
        }),
      fc.array(members).map((all): Part => {
        const text = `{${all.join(',')}}`
        return { text, records: [text] }
      }),
    ),
    { maxLength: 4 },
  )
  .map(parts => ({
    bytes: Buffer.from(parts.map(part => part.text).join('\n')),
    records: parts.flatMap(part => part.records),
  }))

t.test(
  'any document in any chunks gives the records it is made of',
  async () => {
    const places = fc.array(fc.nat(), { maxLength: 8 })
    fc.assert(
      fc.property(document, places, ({ bytes, records }, borders) => {
        const got = decode(...cutBytes(bytes, borders))
        if (got.end !== 'whole') throw new Error(got.end)
        const expected = records.map(text => ({ text, value: object(text) }))
        if (JSON.stringify(got.records) !== JSON.stringify(expected))
          throw new Error('other records')
      }),
      { numRuns: 1000 },
    )
  },
)

/** Parses an expected record; only objects have a value. */
function object(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : undefined
}
