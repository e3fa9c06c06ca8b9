import fc from 'fast-check'
import t from 'tap'
import {
  areOrdinary,
  beginsSmall,
  FOUR,
  KINDS,
  ORDINARY,
} from '../../src/decode/flow-bytes.ts'

t.test('four bytes are called ordinary only if each is', async () => {
  const odd = fc.constantFrom(0, 9, 10, 13, 0x20, 0x21, 0x22, 0x5c, 0x7f, 0xff)
  const byte = fc.oneof(fc.nat({ max: 255 }), odd)
  fc.assert(
    fc.property(fc.array(byte, { minLength: FOUR, maxLength: FOUR }), bytes => {
      const four = Buffer.from(bytes).readInt32BE()
      const isEach = bytes.every(one => KINDS[one] === ORDINARY)
      return isEach || !areOrdinary(four)
    }),
    { numRuns: 20_000 },
  )
})

t.test('letters, digits and dots are called ordinary', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9.:/-]{4}$/), text =>
      areOrdinary(Buffer.from(text).readInt32BE()),
    ),
    { numRuns: 2000 },
  )
})

t.test('a line begins with a small letter, after blanks or at once', t => {
  for (const line of ['version 2', ' \tversion', 'a']) {
    t.ok(beginsSmall(Buffer.from(`x${line}`), 1), line)
  }
  for (const line of ['2 123', ' 2', 'Version', '', ' ', '\n', '{'])
    t.notOk(beginsSmall(Buffer.from(`x${line}`), 1), line)
  t.end()
})
