// Sends GET requests to one host over connections that are kept. A body is the
// stream as it comes; the signal ends the request, its body included.

import * as http from 'node:http'

/** Sends a path with its query; resolves as soon as the answer begins. */
export type Sender = (
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<http.IncomingMessage>

const MOST_SOCKETS = 50

/** Makes a sender to the host of a URL, over the agent's connections if one is given. */
export async function requestSender(
  url: URL,
  agent?: http.Agent,
): Promise<Sender> {
  // TLS takes its time to load, also where none is spoken.
  const { request, Agent } =
    url.protocol === 'https:' ? await import('node:https') : http
  const target = {
    // An address of IPv6 is in brackets in a URL alone.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    agent: agent ?? new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
  }
  return (path, headers, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const sent = request({
        ...target,
        path,
        // Named for who reads the bucket's access logs.
        headers: { ...headers, 'user-agent': 'lr-s3-input' },
      })
      const onAbort = (): void => void sent.destroy()
      signal.addEventListener('abort', onAbort)
      sent.on('error', reject)
      sent.once('response', resolve)
      sent.once('close', () => signal.removeEventListener('abort', onAbort))
      sent.end()
    })
}
