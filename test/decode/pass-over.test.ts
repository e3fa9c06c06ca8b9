// Decoding that goes on behind any record, as it would have without the pause.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { JsonReader } from '../../src/decode/read-json.ts'
import type { Decoder, Position } from '../../src/decode/decoder.ts'
import { FlowDecoder } from '../../src/decode/flow-decoder.ts'
import { PassOver } from '../../src/decode/pass-over.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { cutBytes } from './cut-bytes.ts'

const wanted = wantedRecord(['a'])
const cloudTrail = (): Decoder => new CloudTrailDecoder(new JsonReader(wanted))
const flow = (): Decoder => new FlowDecoder()

/** What came out, each with whether it was read and the value of its first name, up to the end or the error. */
interface Run {
  texts: string[]
  positions: Position[]
  positionsBefore: Position[]
}

function* recordsFrom(
  decoder: Decoder,
  chunks: Iterable<Buffer>,
): Generator<string> {
  const all = function* () {
    for (const chunk of chunks) yield* decoder.push(chunk)
    yield* decoder.end()
  }
  try {
    for (const { bytes, from, to, values } of all()) {
      const text = bytes.toString('utf8', from, to)
      const names = values?.names.map((name, slot) => [
        name,
        values.kinds[slot],
        values.bytes.toString('utf8', values.starts[slot], values.ends[slot]),
      ])
      yield JSON.stringify([text, names?.filter(([, kind]) => kind !== 0)])
    }
  } catch (error) {
    yield `${(error as { code: string }).code}`
  }
}

function run(decoder: Decoder, chunks: Iterable<Buffer>): Run {
  const positions: Position[] = []
  const positionsBefore: Position[] = []
  const texts: string[] = []
  for (const text of recordsFrom(decoder, chunks)) {
    texts.push(text)
    positions.push(decoder.position())
    positionsBefore.push(decoder.positionBefore())
  }
  return { texts, positions, positionsBefore }
}

/** The records from a position on; undefined if the decoder did not trust it. */
function resumed(
  make: () => Decoder,
  chunks: Buffer[],
  at: Position,
): string[] | undefined {
  const decoder = make()
  const passOver = new PassOver(at, decoder)
  const rests: Buffer[] = []
  try {
    for (const chunk of chunks)
      rests.push(passOver.isOver ? chunk : passOver.rest(chunk))
    passOver.end()
  } catch {
    if (!passOver.isTrusted) return undefined
  }
  return [...recordsFrom(decoder, rests)]
}

function holds(
  make: () => Decoder,
  text: string,
  places: number[],
  otherPlaces: number[],
): void {
  const bytes = Buffer.from(text)
  const { texts, positions, positionsBefore } = run(
    make(),
    cutBytes(bytes, places),
  )
  const chunks = cutBytes(bytes, otherPlaces)
  texts.forEach((one, index) => {
    const isRecord = one.startsWith('[')
    const at = positions[index] as Position
    const before = positionsBefore[index] as Position
    // Nothing is resumed behind a line that its file did not end.
    if (at.bytes > 0 && at.bytes <= bytes.length) {
      const rest = texts.slice(isRecord ? index + 1 : index)
      deepEqual(resumed(make, chunks, at), rest)
    }
    if (before.bytes > 0 && isRecord)
      deepEqual(resumed(make, chunks, before), texts.slice(index))
  })
}

const places = fc.array(fc.nat(400), { maxLength: 12 })
const element = fc.constantFrom(
  '{"a":1}',
  '{"a":"x}]"}',
  ' {"a":{"b":[1,2]}} ',
  '{bad}',
  '"{\\"a"',
  '12',
  '[{"a":1}]',
  '{"a":"é"}',
)
const elements = fc
  .array(element, { maxLength: 5 })
  .map(all => `[${all.join(',')}]`)
const value = fc.oneof(
  elements,
  elements.map(all => `{"b":[{}],"Records":${all},"z":{"Records":[1]}}`),
  elements.map(all => `{"Records":${all},"Records":${all}}`),
  fc.constant('{"a":1,"b":[]}\n'),
  fc.constant('{"Records":[{"a":1},}'),
)
const documents = fc
  .tuple(fc.constantFrom('', '\ufeff', ' '), fc.array(value, { maxLength: 5 }))
  .map(([start, values]) => start + values.join('\n'))

t.test('CloudTrail goes on behind any record, in any form', async t => {
  fc.assert(
    fc.property(documents, places, places, (text, cuts, others) =>
      holds(cloudTrail, text, cuts, others),
    ),
  )
  t.pass()
})

const row = fc.constantFrom(
  '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK',
  '2 a',
  '1.2.3.4 5',
  'version srcaddr',
  'srcaddr\tversion  ',
  '',
  'é 2',
)
const rows = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(row, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }),
    row,
  )
  .map(([mark, lines, last]) => mark + lines.flat().join('') + last)

t.test('flow logs go on behind any row, under its header', async t => {
  fc.assert(
    fc.property(rows, places, places, (text, cuts, others) =>
      holds(flow, text, cuts, others),
    ),
  )
  t.pass()
})

t.test('a position that is none of its decoder is not believed', async t => {
  const json = [Buffer.from('{"Records":[{"a":1},{"a":2}]}')]
  for (const form of ['', 'rows', 'other'])
    t.equal(
      resumed(cloudTrail, json, { bytes: 19, form, header: -1 }),
      undefined,
    )
  const lines = [Buffer.from('2 3\nversion srcaddr\n2 1.2.3.4\n')]
  for (const at of [
    { bytes: 20, form: 'records', header: -1 },
    { bytes: 20, form: 'rows', header: 0 },
  ])
    t.equal(resumed(flow, lines, at), undefined)
  const beyond = { bytes: 99, form: 'rows', header: 4 }
  t.equal(resumed(flow, lines, beyond), undefined, 'the text ends before')
  const at = { bytes: 20, form: 'rows', header: 4 }
  t.match(resumed(flow, lines, at), [/1\.2\.3\.4/])
})
