// Time as the program sees it, handed in from outside so that tests never
// wait: the wall clock, a clock that only goes forward, and a sleep.

import { setTimeout as wait } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since 1970, as this machine believes. */
  now(): number
  /** Milliseconds since an arbitrary moment; never goes back. */
  elapsed(): number
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // The global `performance` would load a dozen modules of Node.
  elapsed: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, signal && { signal })
    } catch {
      // An aborted sleep is over, which is all the caller needs to know.
    }
  },
}
