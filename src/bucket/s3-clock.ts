// S3's own clock, taken from the Date of the first response of a cycle. Days,
// sweeps and ages go by it, since a shipper's machine may be hours off. Until
// the first response it is guessed with the offset the last cycle measured.

import type { Clock } from '../clock.ts'

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
    const time = date === undefined ? Number.NaN : Date.parse(date)
    this.source = Number.isNaN(time) ? 'local' : 'response'
    this.offset = Number.isNaN(time) ? 0 : time - this.#clock.now()
  }
}
