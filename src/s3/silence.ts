// How long one attempt of a request may bring no byte, and the watch over all
// that are under way, which ends those. Only time in which a byte is waited for
// counts: an attempt whose bytes nobody fetches yet is not silent. A text, of
// which nothing is used before its end, has a limit as a whole.

import { systemClock } from '../clock.ts'
import { SourceError } from './errors/source-error.ts'

const SHARE = 0.3
const MIN_MS = 3000
const MAX_MS = 10_000
// A text that drips is cut after so many times as long.
const WHOLE = 10

/** How many ms an answer may drip at most that is of use only as a whole. */
export const LONGEST_DRIP_MS = MAX_MS * WHOLE

/** Gives the milliseconds that an attempt may be silent in a cycle of so many seconds. */
export function silenceMs(maxCycleSeconds: number): number {
  return Math.max(MIN_MS, Math.min(MAX_MS, maxCycleSeconds * 1000 * SHARE))
}

/** Holds the waits of a store: one timer watches all, and one listener those of a signal. */
export class SilenceWatch {
  readonly #milliseconds: number
  readonly #waits = new Map<AbortSignal | undefined, Waits>()
  #isLooking = false

  /** A wait may be silent for so many ms. */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
  }

  /** Begins a wait; `doing` says what it is for, if not for bytes of S3. Throws the signal's reason if it has aborted. */
  begin(
    signal: AbortSignal | undefined,
    onOver: (reason: unknown) => void,
    doing = (): string => '',
  ): Wait {
    signal?.throwIfAborted()
    let waits = this.#waits.get(signal)
    if (waits === undefined) {
      waits = new Waits(signal, () => this.#waits.delete(signal))
      this.#waits.set(signal, waits)
    }
    if (!this.#isLooking) this.#lookIn(this.#milliseconds)
    return new Wait(waits, onOver, doing)
  }

  /** Waits for a promise as for a byte. */
  async over<T>(
    promise: Promise<T>,
    signal: AbortSignal | undefined,
    doing?: () => string,
  ): Promise<T> {
    // Always listened to: a failure that is not heard would end the process.
    promise.catch(() => {})
    let wait: Wait | undefined
    try {
      return await new Promise((resolve, reject) => {
        wait = this.begin(signal, reject, doing)
        promise.then(resolve, reject)
      })
    } finally {
      wait?.end()
    }
  }

  /** Tells of an answer of text, which one attempt reads to its end, that has dripped for too many ms. */
  drip(dripped: number): Error | undefined {
    const limit = this.#milliseconds * WHOLE
    return dripped > limit
      ? new StalledError(`the answer was not whole after ${limit / 1000} s`)
      : undefined
  }

  readonly #look = (): void => {
    const now = systemClock.elapsed()
    let next = this.#milliseconds
    for (const waits of this.#waits.values())
      for (const wait of waits.all) {
        const left = wait.since + this.#milliseconds - now
        if (left <= 0) wait.over(stalled(this.#milliseconds, wait.doing()))
        else next = Math.min(next, left)
      }
    this.#isLooking = false
    if (this.#waits.size > 0) this.#lookIn(next)
  }

  // What is waited for keeps the process alive; the watch shall not.
  #lookIn(milliseconds: number): void {
    this.#isLooking = true
    setTimeout(this.#look, milliseconds).unref()
  }
}

/** One wait for bytes, from its beginning until `end`. */
export class Wait {
  /** Since when a byte is waited for, by the clock that never goes back; Infinity while nobody asks for any. */
  since = systemClock.elapsed()
  /** Why it is over before its end: it was silent too long, or the signal's reason. */
  reason: unknown
  /** Called once then. */
  onOver: (reason: unknown) => void
  readonly doing: () => string
  readonly #waits: Waits

  constructor(
    waits: Waits,
    onOver: (reason: unknown) => void,
    doing: () => string,
  ) {
    this.onOver = onOver
    this.doing = doing
    this.#waits = waits
    waits.all.add(this)
  }

  /** Begins to wait for the next byte. */
  next(): void {
    this.since = systemClock.elapsed()
  }

  /** Pauses while nobody asks for bytes. */
  pause(): void {
    this.since = Infinity
  }

  /** Ends it; nothing of it is left behind. */
  end(): void {
    this.#waits.delete(this)
  }

  over(reason: unknown): void {
    this.end()
    this.reason = reason
    this.onOver(reason)
  }
}

/** Those that a signal ends. */
class Waits {
  readonly all = new Set<Wait>()
  readonly #signal: AbortSignal | undefined
  readonly #onEmpty: () => void

  constructor(signal: AbortSignal | undefined, onEmpty: () => void) {
    this.#signal = signal
    this.#onEmpty = onEmpty
    signal?.addEventListener('abort', this.#onAbort)
  }

  delete(wait: Wait): void {
    if (!this.all.delete(wait) || this.all.size > 0) return
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onEmpty()
  }

  readonly #onAbort = (): void => {
    for (const wait of this.all) wait.over(this.#signal?.reason)
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
