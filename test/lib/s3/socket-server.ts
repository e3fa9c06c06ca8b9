// A server that answers requests byte by byte, over TCP.

import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Test } from 'tap'

export interface SocketServer {
  /** The port on 127.0.0.1. */
  port: number
  /** Every connection so far, also those that ended. */
  sockets: Socket[]
  /** Every request so far, as its bytes in latin1. */
  requests: string[]
  /** Takes no more connections. */
  close(): void
  /** Waits until every connection has ended. */
  allEnded(): Promise<void>
  /** Waits for something that a request brings about. */
  until(isSo: () => boolean | undefined): Promise<void>
}

/** Starts a server that ends with the test; `answer` gets each request and the number of those before. `wrap` may speak TLS. */
export async function startSockets(
  t: Test,
  answer: (socket: Duplex, request: string, count: number) => void,
  wrap: (socket: Socket) => Duplex = socket => socket,
): Promise<SocketServer> {
  const sockets: Socket[] = []
  const requests: string[] = []
  const ended: Promise<unknown>[] = []
  const wake = new Set<() => void>()
  const server = createServer(raw => {
    sockets.push(raw)
    ended.push(new Promise(resolve => raw.on('close', resolve)))
    raw.on('error', () => {})
    const socket = wrap(raw)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      const request = wholeRequest(text)
      if (request === undefined) return
      text = ''
      requests.push(request)
      answer(socket, request, requests.length - 1)
      wake.forEach(look => look())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    sockets.forEach(socket => socket.destroy())
  })
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    requests,
    close: () => void server.close(),
    allEnded: async () => void (await Promise.all(ended)),
    until: isSo =>
      new Promise(resolve => {
        const look = (): void => {
          if (isSo()) resolve()
        }
        wake.add(look)
        look()
      }),
  }
}

function wholeRequest(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  const [, length = 0] = /^content-length: (\d+)/im.exec(text) ?? []
  return end >= 0 && text.length >= end + 4 + Number(length) ? text : undefined
}
