// Exactly one gzip member and not a byte behind it, however the bytes are cut.

import fc from 'fast-check'
import t from 'tap'
import { gunzipSync, gzipSync } from 'node:zlib'
import { DecodeError } from '../../src/decode/decode-error.ts'
import { oneMember, wholeMember } from '../../src/decode/one-member.ts'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size)
    yield bytes.subarray(at, at + size)
}

async function inflated(bytes: Buffer, size = 1e9): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of oneMember(inPieces(bytes, size)))
    chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('latin1')
}

const TEXT = 'one log, and then nothing. '.repeat(9)
const ONE = gzipSync(TEXT)

t.test('one member, in pieces of any size', async t => {
  for (const size of [1, 2, 3, 7, 10, 11, 40, ONE.length - 8, 1e9])
    t.equal(await inflated(ONE, size), TEXT, `${size}`)
  const long = 'x'.repeat(3_000_000)
  t.equal((await inflated(gzipSync(long), 100)).length, long.length)
  t.equal(await inflated(gzipSync('')), '')
})

t.test('a header with a name, a comment, extra bytes and a check', async t => {
  const body = ONE.subarray(10)
  const fixed = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3])
  const more = Buffer.from('\x03\x00abcname\0a comment\0\x12\x34', 'latin1')
  const whole = Buffer.concat([fixed, more, body])
  for (const size of [1, 5, 1e9]) t.equal(await inflated(whole, size), TEXT)
})

const SPOILT: Record<string, Buffer> = {
  'another member': Buffer.concat([ONE, gzipSync('more')]),
  'an empty member behind it': Buffer.concat([ONE, gzipSync('')]),
  'an empty member before it': Buffer.concat([gzipSync(''), ONE]),
  'a zero byte': Buffer.concat([ONE, Buffer.alloc(1)]),
  'a line feed': Buffer.concat([ONE, Buffer.from('\n')]),
  'a byte less': ONE.subarray(0, -1),
  'half of it': ONE.subarray(0, 30),
  'the header alone': ONE.subarray(0, 10),
  'half a header': ONE.subarray(0, 5),
  nothing: Buffer.alloc(0),
  'plain text': Buffer.from(TEXT),
  'another method': Buffer.concat([
    Buffer.from([0x1f, 0x8b, 7]),
    ONE.subarray(3),
  ]),
  'a reserved flag': Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x80]),
    ONE.subarray(4),
  ]),
  'a name without an end': Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]),
    Buffer.alloc(200_000, 0x61),
  ]),
}
for (const [name, bytes] of Object.entries(SPOILT))
  t.test(name, async t => {
    // Of a long one byte by byte would take seconds.
    for (const size of bytes.length > 1000 ? [1000, 1e9] : [1, 8, 1e9])
      await t.rejects(inflated(bytes, size), DecodeError, `${size}`)
  })

t.test('what differs in a bit is told, or inflates to the same', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(ONE.length - 1),
      fc.nat(7),
      fc.integer({ min: 1, max: 50 }),
      async (at, bit, size) => {
        const changed = Buffer.from(ONE)
        changed[at] = (changed[at] as number) ^ (1 << bit)
        try {
          return (await inflated(changed, size)) === TEXT
        } catch (error) {
          return error instanceof DecodeError
        }
      },
    ),
    { numRuns: 200 },
  )
  t.equal(gunzipSync(ONE).toString(), TEXT)
})

t.test('a member whole, of so many bytes at most', async t => {
  const bomb = gzipSync(Buffer.alloc(1_000_000))
  t.equal((await wholeMember(bomb, 1_000_000)).length, 1_000_000)
  const liar = Buffer.from(bomb)
  liar.writeUInt32LE(7, liar.length - 4)
  for (const bytes of [bomb, liar])
    await t.rejects(wholeMember(bytes, 999_999), { code: 'inflated-too-large' })
  await t.rejects(wholeMember(liar, 1_000_000), { code: 'gzip' })
  t.equal((await wholeMember(gzipSync(''), 1000)).length, 0)
  for (const [name, bytes] of Object.entries(SPOILT))
    await t.rejects(wholeMember(bytes, 1000), DecodeError, name)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(ONE.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.option(fc.nat(ONE.length)),
      async (at, by, cut) => {
        const changed = Buffer.from(ONE)
        changed[at] = ((changed[at] as number) + by) % 256
        const part = changed.subarray(0, cut ?? changed.length)
        try {
          return (await wholeMember(part, 1000)).equals(gunzipSync(part))
        } catch (error) {
          return error instanceof DecodeError
        }
      },
    ),
    { numRuns: 200 },
  )
})
