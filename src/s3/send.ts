// Sends requests to one host over connections that are kept. The caller listens
// to a request, and ends it if necessary.

import * as http from 'node:http'
import { bareHost } from '../settings/proxy-address.ts'
import { CONNECTIONS } from './proxy/route.ts'

/** Sends a path with its query and headers, names and values in turn, as a POST if there is a body. */
export type Sender = (
  path: string,
  headers: readonly string[],
  body?: string,
) => http.ClientRequest

// For readers of the bucket's access logs.
const NAMED = ['user-agent', 'lr-s3-input']

/** Makes a sender to the host of a URL, over the agent's connections if one is given. */
export async function requestSender(
  url: URL,
  agent?: http.Agent,
): Promise<Sender> {
  // TLS takes time to load, also where it is not used.
  const { request, Agent } =
    url.protocol === 'https:' ? await import('node:https') : http
  const hostname = bareHost(url.hostname)
  const { port } = url
  const connections = agent ?? new Agent(CONNECTIONS)
  const known = port || (url.protocol === 'https:' ? '443' : '80')
  const place = `${url.hostname}:${known}`
  // Node's error has the address alone, or the name alone.
  const facts = { place, isPlain: url.protocol === 'http:' }
  const nameIn = (error: Error): void => void Object.assign(error, facts)
  return (path, headers, body) => {
    const isPost = body !== undefined
    const method = isPost ? 'POST' : 'GET'
    const length = isPost
      ? ['content-length', String(Buffer.byteLength(body))]
      : []
    const sent = request({
      hostname,
      port,
      agent: connections,
      method,
      path,
      headers: headers.concat(NAMED, length),
    })
    sent.on('error', nameIn)
    return sent.end(body)
  }
}
