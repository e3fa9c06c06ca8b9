// Reading an object to its end over a connection that breaks, without waiting.

import t from 'tap'
import { openBody, readWhole } from '../../src/fetch/body.ts'
import type { GetRequest, ObjectStore } from '../../src/s3/object-store.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const TEXT = 'abcdefghij'
const broken = new SourceError('reading a: aborted', {
  code: 'ECONNRESET',
  kind: 'network',
})
const changed = new SourceError('reading a: changed', {
  code: 'PreconditionFailed',
  kind: 'object',
})

/** What one GET does: give so many bytes, then end or fail; or fail at once. */
type Step = { bytes: number; fails?: Error } | Error

function storeOf(steps: Step[], size = TEXT.length) {
  const gets: GetRequest[] = []
  const store: Pick<ObjectStore, 'get'> = {
    async get(request) {
      gets.push(request)
      const step = steps.shift() ?? { bytes: TEXT.length }
      if (step instanceof Error) throw step
      return {
        etag: '"1"',
        size,
        chunks: (async function* () {
          const end = Math.min(request.from + step.bytes, TEXT.length)
          for (let at = request.from; at < end; at += 2)
            yield Buffer.from(TEXT.slice(at, Math.min(at + 2, end)))
          if (step.fails) throw step.fails
        })(),
      }
    },
  }
  return { store: store as ObjectStore, gets }
}

async function read(
  steps: Step[],
  { size = TEXT.length, signal = new AbortController().signal } = {},
) {
  const { store, gets } = storeOf(steps, size)
  const clock = new FakeClock()
  const wanted = { key: 'a', etag: '"1"', size }
  const reading = openBody(wanted, store, clock, signal).then(readWhole)
  const outcome = await clock.run(
    reading.then(String, (error: unknown) => error),
  )
  return { outcome, clock, gets, from: gets.map(({ from }) => from) }
}

t.test('a whole body takes one GET of the version listed', async t => {
  const { outcome, gets } = await read([])
  t.equal(outcome, TEXT)
  t.match(gets, [{ key: 'a', etag: '"1"', from: 0 }])
  t.equal(gets.length, 1)
})

t.test('a body that breaks goes on where it broke', async t => {
  const { outcome, from, gets, clock } = await read([
    { bytes: 3, fails: broken },
    { bytes: 4, fails: broken },
    { bytes: 0, fails: broken },
    { bytes: 1, fails: broken },
  ])
  t.equal(outcome, TEXT)
  t.strictSame(from, [0, 3, 7, 7, 8])
  t.ok(gets.every(({ etag }) => etag === '"1"'))
  t.strictSame(clock.sleeps, [200, 200, 400, 200])
})

t.test('a body that ends too soon is not at its end', async t => {
  const { outcome, from } = await read([{ bytes: 4 }])
  t.equal(outcome, TEXT)
  t.strictSame(from, [0, 4])
})

t.test('three tries without a byte are enough', async t => {
  const { outcome, from } = await read([
    { bytes: 5, fails: broken },
    { bytes: 0, fails: broken },
    { bytes: 0, fails: broken },
    { bytes: 0, fails: broken },
  ])
  t.equal(outcome, broken)
  t.strictSame(from, [0, 5, 5, 5])
})

t.test('what cannot be mended is not tried again', async t => {
  t.strictSame((await read([broken])).from, [0], 'the store has tried')
  const again = await read([{ bytes: 5, fails: broken }, broken])
  t.equal(again.outcome, broken, 'nor what the store has tried in vain')
  t.strictSame(again.from, [0, 5])
  const { outcome, from } = await read([{ bytes: 5, fails: broken }, changed])
  t.equal(outcome, changed)
  t.strictSame(from, [0, 5])
})

t.test('a size that was not listed or announced is a failure', async t => {
  t.match((await read([], { size: 9 })).outcome, { code: 'WrongLength' })
  const short = await read([{ bytes: 9 }, { bytes: 0 }, { bytes: 0 }], {
    size: 11,
  })
  t.match(short.outcome, { code: 'WrongLength', kind: 'network' })
  const { store } = storeOf([], 10)
  const { signal } = new AbortController()
  const clock = new FakeClock()
  for (const size of [9, 11])
    await t.rejects(
      openBody({ key: 'a', etag: '"1"', size }, store, clock, signal),
      /10 bytes where/,
    )
  const retried = { key: 'a', etag: undefined, size: 9 }
  const body = await openBody(retried, store, clock, signal)
  t.equal(String(await readWhole(body)), TEXT, 'a retry takes what is there')
})

t.test('begins where it is told, in the version it is told', async t => {
  const { store, gets } = storeOf([{ bytes: 2, fails: broken }])
  const clock = new FakeClock()
  const { signal } = new AbortController()
  const wanted = { key: 'a', etag: '"1"', size: TEXT.length, from: 4 }
  const body = await openBody(wanted, store, clock, signal)
  const bytes: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of body.chunks) bytes.push(chunk)
  })()
  await clock.run(reading)
  t.equal(String(Buffer.concat(bytes)), TEXT.slice(4))
  t.equal(body.size, TEXT.length)
  t.strictSame(
    gets.map(({ from }) => from),
    [4, 6],
  )
})

t.test('a body that does not end is left at its announced size', async t => {
  let given = 0
  const store = {
    get: async () => ({
      etag: '"1"',
      size: 10,
      chunks: (async function* () {
        for (;;) {
          given += 4
          yield Buffer.from('more')
        }
      })(),
    }),
  } as unknown as ObjectStore
  const { signal } = new AbortController()
  const wanted = { key: 'a', etag: '"1"', size: 10, name: 's3://b/a' }
  const body = await openBody(wanted, store, new FakeClock(), signal)
  await t.rejects(readWhole(body), {
    code: 'WrongLength',
    kind: 'object',
    message: /reading s3:\/\/b\/a: the body has 12 bytes where 10 are due/,
  })
  t.equal(given, 12)
})

t.test('what came before a fault can be kept', async t => {
  const { store } = storeOf([{ bytes: 5, fails: changed }])
  const { signal } = new AbortController()
  const wanted = { key: 'a', etag: '"1"', size: TEXT.length }
  const body = await openBody(wanted, store, new FakeClock(), signal)
  const kept: unknown[] = []
  const reading = readWhole(body, async (bytes, error) => {
    kept.push(String(bytes), error)
  })
  await t.rejects(reading, changed)
  t.strictSame(kept, [TEXT.slice(0, 5), changed])
})

t.test('a body whose version nothing names is not gone on with', async t => {
  const clock = new FakeClock()
  const { signal } = new AbortController()
  for (const fails of [broken, undefined]) {
    const step = fails ? { bytes: 4, fails } : { bytes: 4 }
    const { store, gets } = storeOf([step])
    const { get } = store
    store.get = async request => ({
      ...(await get(request)),
      etag: '',
      size: Number.NaN,
    })
    const wanted = { key: 'a', etag: undefined, lastEtag: '"1"', size: 10 }
    const body = await openBody(wanted, store, clock, signal)
    t.equal(body.etag, '', 'the ETag listed is not taken for its own')
    await t.rejects(readWhole(body), { name: 'SourceError', kind: 'network' })
    t.equal(gets.length, 1)
  }
})

t.test(
  'a body that is as large as another one now is not its rest',
  async t => {
    const clock = new FakeClock()
    const { signal } = new AbortController()
    const { store } = storeOf([{ bytes: 4, fails: broken }])
    const { get } = store
    store.get = async request => ({
      ...(await get(request)),
      size: request.from === 0 ? 10 : 12,
    })
    const wanted = { key: 'a', etag: '"1"', size: 10 }
    const body = await openBody(wanted, store, clock, signal)
    await t.rejects(clock.run(readWhole(body)), {
      code: 'PreconditionFailed',
      message: 'reading a: it was changed while it was read (12 bytes)',
    })
  },
)

t.test('nothing is tried after the signal', async t => {
  const controller = new AbortController()
  const { signal } = controller
  const { store, gets } = storeOf([{ bytes: 3, fails: broken }])
  const wanted = { key: 'a', etag: '"1"', size: TEXT.length }
  const clock = new FakeClock()
  const body = await openBody(wanted, store, clock, signal)
  const reading = readWhole(body)
  await new Promise(setImmediate)
  t.strictSame(clock.sleeps, [200])
  store.get = async request => {
    gets.push(request)
    throw broken
  }
  controller.abort()
  await t.rejects(reading, broken)
  t.equal(gets.length, 2, 'the one that the signal refuses')
})

t.test('who stops reading stops the request', async t => {
  let ended = false
  const store = {
    get: async () => ({
      etag: '"1"',
      size: 100,
      chunks: (async function* () {
        try {
          for (;;) yield Buffer.from('x')
        } finally {
          ended = true
        }
      })(),
    }),
  } as unknown as ObjectStore
  const { signal } = new AbortController()
  const wanted = { key: 'a', etag: undefined, size: 100 }
  const body = await openBody(wanted, store, new FakeClock(), signal)
  for await (const chunk of body.chunks) if (chunk.length > 0) break
  t.ok(ended)
})
