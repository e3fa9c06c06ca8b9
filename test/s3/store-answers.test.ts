// A wrong answer gives no byte of an object and no page of a listing. The sockets
// are real.

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { silenceClock } from '../lib/fake-clock.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { drain, failure, storeAt, storeOnServer } from '../lib/s3/store-on.ts'
import { untilAnswered } from '../lib/until.ts'

const A = { key: 'a', etag: undefined, from: 0 }
const ALL = { prefix: '', delimiter: false, startAfter: '' }

t.test('a wrong answer gives no byte of the object', async t => {
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

t.test('the text in the place of a page is named', async t => {
  let text = ''
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(200).end(text)
  })
  for (const [what, named] of [
    [
      '<!DOCTYPE html>\n<html><title>Sign in</title>',
      'an HTML page, as from a',
    ],
    ['\uFEFF\n<HTML lang="en"><body>', 'an HTML page'],
    ['<!-- x --><html>', 'an HTML page'],
    ['{"message":"not found"}', 'JSON, which S3 never'],
    [' []', 'JSON'],
    ['', 'empty;'],
    ['it works', 'a text of another kind;'],
    ['<ListAllMyBucketsResult/>', 'a document ListAllMyBucketsResult;'],
    ['<?xml version="1.0"?><s3:ListBucketResult><N', 'a listing page that is'],
  ] as const) {
    text = what
    t.match(await failure(store.list(ALL)), {
      code: 'BadPage',
      message: `the answer is not a listing page but ${named}`,
    })
  }
})

t.test('a refusal keeps its status, whatever its text does', async t => {
  const start = '<Error><Code>AccessDenied</Code><Message>'
  const piece = Buffer.alloc(65_536, 'a')
  const clock = silenceClock()
  const ends: Record<string, (response: ServerResponse) => void> = {
    endless: response => {
      const pour = (): void => {
        while (response.write(piece));
      }
      response.on('drain', pour)
      pour()
    },
    cut: response => void untilAnswered().then(() => response.destroy()),
    silent: () => void untilAnswered().then(() => clock.advance(5000)),
  }
  for (const [name, end] of Object.entries(ends)) {
    let asked = 0
    const { port } = await startServer(t, (_, response) => {
      asked++
      response.writeHead(403).write(start)
      end(response)
    })
    const store = storeAt(`http://127.0.0.1:${port}`, { clock, silence: 5000 })
    for (const ask of [() => store.list(ALL), () => store.get(A)])
      t.match(
        await failure(ask()),
        { code: 'AccessDenied', kind: 'access', message: /\(HTTP 403/ },
        name,
      )
    t.equal(asked, 2, 'none is tried again')
  }
  const store = await storeOnServer(t, (_, response) => {
    response.writeHead(403).write('<html>')
    void untilAnswered().then(() => response.destroy())
  })
  const page = { code: 'HTTP 403', kind: 'access' }
  t.match(await failure(store.list(ALL)), page)
})

t.test('a server that wants TLS gives advice about the scheme', async t => {
  // As one that speaks TLS alone answers what is not.
  for (const alert of ['', '\x15\x03\x01\x00\x02\x02\x46']) {
    const server = createServer(socket =>
      socket
        .on('error', () => {})
        .once('data', () => socket.end(alert, 'latin1')),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo
    const store = storeAt(`http://127.0.0.1:${port}`)
    t.match(await failure(store.list(ALL)), {
      kind: 'network',
      message: /if this lasts, check whether Endpoint should begin with https:/,
    })
  }
})
