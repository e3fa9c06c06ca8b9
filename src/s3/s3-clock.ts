// S3's own clock, taken from the Date of the first answer of a cycle that S3
// itself gave: a page, an object or a refusal in S3's format, never a proxy's
// answer. From then on it follows the clock that only goes forward, so that
// setting this machine's clock meanwhile changes nothing. Until the first
// answer it is estimated with the offset that was last believed.

import type { Clock } from '../clock.ts'

// S3 is not older, and later times are not a real clock's.
const EARLIEST_MS = Date.UTC(2006, 0)
const LATEST_MS = Date.UTC(2106, 0)

// Reads a Date header as ms since 1970; NaN if it is missing or impossible.
function serverTime(date = ''): number {
  const time = Date.parse(date)
  return time >= EARLIEST_MS && time < LATEST_MS ? time : Number.NaN
}

// S3 allows 15 minutes; the duration of an answer is not the clock's error.
const NOTABLE_SKEW_MS = 300_000

/** Gives S3's time. */
export interface S3Time {
  /** Milliseconds since 1970 by S3's clock. */
  now(): number
}

/** Keeps S3's time for a run. */
export class S3Clock implements S3Time {
  /** S3's time minus this machine's, in ms. */
  offset: number
  /** The origin of the time: a guess until an answer came. */
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

  /** The time to sign with, in ms since 1970: unlike the days of a run it follows each refusal, since the machine may have slept meanwhile, and a proxy may alter the Date of S3's successful answers. */
  signingTime(): number {
    return this.#local() + this.#signingOffset
  }

  /** Takes the Date header of an answer of S3; the days of a run follow the first. */
  observe(date: string | undefined): void {
    if (this.source !== 'guess') return
    const time = serverTime(date)
    this.source = Number.isNaN(time) ? 'local' : 'response'
    this.offset = Number.isNaN(time) ? 0 : time - this.#local()
  }

  /** Takes the time in a refusal of S3; signing follows the last one that differs by five minutes or more. */
  observeRefusal(date: string | undefined): void {
    const time = serverTime(date)
    if (Number.isNaN(time)) return
    const ahead = time - this.#local()
    if (Math.abs(ahead - this.#signingOffset) >= NOTABLE_SKEW_MS)
      this.#signingOffset = ahead
    this.observe(date)
  }

  // This machine's time at the start, continued in whole ms.
  #local(): number {
    return Math.floor(this.#began + this.#clock.elapsed())
  }
}
