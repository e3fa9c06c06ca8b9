// The rules of a search while no LIST has succeeded. Such a cycle leaves no
// trace, so the next would ask the same in vain: failing leaves must not be
// taken for a failing bucket, and a failing bucket is not asked for long.

import type { CycleTime } from '../clock.ts'
import type { Asking } from './listing.ts'
import { isRefused } from './refused-leaves.ts'
import type { SearchResult } from './search-result.ts'
import { byFairness, type DuePartition } from './window.ts'

const CONCURRENCY = 8
// So many network failures without a success suggest that every LIST will fail;
// refused folders say nothing about other folders.
const MAX_FAILURES = 8

/** Chooses the first partitions to ask: the one read last, which answers soonest, and the next in fairness, which may stall or be refused but must have its turn in every cycle. */
export function firstToAsk(due: readonly DuePartition[]): DuePartition[] {
  const inTurn = due.toSorted(byFairness)
  const last = inTurn.findLast(({ leaf }) => !isRefused(leaf)) ?? inTurn.at(-1)
  const [next] = inTurn
  if (next === undefined || last === undefined) return []
  return next === last ? [next] : [next, last]
}

/** Tells whether the failures suggest that all further LISTs will fail. */
export function isHopeless(search: SearchResult): boolean {
  const { isHopeless, reached, unreached } = search
  return isHopeless || (!reached && unreached >= MAX_FAILURES)
}

/** Gives the number of parallel listings: no more than may fail before the search gives up. */
export function mostAtOnce({ reached, unreached }: SearchResult): number {
  return reached ? CONCURRENCY : Math.max(1, MAX_FAILURES - unreached)
}

/** Asks the root for one key after all listings failed, to see whether others are worth a try. */
export async function isRootReached(
  { isHopeless, reached, listings }: SearchResult,
  root: string,
  { store, signal }: Asking,
  time: CycleTime,
): Promise<boolean> {
  const isOver = signal.aborted || isHopeless || time.isOver('newWork')
  if (reached || isOver || listings.length === 0) return false
  const place = { prefix: root, delimiter: false, startAfter: '' }
  const answer = store.list({ ...place, keys: 1, signal })
  // The earlier failures are already reported.
  return answer.then(
    () => true,
    () => false,
  )
}
