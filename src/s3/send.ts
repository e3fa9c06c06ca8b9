// Sends requests to one host over connections that are kept. The body of an
// answer is the stream as it comes; the signal ends the request, that included.

import * as http from 'node:http'
import { bareHost } from '../settings/proxy-address.ts'
import { CONNECTIONS } from './proxy/route.ts'

/** Sends a path with its query, as a POST if there is a body; resolves as soon as the answer begins. */
export type Sender = (
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  body?: string,
) => Promise<http.IncomingMessage>

/** Makes a sender to the host of a URL, over the agent's connections if one is given. */
export async function requestSender(
  url: URL,
  agent?: http.Agent,
): Promise<Sender> {
  // TLS takes its time to load, also where none is spoken.
  const { request, Agent } =
    url.protocol === 'https:' ? await import('node:https') : http
  const target = {
    hostname: bareHost(url.hostname),
    port: url.port,
    agent: agent ?? new Agent(CONNECTIONS),
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const place = `${url.hostname}:${port}`
  return (path, headers, signal, body) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const sent = request({
        ...target,
        path,
        method: body === undefined ? 'GET' : 'POST',
        // Named for who reads the bucket's access logs.
        headers: { ...headers, 'user-agent': 'lr-s3-input' },
      })
      const onAbort = (): void => void sent.destroy()
      signal.addEventListener('abort', onAbort)
      // Node tells of the address alone, or of the name alone.
      sent.on('error', error => reject(Object.assign(error, { place })))
      sent.once('response', resolve)
      sent.once('close', () => signal.removeEventListener('abort', onAbort))
      sent.end(body)
    })
}
