// A gateway before a stand-in, which sends its answers on in its own way. The
// Host header is the client's, so signatures hold.

import {
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'

/** Answers in the place of the gateway, which answers as it was answered if this gives false. */
export type Send = (
  body: Buffer,
  answer: { status: number; headers: IncomingHttpHeaders },
  response: ServerResponse,
  request: IncomingMessage,
) => boolean

/** Tells whether a request is a LIST. */
export const isList = ({ url = '' }: IncomingMessage): boolean =>
  url.includes('list-type=2')

/** Starts a gateway to an endpoint; gives its own endpoint. */
export async function startGateway(
  t: Test,
  endpoint: string,
  answer: Send,
): Promise<string> {
  const { port } = new URL(endpoint)
  const gateway = createServer((request, response) => {
    const { url: path, headers } = request
    const onward = { host: '127.0.0.1', port, path, headers, agent: false }
    const onAnswer = async (answered: IncomingMessage): Promise<void> => {
      const body = await buffer(answered)
      const { statusCode: status = 500, headers } = answered
      if (answer(body, { status, headers }, response, request)) return
      response.writeHead(status, headers)
      response.end(body)
    }
    send(onward, answered => void onAnswer(answered)).end()
  })
  await new Promise<void>(resolve => gateway.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    gateway.closeAllConnections()
    gateway.close()
  })
  return `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
}
