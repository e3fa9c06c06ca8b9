// What a search for new objects came to: how far each listing got, what kept
// others from being made, and whether S3 was asked, and reached, at all.

import type { ListingResult } from './listing-result.ts'
import type { LookBackResult } from './look-back.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import type { ObjectStore } from '../s3/object-store.ts'

/** What a search came to; `reached` tells whether any LIST succeeded. */
export interface Findings {
  listings: ListingResult[]
  /** What became of the look at the older days of leaves. */
  looks: LookBackResult[]
  errors: unknown[]
  asked: boolean
  reached: boolean
  /** How many errors of the network came before any LIST succeeded. */
  unreached: number
  /** What failed says that no further LIST will succeed. */
  isHopeless: boolean
}

/** Makes the findings of a search that has not begun. */
export function noFindings(): Findings {
  return {
    listings: [],
    looks: [],
    errors: [],
    asked: false,
    reached: false,
    unreached: 0,
    isHopeless: false,
  }
}

/** Makes a store whose LISTs are noted; `onReached` is called before the first that succeeds is. */
export function trackReached(
  store: ObjectStore,
  findings: Findings,
  onReached = (): void => {},
): ObjectStore {
  return {
    get: request => store.get(request),
    list: async request => {
      findings.asked = true
      const page = await store.list(request)
      if (!findings.reached) onReached()
      findings.reached = true
      return page
    },
  }
}

/** Notes what kept a search from something, once; what was only cut off with the cycle is no error. */
export function noteError(error: unknown, findings: Findings): void {
  // What keeps from the file of older days is one error, whoever asks.
  if (isCutOff(error) || findings.errors.includes(error)) return
  findings.errors.push(error)
  if (!(error instanceof SourceError)) return
  if (error.kind === 'network' && !findings.reached) findings.unreached++
  findings.isHopeless ||= error.everywhere
}

/** Tells when the oldest object that was found and left was last modified, in ms since 1970; 0 where none was left. */
export function oldestWaiting({
  listings,
  looks,
}: Pick<Findings, 'listings' | 'looks'>): number {
  let oldest = Infinity
  for (const { unsettled } of [...listings, ...looks])
    for (const { modified } of unsettled) oldest = Math.min(oldest, modified)
  return oldest === Infinity ? 0 : oldest
}
