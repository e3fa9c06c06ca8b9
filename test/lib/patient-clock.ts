// A real clock that stands still while this process is kept from running: a
// machine that is busy with other things makes no limit of a cycle bite. On a
// quiet one it is the machine's own.

import { systemClock, type Clock } from '../../src/clock.ts'

const TICK_MS = 5

interface Sleeper {
  at: number
  wake: () => void
}

/** Keeps time between its making and `stop`. */
export class PatientClock implements Clock {
  #elapsed = 0
  #seen = performance.now()
  #sleepers: Sleeper[] = []
  readonly #timer = setInterval(() => this.#tick(), TICK_MS)

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
    if (signal?.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const sleeper = { at: this.elapsed() + milliseconds, wake }
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter(one => one !== sleeper)
        resolve()
      }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Ends it; nobody who still sleeps wakes. */
  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = this.elapsed()
    const due = this.#sleepers.filter(({ at }) => at <= now)
    if (due.length === 0) return
    this.#sleepers = this.#sleepers.filter(({ at }) => at > now)
    for (const { wake } of due) wake()
  }
}
