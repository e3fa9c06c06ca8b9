// What a search for new objects came to: how far each listing got, what kept
// others from being made, and whether S3 was asked, and reached, at all.

import type { ListingResult } from './listing-result.ts'
import type { LookBackResult } from './look-back.ts'
import type { ObjectStore } from '../s3/object-store.ts'

/** What a search came to; `reached` tells whether any LIST succeeded. */
export interface Findings {
  listings: ListingResult[]
  /** What became of the look at the older days of leaves. */
  looks: LookBackResult[]
  errors: unknown[]
  asked: boolean
  reached: boolean
}

/** Makes the findings of a search that has not begun. */
export function noFindings(): Findings {
  return { listings: [], looks: [], errors: [], asked: false, reached: false }
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
