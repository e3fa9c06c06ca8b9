// Ends what waits when the cycle must end: the network at three quarters of
// the time or on a signal, a blocked stdout on a signal or when the time is
// over. After either, nothing more is committed.

import { setMaxListeners } from 'node:events'
import type { CycleTime } from '../cycle-time.ts'
import { HostGoneError, StoppedError } from './host-gone.ts'

// Enough for a host that reads to take the batch on its way, so that the last
// line is whole, and little enough to be gone within two seconds.
const LAST_BATCH_MS = 1000
// What setTimeout can wait; longer times are as good as none.
const LONGEST_WAIT_MS = 2 ** 31 - 1

export class Halt {
  readonly #network = new AbortController()
  readonly #halted: Promise<never>
  readonly #timers: NodeJS.Timeout[] = []
  #reject: (error: Error) => void = () => {}

  constructor(stop: AbortSignal, time: CycleTime) {
    this.#halted = new Promise((_, reject) => {
      this.#reject = reject
    })
    this.#halted.catch(() => {})
    // Each request in flight listens; with so many Node suspects a leak.
    setMaxListeners(0, this.#network.signal)
    const onStop = (): void => {
      this.#network.abort()
      this.#reject(new StoppedError('a signal asked to stop'))
    }
    if (stop.aborted) onStop()
    else stop.addEventListener('abort', onStop, { once: true })
    this.#at(time.until('emission'), () => this.#network.abort())
    this.#at(time.until('all'), () => {
      const message =
        'stdout stood still until MaxCycleSeconds were over; ' +
        'what the host had not read comes again'
      this.#reject(new HostGoneError(message))
    })
  }

  /** Aborts when requests are to end. */
  get signal(): AbortSignal {
    return this.#network.signal
  }

  abortNetwork(): void {
    this.#network.abort()
  }

  /** Waits for a promise; throws StoppedError or HostGoneError when the cycle ends first. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([this.#halted, promise])
  }

  /** Waits a moment for the last write, so that no line is cut, and ends all timers. */
  async end(lastWrite: Promise<void>): Promise<void> {
    this.#network.abort()
    const patience = new Promise<void>(resolve =>
      this.#at(LAST_BATCH_MS, resolve),
    )
    await Promise.race([lastWrite.catch(() => {}), patience])
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #at(milliseconds: number, action: () => void): void {
    if (milliseconds < LONGEST_WAIT_MS)
      this.#timers.push(setTimeout(action, Math.max(0, milliseconds)))
  }
}
