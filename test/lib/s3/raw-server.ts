// A server that answers as a test says, wrongly if need be, over HTTP or TLS.

import { once } from 'node:events'
import {
  createServer,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface RawServer {
  /** The port on 127.0.0.1. */
  port: number
  /** How many connections are open. */
  open(): number
}

/** Starts a server that ends with the test; with a key and certificate it speaks TLS. */
export async function startServer(
  t: Test,
  answer: RequestListener,
  tls?: { key: string; cert: string },
): Promise<RawServer> {
  const server: Server = tls
    ? createTlsServer(tls, answer)
    : createServer(answer)
  const sockets = new Set<object>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { port, open: () => sockets.size }
}

/** Answers as S3 does when it refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' })
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  )
}
