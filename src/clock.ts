// Time as the program sees it, passed in so that tests never wait: the wall
// clock, a clock that only goes forward, a sleep, a timer, limits of time, and
// the division of a cycle's time.

import { setTimeout as wait } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since 1970, by this machine. */
  now(): number
  /** Milliseconds since an arbitrary moment; never goes back. */
  elapsed(): number
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Calls a function after so many milliseconds; does not keep the process alive. */
  after(milliseconds: number, call: () => void): void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // The global `performance` would load a dozen modules of Node.
  elapsed: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, signal && { signal })
    } catch {
      // An aborted sleep is over, and the caller needs nothing more.
    }
  },
  after: (milliseconds, call) => void setTimeout(call, milliseconds).unref(),
}

/** Waits for a promise until a signal aborts, then throws the signal's reason. */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    // Always handled: an unhandled rejection would end the process.
    promise
      .finally(() => signal.removeEventListener('abort', onAbort))
      .then(resolve, reject)
  })
}

/** Waits for a promise for so many ms at most, then throws the error that `late` makes. */
export async function inTime<T>(
  promise: Promise<T>,
  milliseconds: number,
  clock: Pick<Clock, 'sleep'>,
  late: () => Error,
): Promise<T> {
  const settled = new AbortController()
  const limit = async (): Promise<never> => {
    await clock.sleep(milliseconds, settled.signal)
    throw late()
  }
  try {
    return await Promise.race([promise, limit()])
  } finally {
    settled.abort()
  }
}

/** Makes a signal that aborts after so many ms with the error that `late` makes, or with another signal; it does not keep the process alive. */
export function timeLimit(
  milliseconds: number,
  stop: AbortSignal,
  late: () => Error,
): AbortSignal {
  const limit = new AbortController()
  systemClock.after(milliseconds, () => limit.abort(late()))
  return AbortSignal.any([stop, limit.signal])
}

/** Shares of MaxCycleSeconds at whose end something stops: listing at a quarter once something new is found, new work at half, emission at three quarters. The rest is for committing, so that the host never has to kill a cycle. */
export const SHARES = {
  discovery: 0.1,
  listing: 0.25,
  newWork: 0.5,
  emission: 0.75,
  all: 1,
} as const

/** Measures a cycle of so many seconds, Infinity for one without limits. */
export class CycleTime {
  readonly #clock: Clock
  readonly #seconds: number
  readonly #lost: number
  readonly #began: number

  /** `lost` ms passed before it began and shorten its time, to half at the least, or a cycle could do nothing. */
  constructor(clock: Clock, seconds: number, lost = 0) {
    this.#clock = clock
    this.#seconds = Math.max(seconds / 2, seconds - lost / 1000)
    this.#lost = lost
    this.#began = clock.elapsed()
  }

  /** Milliseconds since the cycle began. */
  get spent(): number {
    return this.#clock.elapsed() - this.#began
  }

  /** Milliseconds since the cycle began, with those lost before. */
  get duration(): number {
    return this.#lost + this.spent
  }

  /** Milliseconds until a share of the cycle, or a part of one, is over. */
  until(share: keyof typeof SHARES, part = 1): number {
    return this.#seconds * 1000 * SHARES[share] * part - this.spent
  }

  /** Gives the used part of a share; 1 = all of it. */
  used(share: keyof typeof SHARES): number {
    return this.spent / (this.#seconds * 1000 * SHARES[share])
  }

  /** Tells whether a share of the cycle is over. */
  isOver(share: keyof typeof SHARES): boolean {
    return this.until(share) <= 0
  }
}
