// The body of an answer: bytes of its connection become pieces for one reader,
// up to the end that the head has announced. What comes before anyone reads is
// kept, and beyond a limit the connection waits. The trap: after its end the
// connection may carry another answer, so the body no longer touches it.

import type { Duplex } from 'node:stream'
import type { Framing } from './answer-head.ts'
import { ChunkedReader } from './chunked.ts'

const MAX_KEPT_BYTES = 65_536
// Each may be a byte.
const MAX_KEPT_PIECES = 64

/** A body that is read once. */
export class AnswerBody {
  readonly #socket: Duplex
  readonly #chunked: ChunkedReader | undefined
  /** The bytes that are due; Infinity if the connection's end is the body's. */
  #due: number
  #kept: Buffer[] = []
  #keptBytes = 0
  #isOver = false
  #isGivenUp = false
  #fault: Error | undefined
  #onPiece: ((piece: Buffer) => void) | undefined
  #onEnd: ((fault?: Error) => void) | undefined

  constructor(socket: Duplex, framing: Framing) {
    this.#socket = socket
    this.#chunked = framing === 'chunked' ? new ChunkedReader() : undefined
    this.#due = typeof framing === 'number' ? framing : Infinity
  }

  /** Gives each piece to `onPiece`, and its end, with an error unless it is complete, to `onEnd`; either may be called before this returns. */
  read(onPiece: (piece: Buffer) => void, onEnd: (fault?: Error) => void): void {
    this.#onPiece = onPiece
    this.#onEnd = onEnd
    if (this.#socket.isPaused()) this.resume()
    for (const piece of this.#kept) {
      if (this.#isGivenUp) break
      onPiece(piece)
    }
    this.#kept = []
    if (!this.#isOver) return
    if (this.#isGivenUp) this.#fault ??= reset('aborted')
    onEnd(this.#fault)
  }

  /** Stops the pieces; those that have been received still come. */
  pause(): void {
    if (!this.#isOver) this.#socket.pause()
  }

  resume(): void {
    if (!this.#isOver) this.#socket.resume()
  }

  /** Ends the body, and with it the connection, unless that has brought all of it. */
  destroy(): void {
    this.#isGivenUp = true
    if (!this.#isOver) this.#socket.destroy()
  }

  /** Takes bytes of the connection; returns the number that the body used once it is complete; throws an error whose code is NoHttp. */
  take(bytes: Buffer): number | undefined {
    if (this.#chunked) return this.#chunked.read(bytes, this.#give)
    const piece = bytes.subarray(0, this.#due)
    this.#due -= piece.length
    if (piece.length > 0) this.#give(piece)
    return this.#due === 0 ? piece.length : undefined
  }

  /** The connection has ended, which may be the end of the body. */
  get endsWithConnection(): boolean {
    return this.#due === Infinity && this.#chunked === undefined
  }

  /** Ends the body, complete unless there is a fault. */
  end(fault?: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#fault = fault
    this.#onEnd?.(fault)
  }

  readonly #give = (piece: Buffer): void => {
    if (this.#onPiece) return this.#onPiece(piece)
    this.#kept.push(piece)
    this.#keptBytes += piece.length
    if (
      this.#keptBytes > MAX_KEPT_BYTES ||
      this.#kept.length >= MAX_KEPT_PIECES
    )
      this.#socket.pause()
  }
}

/** Makes Node's own error for a connection that ended too early. */
export const reset = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ECONNRESET' })
