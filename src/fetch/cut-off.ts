// Judges a download that the end of the cycle cut off. One that the next cycle
// goes on with is no failure. One that brought no byte for long has stalled. One
// of which nothing can be kept would be cut at the same place in each cycle: that
// is an attempt, or it would never be told of.

import type { Clock } from '../clock.ts'
import { SourceError } from '../s3/errors/source-error.ts'

// What was quiet for so much of a silence when the cycle ended is not waited
// for by the next one as if it were new: it would occupy the same workers again.
const QUIET_SHARE = 1 / 3
// What had less time than so much of a silence has not shown how long it takes.
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

  /** Notes that bytes came. */
  onBytes(bytes: number): void {
    this.#quietSince = this.#clock.elapsed()
    this.received += bytes
  }

  /** Notes why no later cycle can go on where this one ends. */
  onLost(why: string): void {
    this.#lost = why
  }

  /** How long no byte has come, in ms. */
  get quiet(): number {
    return this.#clock.elapsed() - this.#quietSince
  }

  /** Gives the error of the object of a name, if the end of the cycle cut it off in a way that is one; an attempt may be silent for `silenceMs`. */
  cutOff(name: string, silenceMs: number): SourceError | undefined {
    const spent = this.#clock.elapsed() - this.#began
    if (
      this.#lost !== '' &&
      this.received > 0 &&
      spent >= silenceMs * SHOWN_SHARE
    )
      return new SourceError(
        `reading ${name}: its ${this.received} bytes so far took ${seconds(spent)} s and were not all when the cycle ended, and the next begins anew, since ${this.#lost}; raise MaxCycleSeconds, and check the store and any proxy`,
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
