// Damage of all kinds, tried through inflate, which is what mends the losses.

import { Readable } from 'node:stream'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import {
  inChunks,
  long,
  noise,
  read,
  repetitive,
  rereadable,
  short,
  ways,
  type Limits,
} from './read-inflated.ts'

/** All that zlib can inflate of the longest start of a body that has no fault. */
function inflatable(body: Buffer): Buffer {
  for (let length = body.length; ; length--)
    try {
      return gunzipSync(body.subarray(0, length), {
        finishFlush: constants.Z_SYNC_FLUSH,
      })
    } catch {
      // One byte less.
    }
}

t.test('a cut at every byte gives all before it, then an error', async t => {
  const gzip = gzipSync(short)
  for (let length = 2; length < gzip.length; length++)
    for (const [way, body] of ways(gzip.subarray(0, length))) {
      const { plain, error } = await read(body)
      t.match(error, { code: 'gzip' }, `${length} bytes as ${way}`)
      t.ok(plain.equals(inflatable(gzip.subarray(0, length))))
      // The last eight bytes are the check sum and the size.
      if (length >= gzip.length - 8) t.ok(plain.equals(short))
    }
})

t.test('a cut in a large object loses nothing before it', async t => {
  const gzip = gzipSync(long)
  const half = gzip.subarray(0, gzip.length >> 1)
  for (const body of [half, inChunks(half, 1000)]) {
    const { plain, error } = await read(body)
    t.match(error, { code: 'gzip', message: /cut off/ })
    t.ok(long.subarray(0, plain.length).equals(plain))
    t.ok(plain.length > long.length * 0.49)
  }
})

t.test('damage in the check sum or size loses no byte of the data', async t => {
  for (const plain of [short, long, repetitive])
    for (const fromEnd of [8, 1])
      for (const chunkSize of [1000, 100_000]) {
        const gzip = gzipSync(plain)
        const at = gzip.length - fromEnd
        gzip.writeUInt8(gzip.readUInt8(at) ^ 1, at)
        for (const body of [gzip, rereadable(gzip, chunkSize)]) {
          const got = await read(body)
          t.match(got.error, { code: 'gzip', message: /damaged/ })
          t.ok(got.plain.equals(plain), `${plain.length} bytes`)
        }
      }
})

t.test('damage in the data gives what a cut there gives', async t => {
  const gzip = gzipSync(long, { level: 1 })
  const middle = gzip.length >> 1
  const cut = await read(gzip.subarray(0, middle))
  const damaged = Buffer.concat([
    gzip.subarray(0, middle),
    Buffer.alloc(3000, 0xff),
  ])
  for (const body of [damaged, rereadable(damaged, 1000)]) {
    const { plain, error } = await read(body)
    t.match(error, { code: 'gzip' })
    t.ok(plain.subarray(0, cut.plain.length).equals(cut.plain))
  }
})

t.test('bytes behind gzip data are told from a cut or damage', async t => {
  for (const more of ['\n', '\r\n', ' ', 'and text', '\0\n'])
    for (const [way, body] of ways(
      Buffer.concat([gzipSync(short), Buffer.from(more)]),
    )) {
      const { plain, error } = await read(body)
      t.match(
        error,
        { code: 'gzip', message: /is followed by other bytes, such as a line/ },
        `${JSON.stringify(more)} as ${way}`,
      )
      t.ok(plain.equals(short))
    }
})

t.test('a damaged body that can be read only once still fails', async t => {
  const gzip = gzipSync(long)
  const damaged = Buffer.concat([gzip, Buffer.from('garbage')])
  const bodies = [
    inChunks(damaged, 1000),
    Readable.from(inChunks(damaged, 1000)),
  ]
  for (const body of bodies) {
    const { plain, error } = await read(body)
    t.match(error, { code: 'gzip' })
    t.ok(long.subarray(0, plain.length).equals(plain))
    t.ok(plain.length >= long.length - 256 * 1024)
  }
})

t.test('zero bytes after the data are padding, others an error', async t => {
  const zeros = Buffer.alloc(100_000)
  for (const plain of [short, long]) {
    const gzip = gzipSync(plain)
    const endings: [string, Buffer, boolean][] = [
      ['one zero', Buffer.alloc(1), true],
      ['many zeros', zeros, true],
      ['text', Buffer.from('garbage'), false],
      ['one byte', Buffer.from('g'), false],
      ['half a header', Buffer.from([0x1f]), false],
      ['zero and text', Buffer.from('\0garbage'), false],
      ['zeros and a member', Buffer.concat([zeros, gzip]), false],
    ]
    for (const [name, ending, isPadding] of endings)
      for (const [way, body] of ways(Buffer.concat([gzip, ending]))) {
        const got = await read(body)
        if (isPadding) t.equal(got.error, undefined, `${name}, ${way}`)
        else t.match(got.error, { code: 'gzip' }, `${name}, ${way}`)
        t.ok(got.plain.equals(plain), `${name}, ${way}`)
      }
  }
})

t.test('the inflated size is bounded by both limits together', async t => {
  const plain = Buffer.alloc(100_000, ' ')
  const gzip = gzipSync(plain)
  const ratio = plain.length / gzip.length
  const cases: [string, NonNullable<Limits>, boolean][] = [
    ['at the size', { bytes: 100_000, ratio: 1 }, true],
    ['over the size, at the ratio', { bytes: 99_999, ratio }, true],
    ['over both', { bytes: 99_999, ratio: ratio - 0.001 }, false],
    ['under the size, over the ratio', { bytes: 100_001, ratio: 1 }, true],
  ]
  for (const [name, limits, fits] of cases) {
    const got = await read(gzip, limits)
    t.equal(got.error === undefined, fits, name)
    if (fits) t.ok(got.plain.equals(plain), name)
    else t.match(got.error, { code: 'inflated-too-large' }, name)
  }
  const inChunksToo = await read(inChunks(gzip, 10), { bytes: 1, ratio: 1 })
  t.match(inChunksToo.error, { code: 'inflated-too-large' })
  const byDefault = await read(gzipSync(repetitive))
  t.equal(byDefault.plain.length, repetitive.length, 'high ratios are no fault')
})

t.test('any damage gives all that zlib can inflate before it', async () => {
  const gzip = gzipSync(noise(2000), { level: 1 })
  const bytes = fc.integer({ min: 2, max: gzip.length - 1 })
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 255 }), async (at, x) => {
      const damaged = Buffer.from(gzip)
      damaged.writeUInt8(damaged.readUInt8(at) ^ x, at)
      const expected = inflatable(damaged)
      // A beginning that is no text any more is no log, as others test.
      if (/[^ -~]/.test(expected.toString('latin1', 0, 1024))) return
      const { plain } = await read(damaged)
      if (!plain.equals(expected)) throw new Error('differs')
    }),
  )
})
