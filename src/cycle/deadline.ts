// Ends all waits when the cycle must end: network requests at three quarters of
// the time or on a signal, a blocked stdout on a signal or at the end of the
// time. After either, nothing more is committed.

import type { Clock, CycleTime } from '../clock.ts'
import { HostGoneError, StoppedError } from '../output/stdout.ts'

// Long enough for a reading host to take the current batch, so that the last
// line is whole, and short enough to exit within two seconds.
const LAST_BATCH_MS = 1000
// The longest wait of setTimeout; longer times count as endless.
const MAX_WAIT_MS = 2 ** 31 - 1

/** Watches for a signal and the end of a cycle's time. */
export class Deadline {
  readonly #clock: Clock
  readonly #network = new AbortController()
  readonly #over = new AbortController()
  #reason: Error | undefined
  #interrupt: (reason: Error) => void = () => {}

  constructor(stop: AbortSignal, time: CycleTime, clock: Clock) {
    this.#clock = clock
    const onStop = (): void =>
      this.#end(new StoppedError('a signal asked to stop'))
    if (stop.aborted) onStop()
    else stop.addEventListener('abort', onStop, { once: true })
    this.#after(time.until('emission'), () => this.#network.abort())
    this.#after(time.until('all'), () => {
      const message =
        'stdout stood still until MaxCycleSeconds were over; ' +
        'lines that the host had not read come again'
      this.#end(new HostGoneError(message))
    })
  }

  /** Aborts when requests must end. */
  get signal(): AbortSignal {
    return this.#network.signal
  }

  /** Ends all requests. */
  abortNetwork(): void {
    this.#network.abort()
  }

  /** Waits for a promise, one at a time; throws StoppedError or HostGoneError when the cycle ends first. */
  orAbort<T>(promise: Promise<T>): Promise<T> {
    // Promise.race would keep a part of each batch in memory until the end.
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      if (this.#reason) reject(this.#reason)
      promise.then(resolve, reject)
    })
  }

  /** Waits a moment for the last write, so that no line is cut, and ends all timers. */
  async finish(lastWrite: Promise<void>): Promise<void> {
    this.#network.abort()
    // A host that stood still until now has cut its line itself.
    const wait = this.#reason instanceof HostGoneError ? 0 : LAST_BATCH_MS
    const patience = this.#clock.sleep(wait, this.#over.signal)
    await Promise.race([lastWrite.catch(() => {}), patience])
    this.#over.abort()
  }

  #end(reason: Error): void {
    this.#network.abort()
    this.#reason ??= reason
    this.#interrupt(this.#reason)
  }

  #after(milliseconds: number, action: () => void): void {
    if (milliseconds > MAX_WAIT_MS) return
    const { signal } = this.#over
    void this.#clock.sleep(milliseconds, signal).then(() => {
      if (!signal.aborted) action()
    })
  }
}
