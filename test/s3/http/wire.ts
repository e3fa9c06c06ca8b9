// A connection in memory, of which a test is the server: nothing waits.

import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

/** What a server sends after the request: pieces, then the end of the connection, a reset, or nothing more. */
export interface Sent {
  pieces: readonly Buffer[]
  end: 'end' | 'reset' | 'open'
}

/** The client's side; `push` is what the server sends. */
export class Wire extends Duplex {
  /** All that was written to it. */
  written = ''

  constructor() {
    super({ allowHalfOpen: false })
  }

  // Node's agent takes it for a socket.
  setKeepAlive(): void {}
  setTimeout(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(bytes: Buffer, _: string, done: () => void): void {
    this.written += bytes.toString('latin1')
    done()
  }

  /** Sends each piece in a turn of its own. */
  async send({ pieces, end }: Sent): Promise<void> {
    await turn()
    for (const piece of pieces) {
      if (this.destroyed) break
      // Its reader may change it.
      this.push(Buffer.from(piece))
      await turn()
    }
    if (end === 'end' && !this.destroyed) this.push(null)
    if (end === 'reset')
      this.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    for (let turns = 0; turns < 5; turns++) await turn()
  }
}
