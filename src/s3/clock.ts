// S3's own clock, taken from the Date of the first response of a cycle. Days,
// sweeps and ages go by it, since a shipper's machine may be hours off. Until
// the first response it is guessed with the offset the last cycle measured.

import type { Clock } from '../clock.ts'

// S3 is not older, and what lies beyond is no clock's time.
const EARLIEST_MS = Date.UTC(2006, 0)
const LATEST_MS = Date.UTC(2106, 0)

/** Reads a Date header as ms since 1970; NaN if there is none that can be true. */
export function serverTime(date = ''): number {
  const time = Date.parse(date)
  return time >= EARLIEST_MS && time < LATEST_MS ? time : Number.NaN
}

export class S3Clock {
  /** S3's time minus this machine's, in ms. */
  offset: number
  /** How the time was come by: guessed until a response came. */
  source: 'guess' | 'response' | 'local' = 'guess'
  readonly #clock: Clock

  constructor(clock: Clock, lastOffset: number) {
    this.#clock = clock
    this.offset = lastOffset
  }

  /** Milliseconds since 1970 by S3's clock. */
  now(): number {
    return this.#clock.now() + this.offset
  }

  /** Sets the clock by a response's Date header; only the first response counts. */
  observe(date: string | undefined): void {
    if (this.source !== 'guess') return
    const time = serverTime(date)
    this.source = Number.isNaN(time) ? 'local' : 'response'
    this.offset = Number.isNaN(time) ? 0 : time - this.#clock.now()
  }
}
