// An agent whose connections go the way that is right for each host: through a
// tunnel of its proxy, or direct. Plain requests take a tunnel as well, so that
// no proxy sees or changes what is signed. Loaded only where a proxy is.

import * as http from 'node:http'
import * as https from 'node:https'
import { urlHost } from '../../settings/url-host.ts'
import { openTunnel } from './tunnel.ts'
import { mayUseProxy, proxyFor, type ProxySettings } from './route.ts'
import { CONNECTIONS } from '../send.ts'

const SDK_MS = 5000

/** Makes the agent for `https:` or `http:`; a proxy has so many ms for each tunnel. */
export function tunnelAgent(
  protocol: string,
  settings: ProxySettings,
  milliseconds: number,
): http.Agent {
  const isSecure = protocol === 'https:'
  const agent = new (isSecure ? https : http).Agent(CONNECTIONS)
  const direct = agent.createConnection.bind(agent)
  const connect = async (options: http.ClientRequestArgs) => {
    const target = `${urlHost(options.host ?? '')}:${options.port}`
    const url = new URL(`${protocol}//${target}`)
    const proxy = proxyFor(url, settings, process.env)
    if (proxy === undefined) return direct(options)
    const socket = await openTunnel(proxy, target, milliseconds)
    // Node's own way to a TLS connection takes the socket that it is given.
    return isSecure ? direct(Object.assign({}, options, { socket })) : socket
  }
  agent.createConnection = (options, done) => {
    connect(options).then(
      socket => socket && done?.(null, socket),
      // Node takes no notice of a socket beside an error.
      (error: Error) => done?.(error, undefined as never),
    )
    return undefined
  }
  return agent
}

/** Gives the request handler of the SDK's clients, those for credentials included, where a proxy is; undefined elsewhere. */
export function proxyHandler(
  settings: ProxySettings,
): { httpAgent: http.Agent; httpsAgent: http.Agent } | undefined {
  if (!mayUseProxy(settings, process.env)) return undefined
  return {
    httpAgent: tunnelAgent('http:', settings, SDK_MS),
    httpsAgent: tunnelAgent('https:', settings, SDK_MS),
  }
}
