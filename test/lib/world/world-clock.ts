// The time of a world: true time, this machine's wall clock beside it, and
// sleepers who wake when nothing else goes on. Work on the disk counts as
// something that goes on, so that a world runs the same each time.

import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../src/clock.ts'
import { Sleepers } from '../sleepers.ts'

// An immediate that the program waits for, or a call to the disk.
const isAtWork = (resource: string): boolean =>
  resource === 'Immediate' || /^(FS|Close)/.test(resource)

export class WorldClock implements Clock {
  /** This machine's time minus the true one, in ms. */
  wallOffset = 0
  readonly #began: number
  #elapsed = 0
  readonly #sleepers = new Sleepers()

  /** Begins at a true time in ms since 1970. */
  constructor(began: number) {
    this.#began = began
  }

  /** The true time in ms since 1970. */
  get time(): number {
    return this.#began + this.#elapsed
  }

  now(): number {
    return this.time + this.wallOffset
  }

  elapsed(): number {
    return this.#elapsed
  }

  /** Lets time pass without waking anybody yet, as work on the processor does. */
  spend(milliseconds: number): void {
    this.#elapsed += milliseconds
  }

  /** Goes on to a true time, unless it is past. */
  goTo(time: number): void {
    this.spend(Math.max(0, time - this.time))
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#sleepers.add(this.#elapsed + milliseconds, signal)
  }

  after(milliseconds: number, call: () => void): void {
    void this.sleep(milliseconds).then(call)
  }

  /** Waits for a promise, and goes on to the next sleeper whenever all else stands still. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const watched = promise.finally(() => {
      isSettled = true
    })
    watched.catch(() => {})
    for (;;) {
      await setImmediate()
      if (isSettled) return watched
      if (process.getActiveResourcesInfo().some(isAtWork)) continue
      this.#wakeNext()
    }
  }

  // Who is due wakes in the order of the times; those of one time together.
  #wakeNext(): void {
    const { next } = this.#sleepers
    if (!Number.isFinite(next)) return
    this.#elapsed = Math.max(this.#elapsed, next)
    this.#sleepers.wake(next)
  }
}
