// How long one attempt of a request may bring no byte, and the watch that ends
// it then. Only time in which a byte is waited for counts: an attempt whose
// bytes nobody fetches yet is not silent.

import { SourceError } from './errors/source-error.ts'

const SHARE = 0.3
const MIN_MS = 3000
const MAX_MS = 10_000

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
  #waiting = true

  constructor(milliseconds: number, outside: AbortSignal | undefined) {
    this.signal = this.#controller.signal
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
    ? new StalledError(seconds)
    : new SourceError(
        `${doing}: no answer came for ${seconds} s; it is tried again in the next cycle`,
        { code: 'Stalled', kind: 'network', unsigned: true },
      )
}

class StalledError extends Error {
  override readonly name = 'Stalled'

  constructor(seconds: number) {
    super(`no byte came for ${seconds} s`)
  }
}
