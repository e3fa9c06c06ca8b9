// What a search asks while no LIST has succeeded. Such a cycle leaves no trace,
// and the next would ask the same in vain: leaves that fail must not look like
// a bucket that does. Where it does fail, it is not asked for long.

import type { CycleTime } from '../clock.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import { isRefused } from './refused-leaves.ts'
import type { Findings } from './search-result.ts'
import { byFairness, type DuePartition } from './window.ts'

const PARALLEL = 8
// So many failures of the network with no success may say that nothing will
// succeed; so many folders that are refused say nothing of the others.
const HOPELESS = 8

/** Chooses what is asked for before all else: what was read last answers soonest; what is next in fairness goes with it, since it may stall or be refused, but must have its turn in any cycle. */
export function firstToAsk(due: readonly DuePartition[]): DuePartition[] {
  const inTurn = due.toSorted(byFairness)
  const last = inTurn.findLast(({ leaf }) => !isRefused(leaf)) ?? inTurn.at(-1)
  const [next] = inTurn
  if (next === undefined || last === undefined) return []
  return next === last ? [next] : [next, last]
}

/** Tells whether what failed speaks against all further LISTs. */
export function isHopeless({
  isHopeless,
  reached,
  unreached,
}: Findings): boolean {
  return isHopeless || (!reached && unreached >= HOPELESS)
}

/** Gives how many listings run at once: no more than may fail before all is given up. */
export function mostAtOnce({ reached, unreached }: Findings): number {
  return reached ? PARALLEL : Math.max(1, HOPELESS - unreached)
}

export interface RootContext {
  store: Pick<ObjectStore, 'list'>
  scope: { FilePath: string }
  signal: AbortSignal
  time: CycleTime
}

/** Asks FilePath for one key where all listings failed, which says whether others are worth a try. */
export async function isRootReached(
  { isHopeless, reached, listings }: Findings,
  { store, scope, signal, time }: RootContext,
): Promise<boolean> {
  const isOver = signal.aborted || isHopeless || time.isOver('newWork')
  if (reached || isOver || listings.length === 0) return false
  const place = { prefix: scope.FilePath, delimiter: false, startAfter: '' }
  const answer = store.list({ ...place, keys: 1, signal })
  // What failed before is told.
  return answer.then(
    () => true,
    () => false,
  )
}
