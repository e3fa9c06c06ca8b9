// S3's own clock, taken from the Date of the first answer of a cycle that S3
// itself gave: a page, an object or a refusal in its own words, never what a
// proxy says in its place. From then on it goes by the clock that never goes
// back, so that setting this machine's clock meanwhile changes nothing. Until
// the first answer it is guessed with the offset that was last believed.

import type { Clock } from '../clock.ts'

// S3 is not older, and what lies beyond is no clock's time.
const EARLIEST_MS = Date.UTC(2006, 0)
const LATEST_MS = Date.UTC(2106, 0)

/** Reads a Date header as ms since 1970; NaN if there is none that can be true. */
export function serverTime(date = ''): number {
  const time = Date.parse(date)
  return time >= EARLIEST_MS && time < LATEST_MS ? time : Number.NaN
}

// S3 takes 15 minutes; the time that an answer takes is none of the clock's.
const NOTABLE_SKEW_MS = 300_000

/** Tells S3's time. */
export interface S3Time {
  /** Milliseconds since 1970 by S3's clock. */
  now(): number
}

/** Keeps S3's time for a run. */
export class S3Clock implements S3Time {
  /** S3's time minus this machine's, in ms. */
  offset: number
  /** How the time was come by: guessed until an answer came. */
  source: 'guess' | 'response' | 'local' = 'guess'
  readonly #clock: Clock
  readonly #began: number
  #signingOffset: number

  constructor(clock: Clock, lastOffset: number) {
    this.#clock = clock
    this.#began = clock.now() - clock.elapsed()
    this.offset = lastOffset
    this.#signingOffset = lastOffset
  }

  now(): number {
    return this.#local() + this.offset
  }

  /** The time to sign with, in ms since 1970: unlike the days of a run it follows each refusal, since a machine may have slept meanwhile, and a proxy may alter the Date of what S3 grants. */
  signingTime(): number {
    return this.#local() + this.#signingOffset
  }

  /** Takes the Date header of an answer of S3; days go by that of the first. */
  observe(date: string | undefined): void {
    if (this.source !== 'guess') return
    const time = serverTime(date)
    this.source = Number.isNaN(time) ? 'local' : 'response'
    this.offset = Number.isNaN(time) ? 0 : time - this.#local()
  }

  /** Takes the time that a refusal of S3 names; what is signed goes by the last that is five minutes off or more. */
  observeRefusal(date: string | undefined): void {
    const time = serverTime(date)
    if (Number.isNaN(time)) return
    const ahead = time - this.#local()
    if (Math.abs(ahead - this.#signingOffset) >= NOTABLE_SKEW_MS)
      this.#signingOffset = ahead
    this.observe(date)
  }

  // This machine's time as it was at the start, carried on in whole ms.
  #local(): number {
    return Math.floor(this.#began + this.#clock.elapsed())
  }
}
