// Runs the search of a cycle to its end, without a limit of time, and hands on
// what it finds one by one, oldest first: for commands that fetch nothing.

import { type Clock, CycleTime } from '../clock.ts'
import type { Findings } from './search-result.ts'
import type { Candidate } from './listing.ts'
import { startSearch, type SearchContext } from './start-search.ts'

export interface FindAllContext extends Omit<SearchContext, 'time'> {
  clock: Clock
}

/** Finds everything; what `take` was given is settled unless it says false. Throws what `take` throws. */
export async function findAll(
  context: FindAllContext,
  take: (found: Candidate) => unknown,
): Promise<Findings> {
  const time = new CycleTime(context.clock, Infinity)
  const { room, findings } = startSearch({ ...context, time })
  try {
    for (;;) {
      const found = await room.take()
      if (found === undefined) return await findings
      if ((await take(found)) !== false) found.unsettled.delete(found)
    }
  } finally {
    room.close()
  }
}
