// The bucket fails as a bad network and a faulty server make it: by cuts, refusals
// and wrong answers over real sockets.

import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { readWhole } from '../../src/fetch/body.ts'
import type { ObservedRequest } from '../../src/s3/observe.ts'
import { refuse } from '../lib/s3/raw-server.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import { drain, failure, storeOn, storeOnServer } from '../lib/s3/store-on.ts'
import { until } from '../lib/until.ts'

const A = { key: 'a', etag: undefined, from: 0 }
const ALL = { prefix: '', delimiter: false, startAfter: '' }

t.test('a fault on a LIST is tried again, whatever it is', async t => {
  const s3 = await startS3(t)
  s3.put('p/a', 'x'.repeat(1000))
  const page = (await storeOn(s3).list(ALL)).objects
  for (const fault of [
    { kind: 'empty' },
    { kind: 'html' },
    { kind: 'reset' },
    { kind: 'cut', after: 200 },
    { kind: 'short', length: 300 },
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'SlowDown' },
    { status: 400, code: 'ThrottlingException' },
  ] as const) {
    const seen: ObservedRequest[] = []
    const observer = (one: ObservedRequest): void => void seen.push(one)
    const store = storeOn(s3, {}, { observer })
    let left = 2
    s3.fault = () => (left-- > 0 ? fault : undefined)
    t.strictSame((await store.list(ALL)).objects, page, JSON.stringify(fault))
    t.strictSame(
      seen.map(({ attempt }) => attempt),
      [1, 2, 3],
    )
    left = 5
    t.match(await failure(store.list(ALL)), { kind: 'network' })
    t.equal(left, 0, 'five tries are enough')
  }
})

const give = (response: ServerResponse): unknown =>
  response.writeHead(200, { ETag: '"1"', 'Content-Length': 0 }).end()

t.test('a bucket that asks for fewer requests gets fewer', async t => {
  const held: ServerResponse[] = []
  let isHolding = true
  const store = await storeOnServer(t, (_, response) =>
    isHolding ? held.push(response) : give(response),
  )
  const asked = Array.from({ length: 40 }, (_, n) =>
    store.get({ ...A, key: `${n}` }).then(drain),
  )
  for (const [width, answer] of [
    [24, response => refuse(response, 503, 'SlowDown', 'Too many')],
    [12, give],
  ] as [number, (response: ServerResponse) => unknown][]) {
    await until(() => held.length >= width)
    // Nothing but time shows that no further request comes.
    await sleep(20)
    t.equal(held.length, width, `${width} at once`)
    isHolding = answer !== give
    held.splice(0).forEach(answer)
  }
  for (const answer of await Promise.all(asked))
    t.strictSame(answer, ['', undefined])
})

t.test('a signal ends all, and leaves no socket behind', async t => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))
  const store = await storeOnServer(t, (request, response) => {
    if (!request.url?.includes('body')) return
    response.writeHead(200, { ETag: '"1"', 'Content-Length': 99 })
    response.write('x')
  })
  const controller = new AbortController()
  const { signal } = controller
  const ask = (key: string) => store.get({ ...A, key, signal })
  const bodies = await Promise.all(
    Array.from({ length: 12 }, (_, index) => ask(`body-${index}`)),
  )
  const unread = bodies.splice(0, 4)
  const reading = bodies.map(body =>
    failure(readWhole({ etag: '', size: 99, chunks: body.chunks })),
  )
  const asking = Array.from({ length: 30 }, () => failure(ask('stall')))
  // All bodies, and as many requests as pass the gate.
  await until(() => store.server.open() === 36)
  controller.abort()
  for (const error of await Promise.all([...reading, ...asking]))
    t.match(error, { code: 'AbortError', kind: 'network' })
  await until(() => store.server.open() === 0)
  t.equal(unread.length, 4)
  t.strictSame(warnings, [])
})

t.test('an error of the taker ends the request', async t => {
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(200, { ETag: '"1"', 'Content-Length': 99 })
    response.write('x')
  })
  const { chunks } = await store.get(A)
  const taken = chunks.takeAll?.(() => {
    throw new Error('no more')
  })
  t.match(await failure(Promise.resolve(taken)), { message: /no more/ })
  await until(() => store.server.open() === 0)
})

t.test('half a character in a name fails as that request alone', async t => {
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(404).end()
  })
  const key = 'a\ud800'
  const failures = [
    failure(store.get({ ...A, key })),
    failure(store.list({ ...ALL, prefix: key })),
  ]
  for (const error of await Promise.all(failures))
    t.match(error, { name: 'SourceError', affectsAll: false })
})
