// Sends GET requests to one host over connections that are kept. A body is the
// stream as it comes; the signal ends the request, its body included.

import * as http from 'node:http'
import { bareHost } from '../settings/proxy-address.ts'
import { CONNECTIONS } from './proxy/route.ts'

/** Sends a path with its query and headers, names and values by turns; resolves as soon as the answer begins. */
export type Sender = (
  path: string,
  headers: readonly string[],
  signal: AbortSignal,
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
  return (path, headers, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const sent = request({
        ...target,
        path,
        // Named for who reads the bucket's access logs.
        headers: ['user-agent', 'lr-s3-input', ...headers],
      })
      const onAbort = (): void => void sent.destroy()
      signal.addEventListener('abort', onAbort)
      // Node tells of the address alone, or of the name alone.
      sent.on('error', error => reject(Object.assign(error, { place })))
      sent.once('response', resolve)
      sent.once('close', () => signal.removeEventListener('abort', onAbort))
      sent.end()
    })
}
