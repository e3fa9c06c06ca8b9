// The sender over real sockets, to servers that a test writes byte by byte.

import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { AnswerListener } from '../../../src/s3/http/connection.ts'
import {
  headerLines,
  requestSender,
  type Sender,
  type SentRequest,
} from '../../../src/s3/http/send.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'
import { startProxy } from '../../lib/s3/proxy-double.ts'
import { startSockets } from '../../lib/s3/socket-server.ts'
import { ask, answerWith } from './ask.ts'

const openSender = (
  t: Test,
  port: number,
  settings: object = {},
): Promise<Sender> => {
  emptyEnv(t)
  const url = new URL(`http://127.0.0.1:${port}`)
  return requestSender(url, { ...SETTINGS, ...settings }, 5000)
}

t.test(
  'requests after one another take one connection, those at once more',
  async t => {
    const server = await startSockets(t, (socket, request) => {
      socket.write(answerWith(request.split(' ')[1] ?? ''))
    })
    const send = await openSender(t, server.port)
    for (const path of ['/1', '/2', '/3'])
      t.match(await ask(send, path), { status: 200, text: path })
    t.equal(server.sockets.length, 1)
    const all = await Promise.all(
      ['/4', '/5', '/6'].map(path => ask(send, path)),
    )
    t.strictSame(
      all.map(({ text }) => text),
      ['/4', '/5', '/6'],
    )
    t.equal(server.sockets.length, 3)
    await Promise.all(['/7', '/8', '/9'].map(path => ask(send, path)))
    t.equal(server.sockets.length, 3)
  },
)

t.test('what is sent', async t => {
  const server = await startSockets(t, socket => socket.write(answerWith('')))
  const send = await openSender(t, server.port)
  await ask(send, '/a?b=c', headerLines({ host: 'x', y: '\xe9' }))
  await ask(send, '/p', '', '{"\u20ac":1}')
  const always = 'user-agent: lr-s3-input\r\nconnection: keep-alive\r\n\r\n'
  t.strictSame(server.requests, [
    `GET /a?b=c HTTP/1.1\r\nhost: x\r\ny: \xe9\r\n${always}`,
    `POST /p HTTP/1.1\r\ncontent-length: 9\r\n${always}${Buffer.from('{"\u20ac":1}').toString('latin1')}`,
  ])
})

t.test(
  'nothing is sent that could begin another header or request',
  async t => {
    const server = await startSockets(t, socket => socket.write(answerWith('')))
    const send = await openSender(t, server.port)
    const listener = { onAnswer: t.fail, onError: t.fail } as AnswerListener
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0', '\u010a', '\u20ac'])
      t.throws(() => headerLines({ x: value }), {
        code: 'ERR_INVALID_CHAR',
        message: 'Invalid character in header content ["x"]',
      })
    for (const path of ['/ HTTP/1.1\r\nx: y', '/\n', '/a b', '/\u010a'])
      t.throws(() => send(path, '', listener), {
        code: 'ERR_UNESCAPED_CHARACTERS',
      })
    t.equal(server.sockets.length, 0)
  },
)

t.test(
  'a connection that ends, or brings more than was asked for, is left',
  async t => {
    const answers: ((socket: Duplex) => void)[] = [
      socket => socket.write(answerWith('0', 'Connection: close')),
      socket =>
        socket.write(
          answerWith('1', 'Connection: keep-alive', 'Connection: close'),
        ),
      socket => socket.write(answerWith('2', 'Keep-Alive: timeout=1')),
      socket => socket.write(answerWith('3').replace('1.1', '1.0')),
      socket => socket.write(`${answerWith('4')}X`),
      socket => socket.end(answerWith('5')),
      socket => socket.end('HTTP/1.1 200 OK\r\n\r\n6'),
      socket => socket.write(answerWith('7')),
    ]
    const server = await startSockets(t, (socket, _, count) =>
      answers[count]?.(socket),
    )
    const send = await openSender(t, server.port)
    for (const [count] of answers.entries()) {
      t.match(await ask(send, '/'), { text: `${count}`, fault: undefined })
      // The client hears of the end.
      if (count === 5) await server.allEnded()
    }
    t.equal(server.sockets.length, answers.length)
  },
)

t.test('a dead idle connection takes the others with it', async t => {
  let isDead = false
  const server = await startSockets(t, (socket, request) => {
    // As after a firewall has forgotten all that were idle.
    if (isDead) socket.destroy()
    else socket.write(answerWith(request.split(' ')[1] ?? ''))
  })
  const send = await openSender(t, server.port)
  await Promise.all(['/1', '/2', '/3'].map(path => ask(send, path)))
  isDead = true
  t.match(await ask(send, '/4'), { fault: { code: 'ECONNRESET' } })
  isDead = false
  t.match(await ask(send, '/5'), { text: '/5', fault: undefined })
  t.equal(server.sockets.length, 4, 'the next request has one of its own')
})

t.test('bytes on an idle connection are the answer to nothing', async t => {
  const server = await startSockets(t, (socket, request) =>
    socket.write(answerWith(request.split(' ')[1] ?? '')),
  )
  const send = await openSender(t, server.port)
  await ask(send, '/1')
  server.sockets[0]?.write(answerWith('poison'))
  await server.allEnded()
  t.match(await ask(send, '/2'), { text: '/2' })
  t.equal(server.sockets.length, 2)
})

t.test('a request can be ended at any moment', async t => {
  const server = await startSockets(t, (socket, request) => {
    if (request.startsWith('GET /head')) socket.write('HTTP/1.1 200 OK\r\n')
    if (request.startsWith('GET /body'))
      socket.write(answerWith('abc').slice(0, -1))
    if (request.startsWith('GET /whole')) socket.write(answerWith('abc'))
  })
  const send = await openSender(t, server.port)
  for (const path of ['/at-once', '/silent', '/head', '/body']) {
    const before = server.sockets.length
    let sent: SentRequest | undefined
    const asked = ask(send, path, '', undefined, {
      onSent: one => {
        sent = one
        if (path === '/at-once') one.destroy()
      },
      onAnswer: () => sent?.destroy(),
    })
    if (path === '/silent' || path === '/head') {
      await server.until(() =>
        server.requests.at(-1)?.startsWith(`GET ${path}`),
      )
      sent?.destroy()
    }
    t.match(await asked, { fault: { code: 'ECONNRESET' } }, path)
    await server.allEnded()
    t.ok(server.sockets.length <= before + 1)
  }
  // One that is over ends no other.
  let first: SentRequest | undefined
  const options = { onSent: (one: SentRequest) => void (first = one) }
  t.match(await ask(send, '/whole', '', undefined, options), { text: 'abc' })
  const second = ask(send, '/whole')
  first?.destroy()
  t.match(await second, { text: 'abc', fault: undefined })
})

t.test('the place is named with an error', async t => {
  const server = await startSockets(t, socket => socket.destroy())
  const send = await openSender(t, server.port)
  const place = `127.0.0.1:${server.port}`
  t.match(await ask(send, '/'), {
    fault: { code: 'ECONNRESET', place, isPlain: true },
  })
  server.close()
  t.match(await ask(send, '/'), { fault: { code: 'ECONNREFUSED', place } })
})

t.test('a network that refuses at once is an error of the request', async t => {
  emptyEnv(t)
  const url = new URL('http://255.255.255.255')
  const send = await requestSender(url, SETTINGS, 5000)
  // Here Node tells it before promises go on.
  await turn()
  const fault = await new Promise(resolve => {
    setImmediate(() => send('/', '', { onAnswer: t.fail, onError: resolve }))
  })
  t.match(fault, { syscall: 'connect', place: '255.255.255.255:80' })
})

/** Counts the connections that keep the process alive. */
const alive = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap')
    .length

t.test('an idle connection keeps no process alive, a request does', async t => {
  const server = await startSockets(t, socket => {
    socket.write(answerWith(''))
  })
  const send = await openSender(t, server.port)
  await ask(send, '/')
  const idle = alive()
  const asked = ask(send, '/')
  t.equal(alive(), idle + 1)
  await asked
  t.equal(alive(), idle)
})

t.test('through a tunnel', async t => {
  const proxy = await startProxy(t)
  const server = await startSockets(t, (socket, request) => {
    const isCut = request.startsWith('GET /cut')
    socket.write(answerWith('abc').slice(0, isCut ? -1 : undefined))
  })
  const send = await openSender(t, server.port, {
    ProxyServer: '127.0.0.1',
    ProxyPort: proxy.port,
  })
  for (const path of ['/1', '/2'])
    t.match(await ask(send, path), { text: 'abc', fault: undefined })
  t.equal(proxy.asked.length, 1, 'one tunnel')
  const onAnswer = (): void => proxy.cut()
  t.match(await ask(send, '/cut', '', undefined, { onAnswer }), {
    text: 'ab',
    fault: { message: 'aborted' },
  })
  t.match(await ask(send, '/3'), { text: 'abc' })
  t.equal(proxy.asked.length, 2)
  let sent: SentRequest | undefined
  const asked = ask(send, '/1')
  const ended = ask(send, '/4', '', undefined, {
    onSent: one => void (sent = one),
  })
  sent?.destroy()
  await asked
  t.match(await ask(send, '/5'), { text: 'abc' })
  t.notOk(server.requests.some(request => request.startsWith('GET /4')))
  t.match(await ended, { fault: { code: 'ECONNRESET' } })
})

t.test('a tunnel that ends at once, or brings bytes of its own', async t => {
  const behind = ['', 'SSH-2.0-x\r\n', answerWith('abc')]
  const established = 'HTTP/1.1 200 Connection established\r\n\r\n'
  const server = await startSockets(t, (socket, request) => {
    if (request.startsWith('CONNECT'))
      socket.end(established + behind[server.sockets.length - 1])
  })
  const send = await openSender(t, 1, {
    ProxyServer: '127.0.0.1',
    ProxyPort: server.port,
  })
  t.match(await ask(send, '/'), { fault: { message: 'socket hang up' } })
  t.match(await ask(send, '/'), { fault: { code: 'NoHttp' } })
  // A proxy may answer anything as the host.
  t.match(await ask(send, '/'), { text: 'abc' })
})

t.test('a large answer waits in the network for its reader', async t => {
  const server = await startSockets(t, socket => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n')
    const block = Buffer.alloc(100_000)
    const more = (): void => {
      while (socket.write(block));
    }
    socket.on('drain', more)
    more()
  })
  const send = await openSender(t, server.port)
  let sent: SentRequest | undefined
  const answered = new Promise<void>(resolve => {
    sent = send('/', '', { onAnswer: () => resolve(), onError: t.fail })
  })
  await answered
  const [socket] = server.sockets
  let before = -1
  // Until the server, too, is held up.
  for (let same = 0; same < 200; same++) {
    await turn()
    const now = socket?.bytesWritten ?? 0
    if (now !== before) same = 0
    before = now
  }
  t.ok(before < 50_000_000, 'not all of it')
  sent?.destroy()
  await server.allEnded()
})
