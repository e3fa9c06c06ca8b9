// The splitter is tried through the CloudTrail decoder, its only user.

import t from 'tap'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { JsonReader } from '../../src/decode/read-json.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { cutBytes, singleBytes } from './cut-bytes.ts'
import { decodeChunks, type Decoded } from './decode-chunks.ts'

function decode(...chunks: Buffer[]): Decoded<unknown> {
  const decoder = new CloudTrailDecoder(new JsonReader(wantedRecord(['a'])))
  return decodeChunks(decoder, chunks, (_, text) => JSON.parse(text) as unknown)
}

function decodeText(text: string): Decoded<unknown> {
  return decode(Buffer.from(text))
}

t.test('records are found in every shape of document', t => {
  const a = '{"a":[1,{"b":"]}"}]}'
  const b = '{ "b" : "ü\\"\\\\" }'
  const big = `"${'x,[{"'.replace('"', '\\"').repeat(10_000)}"`
  const shapes: [string, string, string[]][] = [
    ['empty', '', []],
    ['white space', ' \r\n\t', []],
    ['mark alone', '\ufeff', []],
    ['no records', '{"Records":[]}', []],
    ['no records, spaced', ' { "Records" : [ \n ] } \n', []],
    ['usual', `{"Records":[${a},${b}]}`, [a, b]],
    ['marked', `\ufeff{"Records":[${a}]}`, [a]],
    ['spaced', `\n{\t"Records"\r\n: [ ${a} ,\n${b} ] } `, [a, b]],
    ['key escaped', `{"\\u0052ecor\\u0064s":[${a}]}`, [a]],
    ['keys before', `{"x":[{"Records":[1]}],"y":${big},"Records":[${a}]}`, [a]],
    ['keys after', `{"Records":[${a}],"y":${big},"z":[[]],"w":null}`, [a]],
    ['twice', `{"Records":[${a}],"Records":[${b}]}`, [a, b]],
    ['name as value', `{"x":"Records","y":[1],"Records":[${a}]}`, [a]],
    ['bare array', `[${a},${b}]`, [a, b]],
    ['empty array', '[]', []],
    ['lines', `${a}\n${b}\n`, [a, b]],
    ['lines by CRLF', `${a}\r\n${b}`, [a, b]],
    ['no lines', `${a}${b} ${a}`, [a, b, a]],
    ['objects', `{"Records":[${a}]}\n{"Records":[${b}]}`, [a, b]],
    ['mixed', `[${a}] {"Records":[]}${b}[${a}]`, [a, b, a]],
    ['Records in an array', `[{"Records":[1]}]`, ['{"Records":[1]}']],
    ['Records no array', '{"Records":{"a":[1]}}', ['{"Records":{"a":[1]}}']],
    ['Records null', '{"Records":null}', ['{"Records":null}']],
    ['other case', '{"records":[1]}', ['{"records":[1]}']],
    ['empty object', '{}', ['{}']],
  ]
  for (const [name, text, expected] of shapes) {
    const whole = decodeText(text)
    t.strictSame(whole.texts, expected, name)
    t.equal(whole.end, 'whole', name)
    for (const record of whole.records)
      t.strictSame(record.value, JSON.parse(record.text), name)
    if (text.length < 1000)
      t.strictSame(decode(...singleBytes(Buffer.from(text))), whole, name)
  }
  t.end()
})

t.test('broken nesting ends it after the records before', t => {
  const a = '{"a":1}'
  const broken = [
    `{"Records":[${a}`,
    `{"Records":[${a},`,
    `{"Records":[${a}]`,
    `{"Records":[${a},{"b":[1]`,
    `{"Records":[${a},{"b":"`,
    `{"Records":[${a},{"b":[1}]}`,
    `{"Records":[${a},{"b":1]}`,
    `{"Records":[${a}}`,
    `{"Records":[${a}${a}]}`,
    `{"Records":[${a} x,${a}]}`,
    `{"Records":[${a},,${a}]}`,
    `{"Records":[${a},]}`,
    `{"Records":[${a},x{}]}`,
    `{"Records":[${a},12`,
    `{"Records":[${a}]]`,
    `{"Records":[${a}]x}`,
    `{"Records":[${a}]}]`,
    `{"Records":[${a}]}x${a}`,
    `{"Records":[${a}]},${a}`,
    `[${a},}`,
    `[${a}`,
    `${a}\nx\n${a}`,
    `${a}\n"x"`,
    `${a}]`,
    `${a}{"b":]}`,
    `${a}{"b"`,
    `${a}{"b":1`,
  ]
  for (const text of broken) {
    const whole = decodeText(text)
    t.equal(whole.end, 'nesting', text)
    t.strictSame(whole.texts, [a], text)
    t.strictSame(decode(...singleBytes(Buffer.from(text))), whole, text)
  }
  for (const text of ['{', '[', '{"Records"', '[,1]', '{]'])
    t.equal(decodeText(text).end, 'nesting', text)
  t.end()
})

t.test('what is no JSON at all is said to be so', t => {
  for (const text of ['x', '  <xml/>', '"a"', '1', '}', ']', '\0', 'null', 'é'])
    t.strictSame(decodeText(text), { records: [], texts: [], end: 'not-json' })
  t.end()
})

const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const objects = (depth: number) =>
  '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)

t.test('nesting is bounded at 512', t => {
  for (const deep of [arrays, objects])
    for (const wrap of [
      (text: string) => `{"Records":[{},${text},{}]}`,
      (text: string) => `[{},${text},{}]`,
    ]) {
      const deepest = decodeText(wrap(deep(512)))
      t.strictSame(deepest.texts, ['{}', deep(512), '{}'])
      t.equal(deepest.end, 'whole')
      for (const depth of [513, 100_000]) {
        const { texts, end } = decodeText(wrap(deep(depth)))
        t.strictSame({ texts, end }, { texts: ['{}'], end: 'too-deep' })
      }
    }
  t.equal(decodeText(objects(512)).end, 'whole', 'at top level')
  t.equal(decodeText(objects(513)).end, 'too-deep', 'at top level')
  t.end()
})

const MAX_RECORD = 16 * 1024 * 1024

/** A record of so many bytes. */
const sized = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`

/** A text as one chunk, and as chunks of about 1 MB. */
function ways(text: string): Buffer[][] {
  const bytes = Buffer.from(text)
  const places = [...Array(20).keys()].map(i => i * 1_000_003)
  return [[bytes], cutBytes(bytes, places)]
}

t.test('a record is bounded at 16 MiB, an object around records is not', t => {
  for (const wrap of [
    (text: string) => `{"Records":[{},${text},{}]}`,
    (text: string) => `{}${text}{}`,
  ]) {
    for (const chunks of ways(wrap(sized(MAX_RECORD)))) {
      const { texts, end } = decode(...chunks)
      t.equal(end, 'whole')
      t.strictSame(
        texts.map(text => text.length),
        [2, MAX_RECORD, 2],
      )
    }
    for (const chunks of ways(wrap(sized(MAX_RECORD + 1)))) {
      const { texts, end } = decode(...chunks)
      t.strictSame({ texts, end }, { texts: ['{}'], end: 'element-too-large' })
    }
  }
  const long = sized(MAX_RECORD + 1)
  const around = `{"x":${long},"Records":[{"a":1}],"y":${long}}`
  for (const chunks of ways(around)) {
    const { texts, end } = decode(...chunks)
    t.strictSame({ texts, end }, { texts: ['{"a":1}'], end: 'whole' })
  }
  t.end()
})

t.test('a chunk border can be anywhere', t => {
  const text =
    '\ufeff{"x\\"":"\\\\","\\u0052ecords" : [ {"a":"\\\\\\"]}","é":"😀\\u005c"},' +
    ' "\\"",\n-1.5,{"b":[{},[[]],"{[",{"Records":[1]}]}\t]\r\n,"z":[1]}\n{"c":1}'
  const bytes = Buffer.from(text)
  const whole = decode(bytes)
  t.strictSame(whole.texts, [
    '{"a":"\\\\\\"]}","é":"😀\\u005c"}',
    '"\\""',
    '-1.5',
    '{"b":[{},[[]],"{[",{"Records":[1]}]}',
    '{"c":1}',
  ])
  t.equal(whole.end, 'whole')
  t.strictSame(decode(...singleBytes(bytes)), whole)
  for (let first = 0; first <= bytes.length; first++)
    for (let second = first; second <= bytes.length; second += 7) {
      const got = decode(...cutBytes(bytes, [first, second]))
      if (JSON.stringify(got) !== JSON.stringify(whole))
        t.strictSame(got, whole, `cut at ${first} and ${second}`)
    }
  t.end()
})

t.test('a cut or a changed byte keeps the records before', t => {
  const text = '{"Records":[{"a":"x\\"]"},{"b":[1,{}]},{"c":"é"}],"d":{}}'
  const bytes = Buffer.from(text)
  const { texts } = decode(bytes)
  t.equal(texts.length, 3)
  for (let at = 1; at < bytes.length; at++) {
    const before = texts.filter(
      record => bytes.indexOf(record) + Buffer.byteLength(record) <= at,
    )
    const cutOff = decode(bytes.subarray(0, at))
    t.strictSame(cutOff.texts, before)
    t.equal(cutOff.end, 'nesting')
    for (const byte of [0x22, 0x5c, 0x5d, 0x7b, 0x7d, 0x00, 0xff]) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(byte, at)
      const got = decode(changed).texts.slice(0, before.length)
      t.strictSame(got, before, `byte ${byte} at ${at}`)
    }
  }
  t.end()
})
