// Answers that are not what was asked for, over the wire: no byte of them may
// be taken for the object's, and no page for the folder's.

import type { RequestListener } from 'node:http'
import t, { type Test } from 'tap'
import type { ObjectStore } from '../../src/s3/object-store.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { drain, failure, storeAt } from '../lib/s3/store-on.ts'

const A = { key: 'a', etag: undefined, from: 0 }
const ALL = { prefix: '', delimiter: false, startAfter: '' }

/** Opens a bucket on a server that answers as told. */
async function storeOnServer(
  t: Test,
  answer: RequestListener,
): Promise<ObjectStore> {
  const { port } = await startServer(t, answer)
  return storeAt(`http://127.0.0.1:${port}`)
}

t.test('an answer that is no object is none of its bytes', async t => {
  const headers: Record<string, string | number>[] = [
    { 'Content-Length': 4, ETag: '"2"' },
    { 'Content-Length': 4, ETag: '"1"', 'Content-Range': 'bytes 4-7/8' },
    { 'Content-Length': 4, ETag: '"1"', 'Content-Range': 'bytes 0-7/8' },
  ]
  let next = {}
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(200, next)
    response.end('body')
  })
  const codes = ['PreconditionFailed', 'NoRange', 'NoRange']
  for (const [index, code] of codes.entries()) {
    next = headers[index] ?? {}
    t.match(await failure(store.get({ ...A, etag: '"1"' })), { code })
  }
  next = { 'Content-Length': 4, ETag: '"1"' }
  for (const from of [1, 4])
    t.match(
      await failure(store.get({ ...A, from })),
      { code: 'NoRange' },
      'all of it where a part was asked for',
    )
  next = { ETag: '"1"' }
  t.strictSame(await drain(await store.get(A)), ['body', undefined])
})

t.test('a part never brings more than is due', async t => {
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(206, { ETag: '"1"', 'Content-Range': 'bytes 4-7/8' })
    response.write('bo')
    setImmediate(() => response.end('dy, and more'))
  })
  const [text, error] = await drain(await store.get({ ...A, from: 4 }))
  t.ok('body'.startsWith(text), text)
  t.match(error, { code: 'WrongLength', kind: 'network' })
})

t.test('a length that is not kept is a failure', async t => {
  for (const length of [3, 5]) {
    const store = await storeOnServer(t, ({ socket }) => {
      socket.end(
        `HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: ${length}\r\n\r\nbody`,
      )
    })
    const [text, error] = await drain(await store.get(A))
    t.equal(text, 'body'.slice(0, length))
    if (length === 5) t.match(error, { kind: 'network' })
  }
})

t.test('an answer without end is no page', async t => {
  const piece = Buffer.alloc(1_048_576, ' ')
  const store = await storeOnServer(t, (_, response) => {
    const pour = (): void => {
      while (response.write(piece));
    }
    response.writeHead(200).on('drain', pour)
    pour()
  })
  t.match(await failure(store.list(ALL)), {
    kind: 'network',
    message: /16777216 bytes/,
  })
})
