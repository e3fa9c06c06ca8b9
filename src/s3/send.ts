// Makes GET requests to one host over connections that are kept.

import * as http from 'node:http'
import { bareHost } from '../settings/proxy-address.ts'
import { CONNECTIONS } from './proxy/route.ts'

/** Makes the request for a path with its query, with headers as names and values by turns; it is not sent before its end. */
export type Sender = (
  path: string,
  headers: readonly string[],
) => http.ClientRequest

/** Makes a sender to the host of a URL, over the agent's connections if one is given. */
export async function requestSender(
  url: URL,
  agent?: http.Agent,
): Promise<Sender> {
  // TLS takes its time to load, also where none is spoken.
  const { request, Agent } =
    url.protocol === 'https:' ? await import('node:https') : http
  const hostname = bareHost(url.hostname)
  const { port } = url
  const connections = agent ?? new Agent(CONNECTIONS)
  const known = port || (url.protocol === 'https:' ? '443' : '80')
  const place = `${url.hostname}:${known}`
  // Node tells of the address alone, or of the name alone.
  const nameIn = (error: Error): void => void Object.assign(error, { place })
  return (path, headers) =>
    request({ hostname, port, agent: connections, path, headers }).on(
      'error',
      nameIn,
    )
}
