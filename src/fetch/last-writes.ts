// Measures the time that requests have for their last writes to the spool: it
// begins when their signal aborts, and is short enough that the process still
// exits in time, even if a request never ends.

import type { Clock } from '../clock.ts'

/** The time in ms that a write to the spool has after its request has ended: with the wait for the last line it fits into the last quarter of the shortest cycle. */
export const LAST_WRITES_MS = 400

/** The time after the end of requests. */
export class LastWrites {
  /** Tells that the requests have ended and their time for writing has passed. */
  isOver = false
  readonly #done = new AbortController()

  /** `onChange` is called when `signal` aborts, and when the time is over. */
  constructor(
    signal: AbortSignal,
    clock: Pick<Clock, 'sleep'>,
    onChange: () => void,
  ) {
    const onEnd = async (): Promise<void> => {
      onChange()
      await clock.sleep(LAST_WRITES_MS, this.#done.signal)
      this.isOver = true
      onChange()
    }
    if (signal.aborted) void onEnd()
    else signal.addEventListener('abort', () => void onEnd(), { once: true })
  }

  /** Ends the wait: no request is left. */
  stop(): void {
    this.#done.abort()
  }
}
