import fc from 'fast-check'
import t from 'tap'
import type { JsonObject } from '../normalize/members-of.ts'
import { fitLine } from '../../src/output/fit-line.ts'

const parse = (line: string): JsonObject => JSON.parse(line) as JsonObject
const bytesOf = (line: string): number => Buffer.byteLength(line) + 1

const whole = {
  normal_msg_date: '2023-07-10T11:42:06.000Z',
  vmid: 'PutObject',
  s3_object: 's3://logs/key',
  s3_record: 7,
}

t.test('a line that fits is left alone', async t => {
  const line = JSON.stringify({ ...whole, original_message: 'x'.repeat(100) })
  t.equal(fitLine(line, bytesOf(line)), line)
  t.not(fitLine(line, bytesOf(line) - 1), line)
})

t.test('original_message alone is cut where that is enough', async t => {
  const reason = 'r'.repeat(3000)
  const original = 'é"😀\n'.repeat(2000)
  const line = JSON.stringify({ ...whole, reason, original_message: original })
  const fitted = fitLine(line, 4096)
  const { original_message: kept, ...others } = parse(fitted)
  t.strictSame(others, {
    ...whole,
    reason,
    truncated: true,
    original_bytes: bytesOf(line),
  })
  t.ok(original.startsWith(String(kept)))
  t.ok(String(kept).length > 0)
  // No character more would have fitted: the widest takes four bytes.
  t.ok(bytesOf(fitted) <= 4096 && bytesOf(fitted) > 4092)
})

t.test(
  'then the longest other text, and what it needs of the next',
  async t => {
    const line = JSON.stringify({
      ...whole,
      useragent: 'u'.repeat(20_000),
      reason: 'r'.repeat(19_000),
      original_message: 'o'.repeat(50_000),
    })
    const fitted = fitLine(line, 16_384)
    const { useragent, reason, ...others } = parse(fitted)
    t.strictSame(others, {
      ...whole,
      truncated: true,
      original_bytes: bytesOf(line),
    })
    t.ok(bytesOf(fitted) <= 16_384)
    t.ok(String(useragent).length >= 4000)
    t.ok(String(reason).length >= 4000)
  },
)

t.test('the members that identify a record are cut last', async t => {
  const line = JSON.stringify({
    ...whole,
    s3_object: `s3://logs/${'\u0001'.repeat(1024)}`,
    reason: 'r'.repeat(10_000),
    original_message: 'o',
  })
  const fitted = fitLine(line, 4096)
  t.ok(bytesOf(fitted) <= 4096)
  const out = parse(fitted)
  t.ok(String(out['s3_object']).startsWith('s3://logs/\u0001'))
  t.strictSame(Object.keys(out), [
    'normal_msg_date',
    's3_object',
    's3_record',
    'truncated',
    'original_bytes',
  ])
})

t.test('a text of which nothing is left is left out', async t => {
  const line = JSON.stringify({
    ...whole,
    original_message: `- ${'x'.repeat(9)}`,
  })
  for (let bound = 120; bound < bytesOf(line); bound++) {
    const { original_message: kept = 'x' } = parse(fitLine(line, bound))
    t.notMatch(kept, /^(\s*|-)$/)
  }
})

t.test('the time of a cut grows with the line alone', async t => {
  const cut = (share: number): number => {
    const line = JSON.stringify({
      ...whole,
      reason: '"é\u0001'.repeat(2 ** 20 * share),
      original_message: '\\'.repeat(2 ** 22 * share),
    })
    const bound = 2 ** 20 * share
    const { user } = process.cpuUsage()
    t.ok(bytesOf(fitLine(line, bound)) <= bound)
    return process.cpuUsage().user - user
  }
  const small = Math.max(...[0, 1, 2].map(() => cut(1 / 16)))
  t.ok(cut(1) < 100 * small, 'sixteen times as long takes far below 256 times')
})

t.test('any line is cut to any bound as it should be', async t => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', size: 'large' }),
    fc.string({
      unit: fc.constantFrom(
        'a',
        'é',
        '€',
        '😀',
        '\ud83d',
        '\ude00',
        '\0',
        '\b',
        '"',
        '\\',
        '\x7f',
        '\u2028',
      ),
      size: 'large',
    }),
  )
  const line = fc.record(
    {
      normal_msg_date: fc.constant(whole.normal_msg_date),
      reason: text,
      useragent: text,
      bytes: fc.integer(),
      s3_object: fc.string({ unit: 'binary', maxLength: 1024 }),
      s3_record: fc.nat(),
      serialnumber: fc.string({ unit: 'binary', maxLength: 30 }),
      original_message: text,
    },
    { requiredKeys: ['s3_object', 's3_record', 'serialnumber'] },
  )
  fc.assert(
    fc.property(line, fc.integer({ min: 500, max: 5000 }), (value, bound) => {
      const source = JSON.stringify(value)
      const fitted = fitLine(source, bound)
      if (bytesOf(source) <= bound) return fitted === source
      const { truncated, original_bytes: size, ...out } = parse(fitted)
      const names = fitted.match(/(?<=[{,])"[a-z0-9_]+":/g) ?? []
      if (new Set(names).size !== names.length) return false
      if (fitted !== Buffer.from(fitted).toString() || /[\n\r\0]/.test(fitted))
        return false
      return (
        truncated === true &&
        size === bytesOf(source) &&
        out['serialnumber'] === value.serialnumber &&
        bytesOf(fitted) <= bound &&
        Object.entries(out).every(([name, one]) => {
          const before: unknown = value[name as keyof typeof value]
          if (name === 'serialnumber') return one === before
          if (typeof one !== 'string') return one === before
          if (typeof before !== 'string' || !before.startsWith(one))
            return false
          // The cut is never inside a pair.
          const last = one.at(-1) ?? ''
          const next = before[one.length] ?? ''
          return !/^[\ud800-\udbff][\udc00-\udfff]$/.test(last + next)
        })
      )
    }),
    { numRuns: 1000 },
  )
  t.end()
})
