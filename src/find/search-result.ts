// The result of a search for new objects: the progress of each listing, the
// errors that prevented others, and whether S3 was asked and reached at all.

import type { ListingResult } from './listing-result.ts'
import type { LookBackResult } from './look-back.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import type { Lists } from '../s3/object-store.ts'

/** The result of a search; `reached` tells whether any LIST succeeded. */
export interface SearchResult {
  listings: ListingResult[]
  /** The looks at the older days of leaves. */
  looks: LookBackResult[]
  errors: unknown[]
  asked: boolean
  reached: boolean
  /** The number of network errors before the first successful LIST. */
  unreached: number
  /** An error proves that no further LIST will succeed. */
  isHopeless: boolean
}

/** Makes the result of a search that has not begun. */
export function emptySearch(): SearchResult {
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

/** Makes a store that records whether LISTs succeed; it calls `onReached` before the first success is returned. */
export function trackReached(
  store: Lists,
  search: SearchResult,
  onReached = (): void => {},
): Lists {
  return {
    list: async request => {
      search.asked = true
      const page = await store.list(request)
      if (!search.reached) onReached()
      search.reached = true
      return page
    },
  }
}

/** Records an error of a search, once; a request cut off with the cycle is no error. */
export function recordError(error: unknown, search: SearchResult): void {
  // The file of older days gives the same error to every listing that needs it.
  if (isCutOff(error) || search.errors.includes(error)) return
  search.errors.push(error)
  if (!(error instanceof SourceError)) return
  if (error.kind === 'network' && !search.reached) search.unreached++
  search.isHopeless ||= error.affectsAll
}

/** Gives the time in ms since 1970 at which the oldest object still pending was modified; 0 without one. */
export function oldestWaiting({ listings, looks }: SearchResult): number {
  let oldest = Infinity
  for (const { pending } of [...listings, ...looks])
    for (const { modified } of pending) oldest = Math.min(oldest, modified)
  return oldest === Infinity ? 0 : oldest
}
