// The limit of the time in which an attempt of a request brings no byte, and
// the watch that ends attempts beyond it. Only time spent waiting for a byte
// counts: an attempt whose bytes are not read yet is not silent. A text, which
// is useful only when complete, has a limit as a whole.

import type { Clock } from '../clock.ts'
import { SourceError } from './errors/source-error.ts'

const SHARE = 0.3
const MIN_MS = 3000
const MAX_MS = 10_000
// A text that drips is cut after so many times the limit.
const WHOLE = 10

/** The longest time in ms that an answer may drip if it is useful only as a whole. */
export const LONGEST_DRIP_MS = MAX_MS * WHOLE

/** Gives the limit of silence in ms in a cycle of so many seconds. */
export function silenceMs(maxCycleSeconds: number): number {
  return Math.max(MIN_MS, Math.min(MAX_MS, maxCycleSeconds * 1000 * SHARE))
}

type Timer = Pick<Clock, 'elapsed' | 'after'>

/** Holds the waits of a store: one timer watches all, and one listener per signal ends its waits. */
export class SilenceWatch {
  readonly #milliseconds: number
  readonly #clock: Timer
  readonly #waits = new Map<AbortSignal | undefined, Waits>()
  #isLooking = false

  /** A wait may be silent for so many ms of the clock. */
  constructor(milliseconds: number, clock: Timer) {
    this.#milliseconds = milliseconds
    this.#clock = clock
  }

  /** Begins a wait; `doing` names its purpose, unless it is for bytes of S3. Throws the signal's reason if it has aborted. */
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
    return new Wait(waits, this.#clock, onOver, doing)
  }

  /** Waits for a promise as for a byte. */
  async over<T>(
    promise: Promise<T>,
    signal: AbortSignal | undefined,
    doing?: () => string,
  ): Promise<T> {
    // Always handled: an unhandled rejection would end the process.
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

  /** Gives the error for a text answer, read to its end by one attempt, that has dripped for too many ms. */
  drip(dripped: number): Error | undefined {
    const limit = this.#milliseconds * WHOLE
    return dripped > limit
      ? new StalledError(`the answer was not whole after ${limit / 1000} s`)
      : undefined
  }

  readonly #look = (): void => {
    const now = this.#clock.elapsed()
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

  // The watch must not keep the process alive; the request itself does.
  #lookIn(milliseconds: number): void {
    this.#isLooking = true
    this.#clock.after(milliseconds, this.#look)
  }
}

/** One wait for bytes, from its beginning until `end`. */
export class Wait {
  /** The start of the wait for a byte, by the clock that only goes forward; Infinity while no byte is requested. */
  since: number
  /** The reason of an early end: it was silent too long, or the signal's reason. */
  reason: unknown
  /** Called once at an early end. */
  onOver: (reason: unknown) => void
  readonly doing: () => string
  readonly #waits: Waits
  readonly #clock: Timer

  constructor(
    waits: Waits,
    clock: Timer,
    onOver: (reason: unknown) => void,
    doing: () => string,
  ) {
    this.onOver = onOver
    this.doing = doing
    this.#waits = waits
    this.#clock = clock
    this.since = clock.elapsed()
    waits.all.add(this)
  }

  /** Begins to wait for the next byte. */
  next(): void {
    this.since = this.#clock.elapsed()
  }

  /** Pauses while no byte is requested. */
  pause(): void {
    this.since = Infinity
  }

  /** Ends the wait, and removes every trace of it. */
  end(): void {
    this.#waits.delete(this)
  }

  over(reason: unknown): void {
    this.end()
    this.reason = reason
    this.onOver(reason)
  }
}

/** The waits that one signal ends. */
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
