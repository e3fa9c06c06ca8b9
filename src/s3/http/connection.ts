// One connection to a server: sends a request at a time and reads its answer.
// Bytes that nobody asked for end it, as they could be taken for the next
// answer.

import type { Duplex } from 'node:stream'
import { systemClock } from '../../clock.ts'
import { AnswerBody, reset } from './answer-body.ts'
import {
  checkStart,
  isNoHttp,
  noHttp,
  readHead,
  type Headers,
} from './answer-head.ts'

/** An answer whose body is still to be read. */
export interface Answer {
  status: number
  headers: Headers
  body: AnswerBody
}

/** Receives the answer, or the error that came in its place. */
export interface AnswerListener {
  onAnswer(answer: Answer): void
  onError(error: Error): void
}

/** Learns which connections can take the next request. */
export interface ConnectionOwner {
  onIdle(connection: Connection): void
  /** It can take no more requests. */
  onEnd(connection: Connection): void
}

const HEAD_END = Buffer.from('\r\n\r\n')
// Node's own limit.
const MAX_HEAD_BYTES = 16_384
// So long before its server ends an idle connection it is no longer used.
const MARGIN_MS = 1000

export class Connection {
  readonly #socket: Duplex & { ref?(): unknown; unref?(): unknown }
  readonly #owner: ConnectionOwner
  /** Of the request under way, until the end of its body. */
  #listener: AnswerListener | undefined
  #head: Buffer | undefined
  #body: AnswerBody | undefined
  #isKept = false
  #idleMs = Infinity
  #staleAt = Infinity
  #fault: Error | undefined

  constructor(socket: Duplex, owner: ConnectionOwner) {
    this.#socket = socket
    this.#owner = owner
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('error', error => (this.#fault = error))
    socket.on('end', () => this.#onPeerEnd())
    socket.on('close', () => this.#onClose())
  }

  /** Sends a request, which may be the first or follow `onIdle`. */
  send(head: string, body: string | undefined, listener: AnswerListener): void {
    this.#listener = listener
    this.#socket.ref?.()
    this.#socket.write(head, 'latin1')
    if (body) this.#socket.write(body)
  }

  /** Ends the request of a listener, if it is still under way. */
  abort(listener: AnswerListener): void {
    if (this.#listener === listener) this.destroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** It has ended, or its server has said that it ends it about now. */
  get isStale(): boolean {
    return (
      this.#socket.destroyed ||
      (this.#staleAt < Infinity && systemClock.elapsed() >= this.#staleAt)
    )
  }

  #take(bytes: Buffer): void {
    try {
      // Node still gives bytes that it had when it ended.
      if (this.#socket.destroyed) return
      if (this.#body) this.#takeBody(this.#body, bytes)
      else if (this.#listener) this.#takeHead(bytes, this.#listener)
      else this.destroy()
    } catch (error) {
      this.#socket.destroy(error as Error)
      // A fault of the listener, which no one else would hear of.
      if (!isNoHttp(error)) throw error
    }
  }

  /** Reads heads up to that of the answer itself, after interim ones. */
  #takeHead(bytes: Buffer, listener: AnswerListener): void {
    let rest = this.#head ? Buffer.concat([this.#head, bytes]) : bytes
    for (;;) {
      const end = rest.indexOf(HEAD_END)
      if ((end < 0 ? rest.length : end) > MAX_HEAD_BYTES)
        throw noHttp(`its headers have more than ${MAX_HEAD_BYTES} bytes`)
      this.#head = rest
      if (end < 0) return checkStart(rest)
      const head = readHead(rest.toString('latin1', 0, end))
      rest = rest.subarray(end + HEAD_END.length)
      const { status, headers, framing, isKept } = head
      if (status === 101) throw noHttp('it changes the protocol')
      if (status < 200) continue
      this.#head = undefined
      this.#isKept = isKept
      this.#idleMs = idleMs(headers['keep-alive'])
      const body = new AnswerBody(this.#socket, framing)
      this.#body = body
      listener.onAnswer({ status, headers, body })
      // Unless its listener has ended it.
      if (!this.#socket.destroyed) this.#takeBody(body, rest)
      return
    }
  }

  #takeBody(body: AnswerBody, bytes: Buffer): void {
    const used = body.take(bytes)
    if (used === undefined) return
    this.#body = undefined
    this.#listener = undefined
    if (this.#isKept && used === bytes.length) this.#rest()
    else this.destroy()
    body.end()
  }

  #rest(): void {
    if (this.#socket.destroyed) return
    if (this.#socket.readableLength > 0) return this.destroy()
    // The last body may have left it paused.
    if (this.#socket.isPaused()) this.#socket.resume()
    this.#socket.unref?.()
    this.#staleAt =
      this.#idleMs < Infinity
        ? systemClock.elapsed() + this.#idleMs - MARGIN_MS
        : Infinity
    this.#owner.onIdle(this)
  }

  #onPeerEnd(): void {
    this.#owner.onEnd(this)
    if (this.#body?.endsWithConnection) this.#body.end()
    this.destroy()
  }

  #onClose(): void {
    this.#owner.onEnd(this)
    if (this.#body) this.#body.end(this.#fault ?? reset('aborted'))
    else this.#listener?.onError(this.#fault ?? reset('socket hang up'))
  }
}

/** Reads the time in ms that a server keeps an idle connection, such as `timeout=5, max=100`. */
function idleMs(hint: string | undefined): number {
  if (hint === undefined) return Infinity
  const [, seconds] = /(?:^|[ ,])timeout=(\d{1,9})/i.exec(hint) ?? []
  return seconds === undefined ? Infinity : Number(seconds) * 1000
}
