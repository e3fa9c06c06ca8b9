// Sends requests to one host over connections that are kept: HTTP/1.1 over
// sockets, since node:http costs a sixth of the CPU of small objects. The
// caller listens to a request, and ends it if necessary. The gate of S3 limits
// the requests, and so the connections.

import type { Duplex } from 'node:stream'
import type { ProxySettings } from '../proxy/proxy.ts'
import { connector, placeOf } from './connect.ts'
import { Connection, type AnswerListener } from './connection.ts'

/** A request under way. */
export interface SentRequest {
  /** Ends it with its connection; its listener hears of it, unless its answer is complete. */
  destroy(): void
}

/** Sends a path with its query and the lines of its headers, as a POST if there is a body. */
export type Sender = (
  path: string,
  headers: string,
  listener: AnswerListener,
  body?: string,
) => SentRequest

// The name is for readers of the bucket's access logs.
const ALWAYS = 'user-agent: lr-s3-input\r\nconnection: keep-alive\r\n\r\n'
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/
const NO_PATH = /[^!-~]/

// So that a silent proxy is named as the cause before the server is.
const PROXY_SHARE = 0.8

/** Makes a sender to the host of a URL, whose answers are waited for so many ms. Throws ProxyError. */
export async function requestSender(
  url: URL,
  settings: ProxySettings,
  silence: number,
): Promise<Sender> {
  const connect = await connector(url, settings, silence * PROXY_SHARE)
  // Node's error has the address alone, or the name alone.
  const facts = { place: placeOf(url), isPlain: url.protocol === 'http:' }
  const idle: Connection[] = []
  const owner = {
    onIdle: (connection: Connection) => void idle.push(connection),
    onEnd: (connection: Connection) => {
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
    },
  }
  const takeIdle = (): Connection | undefined => {
    for (;;) {
      // The last one that was used is the last to be ended by its server.
      const connection = idle.pop()
      if (!connection?.isStale) return connection
      connection.destroy()
    }
  }

  return (path, headers, { onAnswer, onError }, body) => {
    const head = headOf(path, headers, body)
    let connection = takeIdle()
    const isReused = connection !== undefined
    const listener = {
      onAnswer,
      onError: (error: Error) => {
        // What ended it, such as a firewall, has ended the other idle ones too.
        if (isReused) for (const other of idle.splice(0)) other.destroy()
        onError(Object.assign(error, facts))
      },
    }
    let isOver = false
    if (connection) connection.send(head, body, listener)
    else {
      const sendOver = (socket: Duplex): void => {
        connection = new Connection(socket, owner)
        // Then nothing is sent, but its listener hears of it.
        if (isOver) connection.destroy()
        connection.send(head, body, listener)
      }
      const opened = connect()
      if (opened instanceof Promise) opened.then(sendOver, listener.onError)
      else sendOver(opened)
    }
    return {
      destroy: () => {
        isOver = true
        connection?.abort(listener)
      },
    }
  }
}

function headOf(
  path: string,
  headers: string,
  body: string | undefined,
): string {
  if (NO_PATH.test(path)) throw unescaped()
  if (body === undefined) return `GET ${path} HTTP/1.1\r\n${headers}${ALWAYS}`
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`
  return `POST ${path} HTTP/1.1\r\n${headers}${length}${ALWAYS}`
}

/** Writes headers as lines; throws for a value that cannot be sent. */
export function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = ''
  for (const [name, value] of Object.entries(headers)) {
    if (NO_VALUE.test(value)) throw invalidValue(name)
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

// Node's own errors. What could begin another header or request is never sent.
const invalidValue = (name: string): Error =>
  Object.assign(new Error(`Invalid character in header content ["${name}"]`), {
    code: 'ERR_INVALID_CHAR',
  })
const unescaped = (): Error =>
  Object.assign(new Error('Request path contains unescaped characters'), {
    code: 'ERR_UNESCAPED_CHARACTERS',
  })
