import fc from 'fast-check'
import t from 'tap'
import { LineBytes } from '../../src/normalize/line-bytes.ts'
import { literal } from '../../src/normalize/literal.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(fc.constantFrom('a', '"', '\\', '\n', '\0', 'é', '😀'), fc.nat(4000))
    .map(([unit, count]) => unit.repeat(count)),
)

t.test('DEL and characters of four bytes, wherever they stand', async t => {
  for (const text of [
    '\x7f',
    '\u{10ffff}',
    '\u{10ffff}\x7f\x7f',
    '\x7f\u{10000}',
  ])
    for (let before = 0; before < 16; before++) {
      const bytes = Buffer.from(`${'.'.repeat(before)}${text.repeat(20)}`)
      const line = new LineBytes(100)
      line.copy(bytes, 0, bytes.length)
      line.literal(literal(bytes.toString()))
      const written = line.buffer.toString('latin1', 0, line.length)
      t.equal(written, bytes.toString('latin1').repeat(2))
    }
})

t.test('a value is whole, whatever bytes follow it', async t => {
  const values = ['', '7', 'OK', 'ACCEPT', '10.0.0.1', '😀', '10.0.103.155']
  const rests = ['fff0', 'f07f', 'f0ff', 'f17ff4ff', 'ffffffffffffffff', '']
  const name = literal('"name":"')
  for (const value of values)
    for (const rest of rests)
      for (let between = 0; between < 8; between++) {
        const bytes = Buffer.concat([
          Buffer.from(value + ' '.repeat(between)),
          Buffer.from(rest.repeat(4), 'hex'),
        ])
        const end = Buffer.byteLength(value)
        const line = new LineBytes(100)
        // Often enough for all ways in which V8 runs it.
        for (let i = 0; i < 100; i++) {
          line.length = 0
          line.copy(bytes, 0, end)
          line.textMember(name, bytes, 0, end)
          line.numberMember(name, bytes, 0, end)
          line.literalMember(name, literal(value))
        }
        const written = line.buffer.toString('utf8', 0, line.length)
        const text = `"name":"${value}`
        t.equal(written, `${value}${text}",${text},${text}",`)
      }
})

t.test(
  'everything added is there, however the buffer had to grow',
  async () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 6 }),
        fc.integer({ min: 1, max: 300 }),
        (all, room) => {
          const line = new LineBytes(room)
          const expected: (Buffer | string)[] = []
          for (const one of all) {
            const bytes = Buffer.from(one)
            const whole = bytes.toString()
            const quoted = JSON.stringify(whole).slice(1, -1)
            const half = bytes.length >> 1
            line.bytes(bytes)
            line.byte(0x0a)
            line.copy(bytes, half, bytes.length)
            line.escape(bytes, 0, bytes.length)
            line.text(whole)
            line.ascii(String(bytes.length))
            line.count(bytes.length)
            line.textMember(literal(quoted), bytes, half, bytes.length)
            line.numberMember(literal('7'), bytes, 0, half)
            expected.push(bytes, '\n', bytes.subarray(half), quoted, quoted)
            expected.push(String(bytes.length), String(bytes.length), quoted)
            expected.push(bytes.subarray(half), '",7')
            expected.push(bytes.subarray(0, half), ',')
            const before = Buffer.concat(
              expected.map(part => Buffer.from(part)),
            )
            line.copy(line.buffer, 0, 1)
            expected.push(before.subarray(0, 1))
          }
          const written = line.buffer.subarray(0, line.length)
          return Buffer.concat(expected.map(part => Buffer.from(part))).equals(
            written,
          )
        },
      ),
    )
  },
)

t.test('cleared, it begins anew and gives back what it grew', async t => {
  const line = new LineBytes(100)
  line.bytes(Buffer.alloc(5000))
  line.clear()
  t.equal(line.length, 0)
  t.equal(line.buffer.length, 100)
})
