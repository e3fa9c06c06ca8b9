// Judges a download that the end of the cycle cut off. A download that the next
// cycle continues is no failure. A download without a byte for long has
// stalled. A download whose bytes are all lost would be cut at the same place
// in each cycle: it counts as an attempt, or it would never be reported.

import type { Clock } from '../clock.ts'
import { SourceError } from '../s3/errors/source-error.ts'

// A download that was quiet for this share of a silence when the cycle ended
// has stalled, or the next cycle would wait for it as if it were new, and it
// would occupy the same workers again.
const QUIET_SHARE = 1 / 3
// A download with less time than this share of a silence shows nothing about
// its length.
const SHOWN_SHARE = 1 / 2

/** Follows a download. */
export class Course {
  received = 0
  readonly #clock: Pick<Clock, 'elapsed'>
  readonly #began: number
  #quietSince: number
  #lost = ''

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock
    this.#began = this.#quietSince = clock.elapsed()
  }

  /** Notes the arrival of bytes. */
  onBytes(bytes: number): void {
    this.#quietSince = this.#clock.elapsed()
    this.received += bytes
  }

  /** Notes why no later cycle can continue from the end of this one. */
  onLost(why: string): void {
    this.#lost = why
  }

  /** The time since the last byte, in ms. */
  get quiet(): number {
    return this.#clock.elapsed() - this.#quietSince
  }

  /** Gives the error of the named object, if its cut-off by the end of the cycle is an error; an attempt may be silent for `silenceMs`. */
  cutOff(name: string, silenceMs: number): SourceError | undefined {
    const spent = this.#clock.elapsed() - this.#began
    if (
      this.#lost !== '' &&
      this.received > 0 &&
      spent >= silenceMs * SHOWN_SHARE
    )
      return new SourceError(
        `reading ${name}: the cycle ended after ${this.received} of its bytes had come in ${seconds(spent)} s, and the next cycle begins anew, since ${this.#lost}; raise MaxCycleSeconds, and check the store and any proxy`,
        { code: 'NeverWhole', kind: 'object' },
      )
    if (this.quiet < silenceMs * QUIET_SHARE) return undefined
    return new SourceError(
      `reading ${name}: no byte came for ${seconds(this.quiet)} s; ` +
        'check the network and any proxy',
      { code: 'Stalled', kind: 'network' },
    )
  }
}

const seconds = (milliseconds: number): number =>
  Math.round(milliseconds / 1000)
