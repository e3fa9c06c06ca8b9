// A clock that stands still until a test moves it; who sleeps wakes when the
// time has come, in order.

import { setImmediate } from 'node:timers/promises'
import { systemClock, type Clock } from '../../src/clock.ts'

/** A clock of the machine whose pauses are over at once; a limit of time never is. */
export const hastyClock: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) =>
    milliseconds < 60_000
      ? Promise.resolve()
      : new Promise(resolve =>
          signal?.addEventListener('abort', () => resolve(), { once: true }),
        ),
}

interface Sleeper {
  at: number
  wake: () => void
}

export class FakeClock implements Clock {
  /** How long was slept, each time, in ms. */
  readonly sleeps: number[] = []
  #now: number
  #elapsed = 0
  #sleepers: Sleeper[] = []

  /** Begins at a time in ms since 1970, or as a date such as 2026-01-02T03:04Z. */
  constructor(now: number | string = '2026-01-02T12:00:00Z') {
    this.#now = typeof now === 'string' ? Date.parse(now) : now
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#elapsed
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds)
    if (signal?.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const sleeper = { at: this.#elapsed + milliseconds, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Moves both clocks on and wakes whose time has come. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
    this.#elapsed += milliseconds
    const due = this.#sleepers.filter(({ at }) => at <= this.#elapsed)
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#elapsed)
    for (const { wake } of due.toSorted((a, b) => a.at - b.at)) wake()
  }

  /** Sets the wall clock alone, as a person or NTP does. */
  setWall(now: number): void {
    this.#now = now
  }

  /** Waits for a promise and moves on to the next sleeper whenever nothing else happens. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const watched = promise.finally(() => {
      settled = true
    })
    watched.catch(() => {})
    for (;;) {
      await setImmediate()
      if (settled) return watched
      const next = Math.min(...this.#sleepers.map(({ at }) => at))
      if (Number.isFinite(next)) this.advance(next - this.#elapsed)
    }
  }
}
