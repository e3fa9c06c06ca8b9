// Starts a search whose results wait in a bounded queue, oldest first; or runs a
// search to its end without a time limit, for commands that fetch nothing.

import { findObjects, type SearchPlan } from './search.ts'
import type { SearchResult } from './search-result.ts'
import type { Taker } from './listing.ts'
import type { Candidate } from './listing-result.ts'
import { AgeQueue, MAX_FOUND } from './queue.ts'
import { CycleTime } from '../clock.ts'

export interface StartedSearch {
  /** The found objects; closed when the search has ended. */
  queue: AgeQueue<Candidate>
  result: Promise<SearchResult>
}

/** A search whose objects count as left until they are settled. */
export interface QueuePlan extends SearchPlan {
  counts: SearchPlan['counts'] & { objects_left: number }
}

/** Starts a search; `setAside` takes those that have a separate turn. */
export function startSearch(
  plan: QueuePlan,
  time: CycleTime,
  setAside?: (found: Candidate) => boolean,
): StartedSearch {
  const { counts, signal } = plan
  const queue = new AgeQueue<Candidate>(MAX_FOUND, found => found.modified)
  let foundAny = false
  const onFound: Taker['onFound'] = async found => {
    counts.objects_left += found.length
    // Objects that come too late to be started are not queued; but each cycle
    // starts at least one, or slow LISTs would end all progress.
    const isLate = foundAny && time.isOver('newWork')
    foundAny = true
    const others = setAside ? found.filter(one => !setAside(one)) : found
    return !signal.aborted && !isLate && queue.push(others)
  }
  const result = findObjects(plan, time, onFound).finally(() => queue.close())
  // The search may fail long before it is awaited.
  result.catch(() => {})
  return { queue, result }
}

/** Finds everything; an object is settled unless `take` gives false. Throws the errors of `take`. */
export async function findAll(
  plan: QueuePlan,
  take: (found: Candidate) => unknown,
): Promise<SearchResult> {
  const time = new CycleTime(plan.clock, Infinity)
  const { queue, result } = startSearch(plan, time)
  try {
    for (;;) {
      const found = await queue.take()
      if (found === undefined) return await result
      if ((await take(found)) !== false) found.pending.delete(found)
    }
  } finally {
    queue.close()
  }
}
