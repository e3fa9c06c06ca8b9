// A real clock that stands still while this process is kept from running: a
// machine that is busy with other things makes no limit of a cycle bite. On a
// quiet one it is the machine's own.

import { systemClock, type Clock } from '../../src/clock.ts'
import { Sleepers } from './sleepers.ts'

const TICK_MS = 5

/** Keeps time between its making and `stop`. */
export class PatientClock implements Clock {
  #elapsed = 0
  #seen = performance.now()
  readonly #sleepers = new Sleepers()
  readonly #timer = setInterval(
    () => this.#sleepers.wake(this.elapsed()),
    TICK_MS,
  )

  now(): number {
    return systemClock.now()
  }

  elapsed(): number {
    const seen = performance.now()
    this.#elapsed += Math.min(seen - this.#seen, TICK_MS)
    this.#seen = seen
    return this.#elapsed
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#sleepers.add(this.elapsed() + milliseconds, signal)
  }

  after(milliseconds: number, call: () => void): void {
    void this.sleep(milliseconds).then(call)
  }

  /** Ends it; nobody who still sleeps wakes. */
  stop(): void {
    clearInterval(this.#timer)
  }
}
