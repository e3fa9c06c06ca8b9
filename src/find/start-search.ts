// Sets a search going whose finds wait, oldest first, in a bounded room, each
// thing in it some 300 bytes; or runs it to its end without a limit of time,
// for commands that fetch nothing.

import { findObjects, type FindContext } from './search.ts'
import type { Findings } from './search-result.ts'
import type { Candidate } from './listing-result.ts'
import { AgeQueue } from './queue.ts'
import { CycleTime, type Clock } from '../clock.ts'

const CAPACITY = 5000

export interface StartedSearch {
  /** Where the finds wait; closed when the search has ended. */
  room: AgeQueue<Candidate>
  findings: Promise<Findings>
}

export interface SearchContext extends Omit<FindContext, 'offer'> {
  /** Takes what has another turn than all others; false for these. */
  setAside?: (found: Candidate) => boolean
  counts: FindContext['counts'] & { objects_left: number }
}

/** Starts a search; what it finds is left until it is settled. */
export function startSearch(context: SearchContext): StartedSearch {
  const { counts, signal, time } = context
  const room = new AgeQueue<Candidate>(CAPACITY, found => found.modified)
  let foundAny = false
  const offer = async (found: Candidate[]): Promise<boolean> => {
    counts.objects_left += found.length
    // What comes too late to be started is not waited with; but each cycle
    // starts something, or slow LISTs would end all progress.
    const isLate = foundAny && time.isOver('newWork')
    foundAny = true
    const { setAside } = context
    const others = setAside ? found.filter(one => !setAside(one)) : found
    return !signal.aborted && !isLate && room.push(others)
  }
  const findings = findObjects({ ...context, offer }).finally(() =>
    room.close(),
  )
  // It may fail long before it is waited for.
  findings.catch(() => {})
  return { room, findings }
}

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
