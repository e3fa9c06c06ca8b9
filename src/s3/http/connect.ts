// Opens connections to the host of a URL: TCP or TLS, direct or through the
// proxy of the settings or the environment. TLS sessions are resumed, which
// spares both sides most of a handshake. TLS and the code for proxies take time
// to load, and are loaded only where they are used.

import { connect as connectTcp, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import { bareHost } from '../../settings/proxy-address.ts'
import type { Proxy, ProxySettings } from '../proxy/proxy.ts'
import { proxyFor } from '../proxy/route.ts'

/** Opens a connection, at once unless a proxy has to; rejects with ProxyError for a proxy, errors of the host itself come from the connection, so that it needs a listener at once. */
export type Connect = () => Duplex | Promise<Duplex>

/** Makes the function that connects to a URL's host; a proxy has so many ms for each tunnel. Throws ProxyError if the environment names no usable proxy. */
export async function connector(
  url: URL,
  settings: ProxySettings,
  tunnelMs: number,
): Promise<Connect> {
  const host = bareHost(url.hostname)
  const isSecure = url.protocol === 'https:'
  const tcp = { host, port: portOf(url), noDelay: true, keepAlive: true }
  const proxy = proxyFor(url, settings, process.env)
  const tunnel = proxy && (await tunnelTo(proxy, placeOf(url), tunnelMs))
  if (!isSecure) return tunnel ?? (() => connectTcp(tcp))

  const tls = await import('node:tls')
  let session: Buffer | undefined
  const secure = (way: ConnectionOptions): Duplex => {
    const socket = tls.connect({
      ...way,
      // An address is no name for SNI.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      session,
    })
    socket.on('session', ticket => (session = ticket))
    // The session may be the cause.
    return socket.on('close', failed => failed && (session = undefined))
  }
  return tunnel
    ? async () => secure({ host, socket: await tunnel() })
    : () => secure(tcp)
}

/** Names the host and port of a URL, such as `s3.amazonaws.com:443`. */
export const placeOf = (url: URL): string => `${url.hostname}:${portOf(url)}`

const portOf = ({ port, protocol }: URL): number =>
  Number(port) || (protocol === 'https:' ? 443 : 80)

async function tunnelTo(
  proxy: Proxy,
  target: string,
  milliseconds: number,
): Promise<() => Promise<Duplex>> {
  const { openTunnel } = await import('../proxy/tunnel.ts')
  return () => openTunnel(proxy, target, milliseconds)
}
