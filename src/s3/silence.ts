// How long one attempt of a request may bring no byte, and the watch that ends
// it then. Only time in which a byte is waited for counts: an attempt whose
// bytes nobody fetches yet is not silent. A text, of which nothing is used
// before its end, has a limit as a whole.

import { SourceError } from './errors/source-error.ts'

const SHARE = 0.3
const MIN_MS = 3000
const MAX_MS = 10_000
// A text that drips is cut after so many times as long.
const WHOLE = 10

/** Gives the milliseconds that an attempt may be silent in a cycle of so many seconds. */
export function silenceMs(maxCycleSeconds: number): number {
  return Math.max(MIN_MS, Math.min(MAX_MS, maxCycleSeconds * 1000 * SHARE))
}

/** Watches one attempt, from its start until `end`. */
export class SilenceWatch {
  /** Aborts when the attempt was silent too long, or with the signal outside. */
  readonly signal: AbortSignal
  /** Says what is done for credentials, while they are waited for. */
  doing: () => string = () => ''
  readonly #controller = new AbortController()
  readonly #outside: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  readonly #milliseconds: number
  #waiting = true

  constructor(milliseconds: number, outside: AbortSignal | undefined) {
    this.signal = this.#controller.signal
    this.#milliseconds = milliseconds
    this.#outside = outside
    // What is waited for keeps the process alive; the wait shall not.
    this.#timer = setTimeout(() => {
      if (this.#waiting) this.#abort(stalled(milliseconds, this.doing()))
      else this.#timer.refresh()
    }, milliseconds).unref()
    outside?.addEventListener('abort', this.#onAbort)
    if (outside?.aborted) this.#onAbort()
  }

  /** Begins to wait, also for the next byte. */
  wait(): void {
    this.#waiting = true
    this.#timer.refresh()
  }

  /** Pauses while nobody asks for bytes. */
  pause(): void {
    this.#waiting = false
  }

  /** Throws if an answer of text, which one attempt reads to its end, has dripped for so many ms. */
  checkWhole(dripped: number): void {
    const limit = this.#milliseconds * WHOLE
    if (dripped > limit)
      throw new StalledError(`the answer was not whole after ${limit / 1000} s`)
  }

  /** Ends the watch; nothing of it is left behind. */
  end(): void {
    clearTimeout(this.#timer)
    this.#outside?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.#abort(this.#outside?.reason)

  #abort(reason: unknown): void {
    this.end()
    this.#controller.abort(reason)
  }
}

function stalled(milliseconds: number, doing: string): Error {
  const seconds = milliseconds / 1000
  return doing === ''
    ? new StalledError(`no byte came for ${seconds} s`)
    : new SourceError(
        `${doing}: no answer came for ${seconds} s; it is tried again in the next cycle`,
        { code: 'Stalled', kind: 'network', unsigned: true },
      )
}

class StalledError extends Error {
  override readonly name = 'Stalled'
}
