// Sets a search going whose finds wait, oldest first, in a bounded room. Each
// thing in it is some 300 bytes.

import type { Clock } from '../clock.ts'
import { findObjects, type FindContext, type Findings } from './find-objects.ts'
import type { Candidate } from './listing.ts'
import { WaitingRoom } from './waiting-room.ts'

const CAPACITY = 5000

export interface StartedSearch {
  /** Where the finds wait; closed when the search has ended. */
  room: WaitingRoom<Candidate>
  findings: Promise<Findings>
}

/** Starts a search. */
export function startSearch(
  context: Omit<FindContext, 'offer' | 'elapsed'> & { clock: Clock },
): StartedSearch {
  const room = new WaitingRoom<Candidate>(CAPACITY, found => found.modified)
  const findings = findObjects({
    ...context,
    elapsed: () => context.clock.elapsed(),
    offer: found => room.putAll(found),
  }).finally(() => room.close())
  // It may fail long before it is waited for.
  findings.catch(() => {})
  return { room, findings }
}
