// An attempt that is silent for too long ends, wherever in a request it is. The
// sockets are real. The clock is not: a silence is over when the test says so.

import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { endCommands } from '../../src/s3/access/credential-process.ts'
import type { Chunks } from '../../src/s3/object-store.ts'
import type { ObservedRequest } from '../../src/s3/observe.ts'
import { silenceClock } from '../lib/fake-clock.ts'
import type { Fault } from '../lib/s3/faults.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import {
  drain,
  failure,
  listAll,
  storeAt,
  storeOn,
  storeOnServer,
} from '../lib/s3/store-on.ts'
import { until, untilAnswered } from '../lib/until.ts'

const LIMIT_MS = 4000
const STALLED = { code: 'Stalled', kind: 'network', affectsAll: false }
const A = { key: 'a', etag: undefined, from: 0 }
const ALL = { prefix: '', delimiter: false, startAfter: '' }

/** Gives the options of a store, and `pass`, which ends the silence of its requests. */
function onClock() {
  const clock = silenceClock()
  const pass = (): void => clock.advance(LIMIT_MS)
  return { clock, pass, options: { clock, silence: LIMIT_MS } }
}

t.test('silence ends a try, before an answer and inside it', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'text')
  const seen: ObservedRequest[] = []
  const observer = (one: ObservedRequest): void => void seen.push(one)
  const { pass, options } = onClock()
  const store = storeOn(s3, {}, { ...options, observer })
  for (const [fault, ask, status] of [
    [{ kind: 'stall' }, 'list', undefined],
    [{ kind: 'stall-body', after: 200 }, 'list', 200],
    [{ kind: 'stall' }, 'get', undefined],
  ] as const) {
    seen.length = 0
    const stall = (): Fault => {
      if (status === undefined) setImmediate(pass)
      else void untilAnswered().then(pass)
      return fault
    }
    s3.fault = stall
    const asked = ask === 'list' ? store.list(ALL) : store.get(A)
    t.match(await failure(asked), {
      ...STALLED,
      message: /ing s3:\/\/logs\/.*: no byte came for 4 s; .*next cycle$/,
    })
    t.strictSame(
      seen.map(({ attempt }) => attempt),
      [1, 2, 3, 4, 5],
    )
    t.ok(seen.every(one => one.status === status))
    let left = 1
    s3.fault = () => (left-- > 0 ? stall() : undefined)
    if (ask === 'list') t.equal((await store.list(ALL)).objects.length, 1)
    else t.equal((await drain(await store.get(A)))[0], 'text')
  }
})

t.test('a server that takes connections and no more is silent', async t => {
  const { pass, options } = onClock()
  const server = createServer(socket =>
    socket.on('error', () => {}).on('data', pass),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const scheme of ['http', 'https']) {
    const store = storeAt(`${scheme}://127.0.0.1:${port}`, options)
    t.match(await failure(listAll(store)), STALLED, scheme)
  }
})

/** Takes the chunks of a body one by one. */
async function takePieces(
  chunks: Chunks,
  take: (chunk: Buffer) => void,
): Promise<void> {
  for await (const chunk of chunks) take(chunk)
}

t.test('a body that stalls ends, also after bytes that trickled', async t => {
  const { clock, options } = onClock()
  let response: ServerResponse | undefined
  const store = await storeOnServer(
    t,
    (_, answer) => {
      response = answer.writeHead(200, { ETag: '"1"', 'Content-Length': 100 })
      answer.flushHeaders()
    },
    options,
  )
  const { chunks } = await store.get(A)
  let text = ''
  const reading = takePieces(chunks, chunk => void (text += String(chunk)))
  let isOver = false
  reading.catch(() => (isOver = true))
  for (let count = 1; count <= 6; count++) {
    response?.write('x')
    await until(() => text.length === count || isOver)
    clock.advance(LIMIT_MS - 1)
  }
  clock.advance(1)
  t.match(await failure(reading), STALLED)
  t.equal(text, 'xxxxxx')
})

t.test('a reader that is slow is no silence', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'x'.repeat(300_000))
  const { clock, options } = onClock()
  const { chunks } = await storeOn(s3, {}, options).get(A)
  let length = 0
  for await (const chunk of chunks) {
    clock.advance(10 * LIMIT_MS)
    length += chunk.length
  }
  t.equal(length, 300_000)
})

t.test('credentials that do not come are silence too', async t => {
  const folder = t.testdir({})
  const asked = join(folder, 'asked')
  writeFileSync(
    join(folder, 'config'),
    `[profile slow]\ncredential_process = echo >${asked}; exec sleep 60\n`,
  )
  const before = process.env
  t.teardown(() => {
    process.env = before
    endCommands()
  })
  process.env = {
    PATH: before['PATH'],
    AWS_PROFILE: 'slow',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  }
  const s3 = await startS3(t)
  const { pass, options } = onClock()
  const none = { AccessKeyId: '', SecretAccessKey: '' }
  let isOver = false
  const failed = failure(storeOn(s3, none, options).list(ALL)).finally(
    () => (isOver = true),
  )
  await until(() => existsSync(asked))
  await until(() => {
    pass()
    return isOver
  })
  t.match(await failed, { ...STALLED, message: /no answer came for 4 s/ })
})

t.test('a body is the same taken at once or piece by piece', async t => {
  const { pass, options } = onClock()
  let response: ServerResponse | undefined
  const store = await storeOnServer(
    t,
    (_, answer) => {
      response = answer.writeHead(200, { ETag: '"1"', 'Content-Length': 4 })
      answer.write('ab')
    },
    options,
  )
  for (const [key, goOn, text, error] of [
    ['whole', () => response?.end('cd'), 'abcd', undefined],
    [
      'cut',
      () => response?.destroy(),
      'ab',
      { code: 'ECONNRESET', kind: 'network' },
    ],
    ['stalled', pass, 'ab', STALLED],
  ] as const)
    for (const [how, read] of [
      ['piece by piece', takePieces],
      ['at once', ({ takeAll }, take) => takeAll?.(take)],
    ] as [string, (...all: Parameters<typeof takePieces>) => unknown][]) {
      const { chunks } = await store.get({ ...A, key })
      let came = ''
      const taken = read(chunks, chunk => {
        if (came === '') setImmediate(goOn)
        came += String(chunk)
      })
      const fault = await Promise.resolve(taken).catch((one: unknown) => one)
      t.equal(came, text, `${key}, ${how}`)
      if (error === undefined) t.equal(fault, undefined)
      else t.match(fault, error, `${key}, ${how}`)
    }
})
