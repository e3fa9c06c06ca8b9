// What a search for new objects came to: how far each listing got, and what
// kept others from being made.

import type { ListingResult } from './listing.ts'
import type { LookBackResult } from './look-back.ts'

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
