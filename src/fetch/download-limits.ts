// Limits the objects that wait in memory or are on their way, in number and
// bytes. Large objects wait on the disk: they count in that number, but not in
// the bytes, and are few among themselves.

import type { Candidate } from '../find/listing-result.ts'

/** The number of large objects that wait or are on their way. */
export const MAX_LARGE = 4
const MAX_WAITING_BYTES = 32 * 1_048_576

/** Counts the objects of a cycle that wait or are on their way. */
export class DownloadLimits {
  readonly #maxWaiting: number
  readonly #largeBytes: number
  #objects = 0
  #bytes = 0
  #large = 0
  #isLifted = false
  /** In the order in which they came; the first that fits enters. */
  #waiting: { small: Candidate | undefined; enter: () => void }[] = []

  /** `maxWaiting` is the number of objects; one of more than `largeBytes` is large. */
  constructor(maxWaiting: number, largeBytes: number) {
    this.#maxWaiting = maxWaiting
    this.#largeBytes = largeBytes
  }

  /** Tells whether an object waits on the disk. */
  isLarge({ size }: Candidate): boolean {
    return size > this.#largeBytes
  }

  /** Counts a small object, or reserves the place of a large one, as soon as it fits. */
  enter(small?: Candidate): Promise<void> | undefined {
    if (this.#enters(small)) return undefined
    return new Promise(enter => this.#waiting.push({ small, enter }))
  }

  /** Counts a large object in the place that was reserved. */
  fillLarge(): void {
    this.#objects++
  }

  /** Frees the place that was reserved for a large object. */
  freeLarge(): void {
    this.#large--
    this.#admit()
  }

  /** Discounts an object that neither waits nor is on its way any more. */
  leave(candidate: Candidate): void {
    this.#objects--
    if (this.isLarge(candidate)) return this.freeLarge()
    this.#bytes -= candidate.size
    this.#admit()
  }

  /** Lets all in: the cycle ends. */
  lift(): void {
    this.#isLifted = true
    this.#admit()
  }

  #admit(): void {
    if (this.#waiting.length === 0) return
    this.#waiting = this.#waiting.filter(({ small, enter }) => {
      const enters = this.#enters(small)
      if (enters) enter()
      return !enters
    })
  }

  #enters(small: Candidate | undefined): boolean {
    const fits = small
      ? this.#objects < this.#maxWaiting &&
        this.#bytes + small.size <= MAX_WAITING_BYTES
      : this.#large < MAX_LARGE
    if (!fits && !this.#isLifted) return false
    if (small) {
      this.#objects++
      this.#bytes += small.size
    } else this.#large++
    return true
  }
}
