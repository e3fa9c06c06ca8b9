// Bodies over the wire: cut connections, a deaf server, objects that change.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openBody } from '../../src/fetch/body.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import { failure, read as readFrom, storeOn } from '../lib/s3/store-on.ts'

/** Answers every GET with the whole object, whatever Range asks for, and breaks off the first. */
async function deafServer(t: Test, text: string): Promise<string> {
  let count = 0
  const server = createServer((_, response) => {
    response.writeHead(200, { ETag: '"1"', 'Content-Length': text.length })
    if (count++ > 0) response.end(text)
    else response.write(text.slice(0, 10), () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('a server deaf to Range never makes text come twice', async t => {
  const s3 = await startS3(t)
  const store = storeOn(s3, { Endpoint: await deafServer(t, 'x'.repeat(99)) })
  const clock = new FakeClock()
  const { signal } = new AbortController()
  let length = 0
  const reading = async (): Promise<void> => {
    const wanted = { key: 'a', etag: '"1"', size: 99 }
    const { chunks } = await openBody(wanted, store, clock, signal)
    for await (const chunk of chunks) length += chunk.length
  }
  t.match(await failure(clock.run(reading())), { name: 'SourceError' })
  t.equal(length, 10)
})

t.test('a connection that is cut, over the wire', async t => {
  const s3 = await startS3(t)
  const text = Array.from({ length: 5000 }, (_, n) => `line ${n}`).join('\n')
  const put = s3.put('a', text)
  let cuts = 0
  s3.fault = ({ kind }) =>
    kind === 'GET' && cuts++ < 3 ? { kind: 'cut', after: 9000 } : undefined
  t.equal(await readFrom(storeOn(s3), 'a', put), text)
  const gets = s3.requests.filter(({ kind }) => kind === 'GET')
  t.strictSame(
    gets.map(({ range }) => range),
    [undefined, 'bytes=9000-', 'bytes=18000-', 'bytes=27000-'],
  )
  t.ok(
    gets.every(({ ifMatch }) => ifMatch === undefined),
    'which not all stores understand',
  )
})

t.test('an object that changes meanwhile, over the wire', async t => {
  const s3 = await startS3(t)
  const put = s3.put('a', 'x'.repeat(50_000))
  s3.fault = ({ kind }) => {
    if (kind !== 'GET' || s3.count('GET') > 1) return undefined
    setImmediate(() => s3.put('a', 'y'.repeat(50_000)))
    return { kind: 'cut', after: 9000 }
  }
  const changed = { code: 'PreconditionFailed', kind: 'object' }
  t.match(
    await failure(readFrom(storeOn(s3), 'a', put)),
    changed,
    'between two parts',
  )
  t.match(
    await failure(readFrom(storeOn(s3), 'a', put)),
    changed,
    'before the first',
  )
  t.match(await failure(readFrom(storeOn(s3), 'gone')), { code: 'NoSuchKey' })
  s3.put('cold', 'x', { storageClass: 'GLACIER' })
  t.match(await failure(readFrom(storeOn(s3), 'cold')), {
    code: 'InvalidObjectState',
  })
})

t.test('a body shorter than listed, over the wire', async t => {
  const s3 = await startS3(t)
  const put = s3.put('a', 'x'.repeat(50_000))
  s3.fault = ({ kind }) =>
    kind === 'GET' ? { kind: 'short', length: 40_000 } : undefined
  t.match(await failure(readFrom(storeOn(s3), 'a', put)), {
    code: 'WrongLength',
  })
})
