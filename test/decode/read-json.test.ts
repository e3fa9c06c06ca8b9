// JSON.parse is the oracle: what it takes is taken, what it refuses is not, and
// of what it makes each wanted path holds the same.

import fc from 'fast-check'
import t from 'tap'
import { JsonReader } from '../../src/decode/read-json.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'

const paths = ['a', 'b.a', 'b.b.a', 'b.ab', 'é', 'list[0].a', 'list[0].b.a']
const reader = new JsonReader(wantedRecord(paths))

/** Reads a text as the reader does: the wanted values by path, or undefined. */
function read(text: string): unknown {
  const bytes = Buffer.from(text)
  if (reader.read(bytes, 0) !== bytes.length) return undefined
  const escaped = reader.escaped?.toString()
  if (`"${escaped}"` !== JSON.stringify(text)) throw new Error(escaped)
  const { values } = reader
  return Object.fromEntries(
    paths.map(path => [path, values.get(values.names.indexOf(path))]),
  )
}

/** Reads it as JSON.parse does. */
function expected(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return Object.fromEntries(paths.map(path => [path, lookUp(value, path)]))
}

function lookUp(root: unknown, path: string): unknown {
  let value: unknown = root
  for (const step of path.split('.')) {
    const [name = '', first] = step.split('[')
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) return undefined
    value = Object.getOwnPropertyDescriptor(value, name)?.value
    if (first === undefined) continue
    value = Array.isArray(value) ? value[0] : undefined
  }
  // true and false go out as they stand, so they are read as texts.
  return typeof value === 'boolean' ? String(value) : (value ?? undefined)
}

function check(text: string): void {
  const [got, wanted] = [read(text), expected(text)].map(one =>
    JSON.stringify(one),
  )
  if (got !== wanted) throw new Error(`${text}\n${got}\n${wanted}`)
}

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', 'é', 'list', '__proto__', ''),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const { value } = fc.letrec<{ value: unknown; object: unknown }>(tie => ({
  object: fc.dictionary(name, tie('value'), { maxKeys: 6 }),
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 0 }),
    fc.string({ unit: 'binary' }),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}))
const object = fc.dictionary(name, value, { maxKeys: 8 })
const text = fc
  .tuple(object, fc.constantFrom(undefined, 1, '\t', '\r\n'))
  .map(([json, indent]) =>
    JSON.stringify(json, null, indent === '\r\n' ? 1 : indent),
  )

t.test('any JSON object gives what JSON.parse gives', async () => {
  fc.assert(fc.property(text, check), { numRuns: 1500 })
})

t.test('of a name that comes twice the last value counts', async t => {
  for (const one of [
    '{"a":1,"a":"2"}',
    '{"a":"1","a":null}',
    '{"b":{"a":1,"b":{"a":2}},"b":{"ab":3}}',
    '{"b":{"a":1},"b":7}',
    '{"b":{"b":{"a":1},"b":[]}}',
    '{"list":[{"a":1,"b":{"a":2}}],"list":[{"b":3},{"a":4}]}',
    '{"list":[[{"a":1}]],"a":{"a":1}}',
    '{"\\u0061":1,"b":{"\\u0061\\u0062":"x"},"\\u00e9":"\\u00e9\\n"}',
    '{"a":"\\"","x":"\\\\","b":{"a":true}}',
    '{ "a" : 1e400 , "b" : { "a" : -0.50E-2 } }',
  ])
    t.doesNotThrow(() => check(one))
})

t.test('what is no JSON is refused as JSON.parse refuses it', async t => {
  const values = `01|-|+1|1.|.5|1e|1e+|0x1|1a|--1|-01|1.e1|Infinity|NaN|tru|
    True|nulll|undefined|'a'|"a|"\\x"|"\\u12"|"\\u12g4"|"\t"|"\\|[1,]|[,1]|
    [1 2]|[1|{]|{"a"}|{"a":}|{"a":1,}|{a:1}|{"a":1 "b":2}|{,}|\u00a01|
    -0|0|10|1E5|1e-5|[]|[ ]|{}|{ }|" "|"\\/\\b"|true|false|null`
  for (const one of values.split(/\|\s*/))
    for (const record of [`{"a":${one}}`, `{"x":[${one}],"b":{"a":1}}`])
      t.doesNotThrow(() => check(record))
  // The reader stops where its object ends; what follows is not its business.
  t.equal(reader.read(Buffer.from('{"a":1}}'), 0), 7)
  const whole = Buffer.from('{"a":[1,{"b":"\\u00e9"}],"list":[true,-1.5e3]}')
  for (let end = 0; end < whole.length; end++)
    t.equal(reader.read(whole.subarray(0, end), 0), -1, `cut at ${end}`)
})

t.test('any change of a byte is judged as JSON.parse judges it', async () => {
  fc.assert(
    fc.property(
      text,
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\ 0ae-\u0000\n'),
      (one, place, by) => {
        const at = place % one.length
        // Half a surrogate pair is no UTF-8.
        const bytes = Buffer.from(one.slice(0, at) + by + one.slice(at + 1))
        const changed = bytes.toString()
        if (changed.startsWith('{') && changed.endsWith('}')) check(changed)
      },
    ),
    { numRuns: 1500 },
  )
})

const nested = (depth: number) =>
  Buffer.from(`{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`)

t.test('nesting is read to the depth that is allowed', async t => {
  t.equal(reader.read(nested(512), 0), nested(512).length)
  t.equal(reader.read(nested(513), 0), -1)
})

t.test('a large object is read, and copied where it is not too large', t => {
  for (const [bytes, isCopied] of [
    [400_000, true],
    [600_000, false],
  ] as const) {
    const long = Buffer.from(`{"x":"${'y'.repeat(bytes)}","a":"end"}`)
    t.equal(reader.read(long, 0), long.length)
    t.equal(reader.values.get(reader.values.names.indexOf('a')), 'end')
    t.equal(reader.escaped !== undefined, isCopied)
  }
  t.end()
})
