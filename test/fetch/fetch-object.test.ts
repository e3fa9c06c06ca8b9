// One object, over cycles: in memory or in the spool, cut off and continued,
// each byte fetched once, and what counts as a failure.

import { writeFileSync } from 'node:fs'
import t from 'tap'
import {
  fetchObject,
  type Download,
  type Fetching,
} from '../../src/fetch/fetch-object.ts'
import type { GetRequest } from '../../src/s3/object-store.ts'
import { Refusals } from '../../src/fetch/refusals.ts'
import { SourceError, sourceError } from '../../src/s3/errors/source-error.ts'
import { fetching, put } from '../lib/cycle/fetching.ts'
import { reset } from '../lib/s3/refusals.ts'

const TEXT = 'abcdefghijklmnopqrst'

async function textOf(download: Download | undefined): Promise<string> {
  if (download?.end !== 'fetched') return `it is ${download?.end ?? 'nothing'}`
  const { chunks } = download.body
  if (Buffer.isBuffer(chunks)) return String(chunks)
  const pieces: Buffer[] = []
  for await (const piece of chunks) pieces.push(piece)
  return String(Buffer.concat(pieces))
}

const offsets = (gets: readonly GetRequest[]): number[] =>
  gets.map(({ from }) => from)

/** A bucket that gives two bytes at a time, and a cycle of which the end comes at an offset. */
function setUp(t: Parameters<typeof fetching>[0]) {
  const all = fetching(t)
  const { store, context, openSpool } = all
  store.pieceBytes = 2
  const cycle = (endsAt = Infinity, more: Partial<Fetching> = {}) => {
    const end = new AbortController()
    store.onPiece = (_, at) => {
      if (at < endsAt) return
      end.abort()
      throw sourceError(end.signal.reason, 'reading it')
    }
    return {
      ...context,
      spool: openSpool(),
      refusals: new Refusals(),
      signal: end.signal,
      ...more,
    }
  }
  return { ...all, cycle }
}

t.test('a body that time cuts off goes on in the next cycle', async t => {
  for (const [largeBytes, size] of [
    [5, 'large'],
    [100, 'small'],
  ] as const) {
    const { store, cycle, spooled } = setUp(t)
    const candidate = put(store, 'a', TEXT, 1)
    const counts = { bytes_in: 0 }
    const more = { largeBytes, counts }
    for (const endsAt of [8, 14]) {
      const context = cycle(endsAt, more)
      t.equal(await fetchObject(candidate, context), undefined, size)
      t.strictSame(context.refusals.held, [], 'being cut off is no attempt')
      t.strictSame(spooled(), [endsAt])
    }
    const last = await fetchObject(candidate, cycle(Infinity, more))
    t.equal(await textOf(last), TEXT)
    t.strictSame(offsets(store.gets), [0, 8, 14])
    t.strictSame(
      store.gets.map(({ etag }) => etag),
      [undefined, candidate.etag, candidate.etag],
      'begun as it is now, and gone on with in that version',
    )
    t.equal(counts.bytes_in, TEXT.length, 'each byte once')
    t.strictSame(spooled(), [TEXT.length])

    const again = await fetchObject(candidate, cycle())
    t.equal(await textOf(again), TEXT)
    t.equal(store.gets.length, 3, 'what is whole is not asked for')
  }
})

t.test('a small body leaves no file', async t => {
  const { store, context, spooled } = fetching(t)
  const candidate = put(store, 'a', TEXT, 1)
  t.equal(await textOf(await fetchObject(candidate, context)), TEXT)
  t.strictSame(spooled(), [])
})

t.test('a large body can be read as often as is wanted', async t => {
  const { store, context } = fetching(t)
  const candidate = put(store, 'a', TEXT, 1)
  const large = await fetchObject(candidate, { ...context, largeBytes: 5 })
  t.equal(await textOf(large), TEXT)
  t.equal(await textOf(large), TEXT)
})

t.test('an object that was replaced starts anew', async t => {
  for (const [body, asked] of [
    // Only a GET tells that it is another version of the same size.
    ['A'.repeat(20), [0, 8, 0]],
    ['A'.repeat(9), [0, 0]],
    ['A'.repeat(30), [0, 0]],
  ] as const) {
    const { store, cycle, spooled } = setUp(t)
    const candidate = put(store, 'a', TEXT, 1)
    await fetchObject(candidate, cycle(8, { largeBytes: 5 }))
    const replaced = put(store, 'a', body, 2)
    const context = cycle(Infinity, { largeBytes: 5 })
    t.equal(await textOf(await fetchObject(replaced, context)), body)
    t.strictSame(offsets(store.gets), asked)
    t.strictSame(spooled(), [body.length], 'of the old one nothing is left')
  }
})

t.test(
  'a LIST that names versions otherwise than GETs do loses no byte',
  async t => {
    const { store, cycle } = setUp(t)
    const candidate = { ...put(store, 'a', TEXT, 1), etag: '"of the list"' }
    const more = { largeBytes: 5 }
    await fetchObject(candidate, cycle(8, more))
    const whole = await fetchObject(candidate, cycle(Infinity, more))
    t.equal(await textOf(whole), TEXT)
    const again = await fetchObject(candidate, cycle(Infinity, more))
    t.equal(await textOf(again), TEXT)
    t.strictSame(offsets(store.gets), [0, 8, TEXT.length - 1])
  },
)

t.test('what is whole in the spool and was replaced is read anew', async t => {
  const { store, cycle } = setUp(t)
  const more = { largeBytes: 5 }
  await fetchObject(put(store, 'a', TEXT, 1), cycle(Infinity, more))
  const body = 'B'.repeat(TEXT.length)
  const replaced = put(store, 'a', body, 2)
  const read = await fetchObject(replaced, cycle(Infinity, more))
  t.equal(await textOf(read), body)
})

t.test('a retry goes on in the version it began, if that is there', async t => {
  const { store, cycle } = setUp(t)
  const candidate = put(store, 'a', TEXT, 1)
  const retry = { ...candidate, etag: undefined }
  await fetchObject(candidate, cycle(8))
  t.equal(await textOf(await fetchObject(retry, cycle())), TEXT)
  t.match(store.gets[1], { from: 8, etag: candidate.etag })

  await cycle().spool.remove('a')
  await fetchObject(candidate, cycle(8))
  put(store, 'a', 'another', 2)
  t.equal(await textOf(await fetchObject(retry, cycle())), 'another')
  t.match(store.gets.slice(-2), [
    { from: 8, etag: candidate.etag },
    { from: 0, etag: undefined },
  ])
})

for (const code of ['AccessDenied', 'NotImplemented', 'HTTP400', 'HTTP405'])
  t.test(
    `a store that answers a Range with ${code} gives the whole`,
    async t => {
      const { store, cycle, spooled } = setUp(t)
      const candidate = put(store, 'a', TEXT, 1)
      const kind = code === 'AccessDenied' ? 'access' : 'object'
      await fetchObject(candidate, cycle(8, { largeBytes: 5 }))
      let isClosed = true
      store.onGet = ({ from }) => {
        if (isClosed || from > 0) throw new SourceError(code, { code, kind })
      }
      await fetchObject(candidate, cycle(Infinity, { largeBytes: 5 }))
      if (kind === 'access') t.strictSame(spooled(), [8], 'it may come yet')
      isClosed = false
      const whole = await fetchObject(candidate, cycle(Infinity))
      t.equal(await textOf(whole), TEXT)
    },
  )

t.test('a retry of what has grown large is spooled', async t => {
  const { store, context, spooled } = fetching(t)
  const retry = { ...put(store, 'a', 'x', 1), etag: undefined }
  put(store, 'a', TEXT, 2)
  const grown = await fetchObject(retry, { ...context, largeBytes: 5 })
  t.equal(await textOf(grown), TEXT)
  t.strictSame(spooled(), [TEXT.length])
})

t.test('a server that does not go on is asked for all', async t => {
  const { store, cycle } = setUp(t)
  const candidate = put(store, 'a', TEXT, 1)
  await fetchObject(candidate, cycle(8))
  store.onGet = ({ from }) => {
    if (from > 0)
      throw new SourceError('deaf', { code: 'NoRange', kind: 'network' })
  }
  t.equal(await textOf(await fetchObject(candidate, cycle())), TEXT)
  t.strictSame(offsets(store.gets), [0, 8, 0])
})

t.test('not one byte for a whole silence is a failed attempt', async t => {
  for (const [ms, received, counts] of [
    [999, 0, undefined],
    [1000, 0, false],
    [2999, 0, false],
    [3000, 0, true],
    [9000, 2, undefined],
  ] as const) {
    const { store, clock, cycle } = setUp(t)
    const candidate = put(store, 'a', TEXT, 1)
    const context = cycle(received)
    store.onGet = () => clock.advance(ms)
    t.equal(await fetchObject(candidate, context), undefined)
    const [held] = context.refusals.held
    t.equal(held?.counts, counts, 'what time cut off is no attempt')
    if (counts)
      t.match(held?.error, {
        code: 'Stalled',
        kind: 'network',
        message: 'reading s3://logs/a: no byte came for 3 s',
      })
  }
})

t.test('a body that breaks for good is kept, one that is bad not', async t => {
  const { store, clock, cycle, spooled } = setUp(t)
  const candidate = put(store, 'a', TEXT, 1)
  let fault: SourceError = reset
  const broken = cycle(Infinity, { largeBytes: 5 })
  store.onPiece = (_, at) => {
    if (at < 8) return
    store.onGet = () => Promise.reject(fault)
    throw reset
  }
  const failing = fetchObject(candidate, broken)
  t.equal(await clock.run(failing), undefined)
  t.match(broken.refusals.held, [{ error: reset }])
  t.strictSame(spooled(), [8])

  fault = new SourceError('gone', { code: 'NoSuchKey', kind: 'object' })
  const gone = await fetchObject(candidate, cycle())
  t.match(gone, { end: 'failed', error: fault })
  t.strictSame(spooled(), [])
})

t.test('a spool that cannot be written is no fault of the object', async t => {
  const { store, context, folder } = fetching(t)
  writeFileSync(folder, 'a file')
  const candidate = put(store, 'a', TEXT, 1)
  const failed = await fetchObject(candidate, { ...context, largeBytes: 5 })
  t.match(failed, { end: 'failed', error: { name: 'SpoolError' } })
  t.strictSame(context.refusals.held, [])
  const small = put(store, 'b', TEXT, 1)
  t.equal(await textOf(await fetchObject(small, context)), TEXT)
})

t.test(
  'an object that changed since it was listed is taken as it is',
  async t => {
    for (const changed of ['klmnopqrst', 'klmno', 'klmnopqrstuvwxyz']) {
      const { store, context } = fetching(t)
      const candidate = put(store, 'a', 'abcdefghij', 1)
      const now = put(store, 'a', changed, 2)
      const fetched = await fetchObject(candidate, context)
      t.equal(await textOf(fetched), changed)
      t.match(fetched, { body: { etag: now.etag, size: changed.length } })
    }
  },
)

t.test('without ETags in listings a cut body goes on all the same', async t => {
  const { store, cycle } = setUp(t)
  const candidate = { ...put(store, 'a', TEXT, 1), etag: 'size=20 modified=0' }
  t.equal(await fetchObject(candidate, cycle(8)), undefined)
  t.equal(await textOf(await fetchObject(candidate, cycle())), TEXT)
  t.strictSame(offsets(store.gets), [0, 8])
})
