// A clock that stands still until a test moves it. Sleepers wake and timers
// are called when their time has come, in order.

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

/** A clock whose pauses are over at once, and whose limits of silence a test reaches by moving it. */
export const silenceClock = (): FakeClock =>
  new (class extends FakeClock {
    override async sleep() {}
  })()

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
  #timers: Sleeper[] = []

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

  after(milliseconds: number, call: () => void): void {
    this.#timers.push({ at: this.#elapsed + milliseconds, wake: call })
  }

  /** Moves both clocks on, and wakes each sleeper and calls each timer whose time has come. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
    this.#elapsed += milliseconds
    const isDue = ({ at }: Sleeper): boolean => at <= this.#elapsed
    const due = [...this.#sleepers, ...this.#timers].filter(isDue)
    this.#sleepers = this.#sleepers.filter(one => !isDue(one))
    this.#timers = this.#timers.filter(one => !isDue(one))
    for (const { wake } of due.toSorted((a, b) => a.at - b.at)) wake()
  }

  /** Sets the wall clock alone, as a person or NTP does. */
  setWall(now: number): void {
    this.#now = now
  }

  /** Waits for a promise and moves on to the next sleeper, but to no timer, whenever nothing else happens. */
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
