// The sender over TLS, with a certificate made on the spot.

import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { createSecureContext, TLSSocket } from 'node:tls'
import { requestSender, type Sender } from '../../../src/s3/http/send.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'
import { selfSigned } from '../../lib/s3/self-signed.ts'
import { startSockets, type SocketServer } from '../../lib/s3/socket-server.ts'
import { answerWith, ask } from './ask.ts'

interface TlsServer extends SocketServer {
  send: Sender
  /** Trusts any certificate from now on, or none of this kind. */
  trust(isTrusted: boolean): void
}

/** Starts a server; `answer` gets both ends of its TLS. Undefined where openssl is missing. */
async function startTls(
  t: Test,
  answer: (socket: TLSSocket, raw: Socket) => void,
): Promise<TlsServer | undefined> {
  const pair = selfSigned(t)
  if (pair === undefined) return undefined
  const secureContext = createSecureContext(pair)
  const tls: TLSSocket[] = []
  const server = await startSockets(
    t,
    socket => {
      const at = tls.indexOf(socket as TLSSocket)
      const [one, raw] = [tls[at], server.sockets[at]]
      if (one && raw) answer(one, raw)
    },
    raw => {
      const socket = new TLSSocket(raw, { isServer: true, secureContext })
      tls.push(socket)
      return socket
    },
  )
  // Node warns of it.
  t.intercept(process, 'emitWarning', { value: () => {} })
  const env = emptyEnv(t)
  const trust = (isTrusted: boolean): void => {
    env['NODE_TLS_REJECT_UNAUTHORIZED'] = isTrusted ? '0' : '1'
  }
  trust(true)
  const url = new URL(`https://127.0.0.1:${server.port}`)
  return { ...server, trust, send: await requestSender(url, SETTINGS, 1) }
}

const CLOSE = 'Connection: close'

t.test('a session is resumed, until a connection breaks', async t => {
  const isReused: boolean[] = []
  const names: unknown[] = []
  const server = await startTls(t, (socket, raw) => {
    isReused.push(socket.isSessionReused())
    names.push(socket.servername)
    if (server?.sockets.length === 3) raw.resetAndDestroy()
    else socket.write(answerWith('abc', CLOSE))
  })
  if (server === undefined) return t.comment('no openssl here')
  for (let count = 1; count <= 5; count++)
    t.match(
      await ask(server.send, '/'),
      count === 3 ? { fault: { code: 'ECONNRESET' } } : { text: 'abc' },
    )
  t.strictSame(isReused, [false, true, true, false, true])
  t.notOk(names.some(Boolean), 'an address is no name')
})

t.test(
  'a session of a certificate that is not trusted is worth nothing',
  async t => {
    const server = await startTls(t, socket =>
      socket.write(answerWith('abc', CLOSE)),
    )
    if (server === undefined) return t.comment('no openssl here')
    t.match(await ask(server.send, '/'), { text: 'abc' })
    server.trust(false)
    for (let count = 0; count < 2; count++)
      t.match(await ask(server.send, '/'), {
        status: undefined,
        fault: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', isPlain: false },
      })
    t.equal(server.requests.length, 1, 'and it gets no request')
  },
)

t.test('the end of a connection that TLS does not announce', async t => {
  const texts = ['HTTP/1.1 200 OK\r\n\r\nab', answerWith('abc').slice(0, -1)]
  const server = await startTls(t, (socket, raw) => {
    socket.write(texts.shift() ?? '', () => raw.end())
  })
  if (server === undefined) return t.comment('no openssl here')
  t.match(await ask(server.send, '/'), { text: 'ab', fault: undefined })
  t.match(await ask(server.send, '/'), {
    text: 'ab',
    fault: { message: 'aborted' },
  })
})

t.test('one connection takes requests after one another', async t => {
  const server = await startTls(t, socket => socket.write(answerWith('abc')))
  if (server === undefined) return t.comment('no openssl here')
  for (let count = 0; count < 3; count++)
    t.match(await ask(server.send, '/'), { text: 'abc' })
  t.equal(server.sockets.length, 1)
})
