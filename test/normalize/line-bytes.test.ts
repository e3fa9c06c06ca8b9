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
            expected.push(bytes, '\n', bytes.subarray(half), quoted, quoted)
            expected.push(String(bytes.length))
            // As a text that has two names is written again.
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
