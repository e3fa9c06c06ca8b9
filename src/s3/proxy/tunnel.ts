// Asks a proxy for a tunnel to a host and port (CONNECT). Whatever the proxy
// does, it ends in time, as a socket or a ProxyError. A login is tried by one
// request first and, once refused, never again: more would lock the account.

import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import {
  isLoginRefusal,
  proxyFault,
  proxyRefusal,
  proxySilence,
} from './proxy-error.ts'
import type { Proxy } from './route.ts'

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
      reject(proxyFault(proxy, error.code ?? 'no answer'))
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
