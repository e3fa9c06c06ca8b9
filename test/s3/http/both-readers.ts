// Reads the same bytes of a server with node:http's client and with ours, over
// a connection in memory, so that nothing waits.

import { Agent, request } from 'node:http'
import { Connection } from '../../../src/s3/http/connection.ts'
import { Wire, type Sent } from './wire.ts'

/** What a client made of it. */
export interface Received {
  /** Undefined if no answer came. */
  status?: number
  headers?: Readonly<Record<string, unknown>>
  body: string
  state: 'complete' | 'failed' | 'open'
  /** The code of the error. */
  code: string
  message: string
  /** The connection is kept for another request. */
  isKept: boolean
}

const nothing = (): Received => ({
  body: '',
  state: 'open',
  code: '',
  message: '',
  isKept: false,
})

const fail = (received: Received, error: NodeJS.ErrnoException): void => {
  if (received.state !== 'open') return
  received.state = 'failed'
  received.code ||= error.code ?? ''
  received.message = error.message
}

/** Ends the connection, which no longer changes what was received. */
function settled(received: Received, wire: Wire): Received {
  const isKept = received.isKept && !wire.destroyed
  const settled = { ...received, isKept }
  wire.destroy()
  return settled
}

/** Reads with ours. */
export async function readByOurs(sent: Sent): Promise<Received> {
  const received = nothing()
  const wire = new Wire()
  const connection = new Connection(wire, {
    onIdle: () => (received.isKept = true),
    onEnd: () => (received.isKept = false),
  })
  connection.send('GET / HTTP/1.1\r\n\r\n', undefined, {
    onAnswer: ({ status, headers, body }) => {
      Object.assign(received, { status, headers })
      body.read(
        piece => (received.body += piece.toString('latin1')),
        fault => {
          if (fault) fail(received, fault)
          else received.state = 'complete'
        },
      )
    },
    onError: error => fail(received, error),
  })
  await wire.send(sent)
  return settled(received, wire)
}

/** Reads with node:http's. */
export async function readByNode(sent: Sent): Promise<Received> {
  const received = nothing()
  const wire = new Wire()
  const agent = new Agent({ keepAlive: true })
  agent.createConnection = () => wire as never
  agent.on('free', () => (received.isKept = true))
  const asked = request({ agent }, answer => {
    received.status = answer.statusCode ?? 0
    received.headers = answer.headersDistinct
    answer.on('data', (piece: Buffer) => {
      received.body += piece.toString('latin1')
    })
    answer.on('end', () => {
      if (received.state === 'open') received.state = 'complete'
    })
    answer.on('error', error => fail(received, error))
  })
  // After an answer, its body alone says how it ended.
  asked.on('error', (error: NodeJS.ErrnoException) => {
    if (received.status === undefined) fail(received, error)
    else received.code = error.code ?? ''
  })
  asked.end()
  await wire.send(sent)
  return settled(received, wire)
}
