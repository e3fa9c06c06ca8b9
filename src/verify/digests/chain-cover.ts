// Records the part of a range that the digests of one chain cover. Only digests
// that count cover any: a writer to the bucket must not be able to close a gap.
// An hour with a reported fault is not reported again as a gap.

import { gap } from './chain-findings.ts'
import { hoursAfter, hoursBefore, type Span } from './digest-hours.ts'
import type { Finding } from './digest-finding.ts'

/** The range to be covered by a chain; hours that end after `owed` are not owed yet; times in ms. */
export interface ChainRange extends Span {
  owed: number
}

/** Follows a chain's hours from one end to the next; times in ms. */
export class ChainCover {
  readonly #range: ChainRange
  #end: number
  #coversAny = false
  #owesHours = true

  /** Begins at the end of the newest digest before the range; -Infinity without one. */
  constructor(range: ChainRange, end: number) {
    this.#range = range
    this.#end = end
  }

  /** The end of the covered time; -Infinity if no time is covered. */
  get end(): number {
    return this.#end
  }

  /** Whether a digest that counts covers any of the range. */
  get coversAny(): boolean {
    return this.#coversAny
  }

  /** Marks the chain as one of backfill digests, which owe no hours. */
  owesNoHours(): void {
    this.#owesHours = false
  }

  /** Adds a digest that counts. */
  cover(start: number, end: number): void {
    const { from, to } = this.#range
    this.#coversAny ||= start < to && end > from
    this.passTo(end)
  }

  /** Passes over hours that were reported in another way. */
  passTo(end: number): void {
    this.#end = Math.max(this.#end, end)
  }

  /** Yields each uncovered hour up to a time. */
  *gaps(upper: number, lower = this.#end): Generator<Finding> {
    if (!this.#owesHours) return
    for (const hour of hoursBefore(upper, lower, this.#range)) yield gap(hour)
  }

  /** Yields each hour after a time that is owed by now. */
  *owed(lower: number): Generator<Finding> {
    if (!this.#owesHours || lower === -Infinity) return
    const { owed } = this.#range
    for (const hour of hoursAfter(lower, owed, this.#range))
      yield gap(hour, ', and no later digest is proved')
  }
}
