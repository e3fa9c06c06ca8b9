import fc from 'fast-check'
import { gunzipSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { DecodeError } from '../../../src/decode/decode-error.ts'
import { inflateSingle } from '../../../src/verify/digests/single-gzip.ts'

const plain = Buffer.from('{"digestStartTime":"2026-11-28T00:01:31Z"}')
const body = gzipSync(plain)

/** Gives the member another header: flags and what they announce. */
const withHeader = (flags: number, ...fields: (Buffer | string)[]): Buffer => {
  const fixed = Buffer.from(body.subarray(0, 10))
  fixed[3] = flags
  const more = fields.map(field => Buffer.from(field))
  return Buffer.concat([fixed, ...more, body.subarray(10)])
}

t.test('one member is inflated, with any header', async t => {
  for (const member of [
    body,
    withHeader(4, Buffer.from([3, 0]), 'abc'),
    withHeader(8, 'name\0'),
    withHeader(16, 'comment\0'),
    withHeader(2, Buffer.from([0, 0])),
    withHeader(8 + 16, 'name\0', 'comment\0'),
    gzipSync(plain, { level: 0 }),
  ])
    t.strictSame(inflateSingle(member, 1000), plain)
  t.strictSame(inflateSingle(gzipSync(''), 1000), Buffer.alloc(0))
})

t.test('what lies behind it is refused', async t => {
  for (const more of ['\n', '\0', '\0\0\0\0', gzipSync(plain), gzipSync('')]) {
    const both = Buffer.concat([body, Buffer.from(more)])
    t.throws(() => inflateSingle(both, 1000), /followed by \d+ bytes/)
  }
})

t.test('what inflates to more than is allowed is refused', async t => {
  const bomb = gzipSync(Buffer.alloc(1_000_000))
  t.throws(() => inflateSingle(bomb, 999_999), { code: 'inflated-too-large' })
  t.equal(inflateSingle(bomb, 1_000_000).length, 1_000_000)
})

t.test('any bytes are refused, or are what gunzip makes of them', async t => {
  const drawn = fc.record({
    at: fc.nat(body.length - 1),
    by: fc.integer({ min: 1, max: 255 }),
    cut: fc.option(fc.nat(body.length)),
  })
  fc.assert(
    fc.property(drawn, ({ at, by, cut }) => {
      const bytes = Buffer.from(body)
      bytes[at] = ((bytes[at] as number) + by) % 256
      const part = bytes.subarray(0, cut ?? bytes.length)
      try {
        return inflateSingle(part, 1000).equals(gunzipSync(part))
      } catch (error) {
        return error instanceof DecodeError && error.code === 'gzip'
      }
    }),
    { numRuns: 1000 },
  )
  t.pass('all of them')
})
