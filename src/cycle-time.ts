// Splits MaxCycleSeconds: listing stops at a quarter once something new is
// found, new work at half, emission at three quarters; the rest is for
// committing. The host must never have to kill a cycle.

import type { Clock } from './clock.ts'

/** The parts of a cycle's time. */
export const SHARES = {
  discovery: 0.1,
  listing: 0.25,
  newWork: 0.5,
  emission: 0.75,
  all: 1,
} as const

/** Measures a cycle of so many seconds (Infinity for one without limits). */
export class CycleTime {
  readonly #clock: Clock
  readonly #seconds: number
  readonly #began: number

  constructor(clock: Clock, seconds: number) {
    this.#clock = clock
    this.#seconds = seconds
    this.#began = clock.elapsed()
  }

  /** Milliseconds since the cycle began. */
  get spent(): number {
    return this.#clock.elapsed() - this.#began
  }

  /** Milliseconds until a share of the cycle is over. */
  until(share: keyof typeof SHARES): number {
    return this.#seconds * 1000 * SHARES[share] - this.spent
  }

  /** Tells whether a share of the cycle is over. */
  isOver(share: keyof typeof SHARES): boolean {
    return this.until(share) <= 0
  }
}
