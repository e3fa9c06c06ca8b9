// A double of a company's proxy: tunnels by CONNECT, a Basic login, and what
// goes wrong with proxies, one fault at a time.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Test } from 'tap'

/** What the proxy does instead of opening a tunnel. */
export type ProxyFault =
  | { status: number; schemes?: string[] }
  /** Takes the request and says nothing. */
  | 'hang'
  /** Speaks no HTTP. */
  | 'garbage'
  /** Sends a header that never ends. */
  | 'endless'
  /** Hangs up. */
  | 'close'

export interface ProxyDouble {
  port: number
  /** Each CONNECT: what for, and with which login in clear. */
  asked: { target: string; login: string | undefined }[]
  fault: ProxyFault | undefined
  /** The login that it wants, as `user:password`. */
  login: string | undefined
  /** Where a host and port really is, for names that DNS does not know. */
  routes: Map<string, number>
  /** Breaks the tunnels that are open. */
  cut(): void
  /** Gives the number of open connections. */
  open(): number
}

/** Starts a proxy that ends with the test; `login` is what it wants as `user:password`. */
export async function startProxy(
  t: Test,
  options: {
    login?: string
    tls?: { key: string; cert: string }
    host?: string
  } = {},
): Promise<ProxyDouble> {
  const server = options.tls ? createTlsServer(options.tls) : createServer()
  const tunnels = new Set<Duplex>()
  const sockets = new Set<Socket>()
  const proxy: ProxyDouble = {
    port: 0,
    asked: [],
    fault: undefined,
    login: options.login,
    routes: new Map(),
    cut: () => tunnels.forEach(tunnel => tunnel.destroy()),
    open: () => sockets.size,
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  // Whoever asks it without CONNECT does not go the way that is meant.
  server.on('request', (_, response) => response.writeHead(418).end())
  server.on('connect', (request, client: Duplex) => {
    client.on('error', () => {})
    const target = request.url ?? ''
    const login = readLogin(request.headers['proxy-authorization'])
    proxy.asked.push({ target, login })
    if (proxy.fault !== undefined) return misbehave(proxy.fault, client)
    if (proxy.login !== undefined && login !== proxy.login)
      return refuse(client, 407, ['Negotiate', 'NTLM', 'Basic realm="a, b"'])
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? []
    const routed = proxy.routes.get(target)
    const upstream = connect(
      routed ?? Number(port),
      routed ? '127.0.0.1' : host,
    )
    tunnels.add(client)
    upstream.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    upstream.on('error', () => refuse(client, 502))
    client.on('close', () => {
      tunnels.delete(client)
      upstream.destroy()
    })
  })
  server.listen(0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    sockets.forEach(socket => socket.destroy())
  })
  proxy.port = (server.address() as AddressInfo).port
  return proxy
}

const readLogin = (header = ''): string | undefined =>
  header.startsWith('Basic ')
    ? Buffer.from(header.slice(6), 'base64').toString('utf8')
    : undefined

function misbehave(fault: ProxyFault, client: Duplex): void {
  if (fault === 'hang') return
  if (fault === 'close') client.destroy()
  else if (fault === 'garbage') client.end('\0\u0001 not http at all\r\n\r\n')
  else if (fault === 'endless') drip(client)
  else refuse(client, fault.status, fault.schemes)
}

function drip(client: Duplex): void {
  client.write('HTTP/1.1 200 OK\r\nX: ')
  const timer = setInterval(() => client.write('x'), 20)
  client.on('close', () => clearInterval(timer))
}

function refuse(client: Duplex, status: number, schemes: string[] = []): void {
  const lines = schemes.map(scheme => `Proxy-Authenticate: ${scheme}\r\n`)
  client.end(
    `HTTP/1.1 ${status} No\r\n${lines.join('')}Content-Length: 5\r\n\r\nno no`,
  )
}
