import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { inflate } from '../../src/decode/inflate.ts'
import {
  inChunks,
  long,
  read,
  repetitive,
  short,
  ways,
} from './read-inflated.ts'

t.test('gzip is inflated, small and large, in any chunks', async t => {
  for (const plain of [Buffer.alloc(0), short, long, repetitive])
    for (const [way, body] of ways(gzipSync(plain))) {
      const got = await read(body)
      t.equal(got.error, undefined, way)
      t.ok(got.plain.equals(plain), `${plain.length} bytes as ${way}`)
    }
})

t.test('members that follow each other are read on', async t => {
  const parts = [short, Buffer.alloc(0), long, short]
  const gzip = Buffer.concat(parts.map(part => gzipSync(part)))
  for (const [way, body] of ways(gzip)) {
    const { plain, error } = await read(body)
    t.equal(error, undefined, way)
    t.ok(plain.equals(Buffer.concat(parts)), way)
  }
})

t.test('text passes as it is', async t => {
  const texts = ['', '\n', 'P', 'PAR', '{"Records":[]}', '2 1 eni-1']
  const bodies = texts.map(text => Buffer.from(text, 'latin1'))
  for (const plain of [...bodies, long])
    for (const [way, body] of ways(plain)) {
      const got = await read(body)
      t.equal(got.error, undefined, way)
      t.ok(got.plain.equals(plain), `${plain.length} bytes as ${way}`)
    }
})

t.test('Parquet is no text', async t => {
  for (const [way, body] of ways(Buffer.from('PAR1....PAR1'))) {
    const { plain, error } = await read(body)
    t.equal(plain.length, 0, way)
    t.match(error, { code: 'not-a-log', message: 'The object is Parquet' })
  }
})

t.test('an error in reading the body passes unchanged', async t => {
  const broken = new Error('ECONNRESET')
  async function* body(bytes: Buffer) {
    yield bytes
    throw broken
  }
  const gzip = gzipSync(long)
  const half = gzip.subarray(0, gzip.length >> 1)
  const inflated = await read(body(half))
  t.equal(inflated.error, broken)
  t.ok(inflated.plain.equals((await read(half)).plain), 'and loses nothing')
  const plain = await read(body(short))
  t.equal(plain.error, broken)
  t.ok(plain.plain.equals(short))
})

t.test('a reader that stops early closes the body', async t => {
  for (const bytes of [gzipSync(long), long]) {
    let closed = false
    async function* body() {
      try {
        yield* inChunks(bytes, 1000)
      } finally {
        closed = true
      }
    }
    for await (const chunk of inflate(body())) {
      t.ok(chunk.length > 0)
      break
    }
    t.ok(closed)
  }
})

t.test('no more is inflated than is read', async t => {
  let taken = 0
  async function* body() {
    for await (const chunk of inChunks(gzipSync(repetitive), 100)) {
      taken++
      yield chunk
    }
  }
  const output = inflate(body())
  await output.next()
  const before = taken
  await new Promise(resolve => setImmediate(resolve))
  t.equal(taken, before)
  await output.return(undefined)
})

t.test('any text in any members and chunks comes out unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 300 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      async (parts, size) => {
        const gzip = Buffer.concat(parts.map(part => gzipSync(part)))
        for (const body of [gzip, inChunks(gzip, size)]) {
          const { plain, error } = await read(body)
          if (error) throw error
          if (plain.toString() !== parts.join('')) throw new Error('differs')
        }
      },
    ),
  )
})
