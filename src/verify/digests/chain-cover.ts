// Which time of a range the digests of one chain cover. Only those that count
// cover any: who may write into the bucket must not close a gap. What a fault
// was told of is not told once more as a gap.

import { gap } from './chain-findings.ts'
import { hoursAfter, hoursBefore, type Span } from './digest-hours.ts'
import type { Finding } from './finding.ts'

/** What a chain is held to; hours that end after `owed` are not owed yet; times in ms. */
export interface ChainRange extends Span {
  owed: number
}

/** Follows a chain's hours from one end to the next; times in ms. */
export class ChainCover {
  readonly #range: ChainRange
  #end: number
  #coversAny = false
  #owesHours = true

  /** Begins where the newest digest before the range ends; -Infinity where there is none. */
  constructor(range: ChainRange, end: number) {
    this.#range = range
    this.#end = end
  }

  /** Where what is covered so far ends; -Infinity where nothing is. */
  get end(): number {
    return this.#end
  }

  /** Whether any of the range is covered by a digest that counts. */
  get coversAny(): boolean {
    return this.#coversAny
  }

  /** Says that the chain is one of backfill digests. */
  owesNoHours(): void {
    this.#owesHours = false
  }

  /** Takes a digest that counts. */
  cover(start: number, end: number): void {
    const { from, to } = this.#range
    this.#coversAny ||= start < to && end > from
    this.passTo(end)
  }

  /** Takes what has been told of in another way. */
  passTo(end: number): void {
    this.#end = Math.max(this.#end, end)
  }

  /** Yields each hour up to a time that nothing covers. */
  *gaps(upper: number, lower = this.#end): Generator<Finding> {
    if (!this.#owesHours) return
    for (const hour of hoursBefore(upper, lower, this.#range)) yield gap(hour)
  }

  /** Yields each hour after a time that is owed by now. */
  *owed(lower: number): Generator<Finding> {
    if (!this.#owesHours || lower === -Infinity) return
    const { owed } = this.#range
    for (const hour of hoursAfter(lower, owed, this.#range))
      yield gap(hour, ', nor is a later digest there that is proved')
  }
}
