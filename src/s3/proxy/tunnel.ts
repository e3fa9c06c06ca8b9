// The connection through a proxy: a tunnel to a host and port (CONNECT), and an
// agent that chooses the route for each host. Plain requests take a tunnel as
// well, so that a proxy cannot change signed parts. Every attempt ends in time,
// as a socket or a ProxyError. A login is tried by one request first and, once
// refused, never again: more would lock the account. Loaded only if a proxy is
// used.

import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import { urlHost } from '../../settings/proxy-address.ts'
import {
  isLoginRefusal,
  proxyFault,
  proxyRefusal,
  proxySilence,
} from './proxy-error.ts'
import type { Proxy, ProxySettings } from './proxy.ts'
import { mayUseProxy, proxyFor } from './route.ts'

// The SDK's time limit for a tunnel.
const SDK_MS = 5000

const logins = new Map<string, Promise<void>>()

/** Opens a tunnel to `host:port` within so many ms; throws ProxyError. */
export async function openTunnel(
  proxy: Proxy,
  target: string,
  milliseconds: number,
): Promise<Duplex> {
  const { host, port, authorization = '' } = proxy
  const login = `${host}:${port} ${authorization}`
  const first = logins.get(login)
  if (first !== undefined) await first
  const tunnel = connect(proxy, target, milliseconds)
  const verdict = tunnel.then(
    () => {},
    (error: unknown) => {
      if (isLoginRefusal(error)) throw error
    },
  )
  verdict.catch(() => logins.set(login, verdict))
  if (first === undefined) logins.set(login, verdict)
  return tunnel
}

function connect(
  proxy: Proxy,
  target: string,
  milliseconds: number,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const { secure, host, port, authorization } = proxy
    const request = (secure ? https : http).request({
      method: 'CONNECT',
      host,
      port,
      path: target,
      agent: false,
      headers: {
        host: target,
        'user-agent': 'lr-s3-input',
        connection: 'keep-alive',
        'proxy-connection': 'keep-alive',
        ...(authorization && { 'proxy-authorization': authorization }),
      },
    })
    // An answer that comes drop by drop would never be silent.
    const limit = setTimeout(() => {
      request.destroy()
      reject(proxySilence(proxy, milliseconds))
    }, milliseconds).unref()
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit)
      reject(proxyFault(proxy, error.code ?? 'no answer', error.message))
    })
    request.once('connect', ({ statusCode = 0, headers }, socket, head) => {
      clearTimeout(limit)
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
      } else {
        socket.destroy()
        const schemes = headers['proxy-authenticate'] ?? ''
        reject(proxyRefusal(proxy, target, statusCode, String(schemes)))
      }
    })
    request.end()
  })
}

/** Makes the agent for `https:` or `http:`; a proxy has so many ms for each tunnel. */
export function tunnelAgent(
  protocol: string,
  settings: ProxySettings,
  milliseconds: number,
): http.Agent {
  const isSecure = protocol === 'https:'
  const agent = new (isSecure ? https : http).Agent({ keepAlive: true })
  const direct = agent.createConnection.bind(agent)
  const connect = async (options: http.ClientRequestArgs) => {
    const target = `${urlHost(options.host ?? '')}:${options.port}`
    const url = new URL(`${protocol}//${target}`)
    const proxy = proxyFor(url, settings, process.env)
    if (proxy === undefined) return direct(options)
    const socket = await openTunnel(proxy, target, milliseconds)
    // Node's own code for TLS connections uses the given socket.
    return isSecure ? direct(Object.assign({}, options, { socket })) : socket
  }
  agent.createConnection = (options, done) => {
    connect(options).then(
      socket => socket && done?.(null, socket),
      // Node ignores a socket beside an error.
      (error: Error) => done?.(error, undefined as never),
    )
    return undefined
  }
  return agent
}

/** Gives the request handler of the SDK's clients, including those for credentials, if a proxy is used; otherwise undefined. */
export function proxyHandler(
  settings: ProxySettings,
): { httpAgent: http.Agent; httpsAgent: http.Agent } | undefined {
  if (!mayUseProxy(settings, process.env)) return undefined
  return {
    httpAgent: tunnelAgent('http:', settings, SDK_MS),
    httpsAgent: tunnelAgent('https:', settings, SDK_MS),
  }
}
