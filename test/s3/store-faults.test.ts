// The bucket on a bad network: stalls, cuts, answers that are none, and
// answers that lie. Silences are real, but short.

import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readWhole } from '../../src/fetch/body.ts'
import type { ObjectStore } from '../../src/s3/object-store.ts'
import type { ObservedRequest } from '../../src/s3/observe.ts'
import type { StoreOptions } from '../../src/s3/store.ts'
import { refuse, startServer, type RawServer } from '../lib/s3/raw-server.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import {
  drain,
  failure,
  listAll,
  storeAt,
  storeOn,
} from '../lib/s3/store-on.ts'

const SHORT = { silence: 40 }
const STALLED = { code: 'Stalled', kind: 'network', affectsAll: false }
const A = { key: 'a', etag: undefined, from: 0 }
const ALL = { prefix: '', delimiter: false, startAfter: '' }

/** Opens a bucket on a server that answers as told. */
async function storeOnServer(
  t: Test,
  answer: RequestListener,
  options: Partial<StoreOptions> = {},
): Promise<ObjectStore & { server: RawServer }> {
  const server = await startServer(t, answer)
  return { ...storeAt(`http://127.0.0.1:${server.port}`, options), server }
}

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

t.test('silence ends a try, before an answer and inside it', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'text')
  const seen: ObservedRequest[] = []
  const observer = (one: ObservedRequest): void => void seen.push(one)
  // Short where all is to fail, longer where something is to succeed.
  const store = storeOn(s3, {}, { silence: 40, observer })
  const patient = storeOn(s3, {}, { silence: 200 })
  for (const [fault, ask, status] of [
    [{ kind: 'stall' }, 'list', undefined],
    [{ kind: 'stall-body', after: 200 }, 'list', 200],
    [{ kind: 'stall' }, 'get', undefined],
  ] as const) {
    seen.length = 0
    s3.fault = () => fault
    const asked = ask === 'list' ? store.list(ALL) : store.get(A)
    t.match(await failure(asked), {
      ...STALLED,
      message: /ing s3:\/\/logs\/.*: no byte came for 0.04 s; .*next cycle$/,
    })
    t.strictSame(
      seen.map(({ attempt }) => attempt),
      [1, 2, 3, 4, 5],
    )
    t.ok(seen.some(one => one.status === status))
    let left = 1
    s3.fault = () => (left-- > 0 ? fault : undefined)
    if (ask === 'list') t.equal((await patient.list(ALL)).objects.length, 1)
    else t.equal((await drain(await patient.get(A)))[0], 'text')
  }
})

t.test('a server that takes connections and no more', async t => {
  const server = createServer(socket => socket.on('error', () => {}).resume())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const scheme of ['http', 'https']) {
    const store = storeAt(`${scheme}://127.0.0.1:${port}`, SHORT)
    t.match(await failure(listAll(store)), STALLED, scheme)
  }
})

t.test('a body that stalls ends, also after bytes that trickled', async t => {
  const store = await storeOnServer(
    t,
    async (_, response) => {
      response.writeHead(200, { ETag: '"1"', 'Content-Length': 100 })
      for (let count = 0; count < 6; count++) {
        response.write('x')
        await sleep(60)
      }
    },
    { silence: 250 },
  )
  const [text, error] = await drain(await store.get(A))
  t.equal(text, 'xxxxxx', 'what came slowly came')
  t.match(error, STALLED)
})

t.test('a reader that is slow is no silence', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'x'.repeat(300_000))
  const { chunks } = await storeOn(s3, {}, SHORT).get(A)
  let length = 0
  for await (const chunk of chunks) {
    if (length === 0) await sleep(150)
    length += chunk.length
  }
  t.equal(length, 300_000)
})

t.test('a bucket that asks for fewer requests gets fewer', async t => {
  let open = 0
  let answered = 0
  const most: number[] = []
  const store = await storeOnServer(t, async (_, response) => {
    open++
    await sleep(30)
    const round = answered++ < 24 ? 0 : 1
    most[round] = Math.max(most[round] ?? 0, open)
    open--
    if (round === 0) return refuse(response, 503, 'SlowDown', 'Too many')
    response.writeHead(200, { ETag: '"1"', 'Content-Length': 0 }).end()
  })
  const asked = Array.from({ length: 40 }, (_, n) =>
    store.get({ ...A, key: `${n}` }).then(drain),
  )
  for (const answer of await Promise.all(asked))
    t.strictSame(answer, ['', undefined])
  const [before = 0, after = 0] = most
  t.ok(before > 12 && before <= 24, `${before} at once`)
  // A round of good answers has let one more in, and another one.
  t.ok(after > 1 && after <= 15, `${after} at once`)
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
  while (store.server.open() < 36) await sleep(5)
  controller.abort()
  for (const error of await Promise.all([...reading, ...asking]))
    t.match(error, { code: 'AbortError', kind: 'network' })
  while (store.server.open() > 0) await sleep(5)
  t.equal(unread.length, 4)
  t.strictSame(warnings, [])
})

t.test('credentials that do not come are silence too', async t => {
  const folder = t.testdir({
    config: '[profile slow]\ncredential_process = sleep 0.5\n',
  })
  const before = process.env
  t.teardown(() => {
    process.env = before
  })
  process.env = {
    PATH: before['PATH'],
    AWS_PROFILE: 'slow',
    AWS_CONFIG_FILE: `${folder}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${folder}/none`,
  }
  const s3 = await startS3(t)
  const store = storeOn(s3, { AccessKeyId: '', SecretAccessKey: '' }, SHORT)
  t.match(await failure(store.list(ALL)), STALLED)
})

t.test('a body is the same taken at once or piece by piece', async t => {
  const storeOf = (settings?: typeof SHORT) =>
    storeOnServer(
      t,
      ({ url }, response) => {
        response.writeHead(200, { ETag: '"1"', 'Content-Length': 4 })
        response.write('ab')
        if (url?.endsWith('whole')) setTimeout(() => response.end('cd'), 5)
        if (url?.endsWith('cut')) setTimeout(() => response.destroy(), 5)
      },
      settings,
    )
  const patient = await storeOf()
  const impatient = await storeOf(SHORT)
  const ended: Record<string, unknown> = {
    whole: undefined,
    cut: { code: 'ECONNRESET', kind: 'network' },
    stalled: STALLED,
  }
  for (const [key, error] of Object.entries(ended)) {
    const store = key === 'stalled' ? impatient : patient
    const pieces = await drain(await store.get({ ...A, key }))
    const { chunks } = await store.get({ ...A, key })
    let text = ''
    const fault = await chunks
      .takeAll?.(chunk => void (text += String(chunk)))
      .catch((error: unknown) => error)
    t.equal(text, pieces[0], key)
    t.equal(text, key === 'whole' ? 'abcd' : 'ab')
    if (error === undefined) t.strictSame([fault, pieces[1]], [error, error])
    else for (const one of [fault, pieces[1]]) t.match(one, error, key)
  }
})

t.test('what takes the pieces ends the request by its error', async t => {
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(200, { ETag: '"1"', 'Content-Length': 99 })
    response.write('x')
  })
  const { chunks } = await store.get(A)
  const taken = chunks.takeAll?.(() => {
    throw new Error('no more')
  })
  t.match(await failure(Promise.resolve(taken)), { message: /no more/ })
  while (store.server.open() > 0) await sleep(5)
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
