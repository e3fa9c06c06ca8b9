// Finds all objects of one day, independently of the cursor: searches for the
// leaves and lists that day's folder of each. In a leaf without dates an
// object's day is that in its AWS file name, else the day of its last
// modification.

import {
  emptyState,
  leafKey,
  newPartition,
  type Layout,
  type Leaf,
} from '../cursor/cursor-state.ts'
import { addDays, dayPrefix } from './day-folders.ts'
import {
  emptySearch,
  recordError,
  trackReached,
  type SearchResult,
} from './search-result.ts'
import { inParallel } from './pool.ts'
import { discoverLeaves } from './leaves.ts'
import { listFolder, type Listing, type Taker, type Wanted } from './listing.ts'
import type { DuePartition } from './window.ts'
import type { Clock } from '../clock.ts'
import type { Scope } from './scope.ts'

/** The inputs of the search of a day. */
export interface DayPlan extends Wanted {
  scope: Scope
  clock: Clock
}

/** Hands on the objects of a day, YYYY-MM-DD, page by page; collects errors and throws none. */
export async function findDay(
  day: string,
  plan: DayPlan,
  onFound: Taker['onFound'],
): Promise<SearchResult> {
  const { settings, scope, signal, counts } = plan
  const search = emptySearch()
  const onError = (error: unknown): void => recordError(error, search)
  const hasTime = (): boolean => !signal.aborted && !search.isHopeless
  const store = trackReached(plan.store, search)

  const due = new Map<string, DuePartition>()
  await discoverLeaves([{ prefix: scope.FilePath, after: '' }], {
    store,
    scope,
    signal,
    hasTime,
    onError,
    // Late objects lie in a folder of an earlier day.
    firstDay: () => addDays(day, -settings.LateArrivalDays - 1),
    onLeaf: (prefix, layout) =>
      due.set(leafKey(prefix, layout), folderOf(prefix, layout, day)),
  })

  const cursor = { state: emptyState(), commit: () => {} }
  const listing: Listing = { ...plan, store, cursor }
  const taker: Taker = {
    hasTime,
    onFound: found => {
      const wanted = found.filter(one => one.day === day)
      counts.objects_found -= found.length - wanted.length
      // No later code asks for their outcome.
      for (const one of found) one.pending.delete(one)
      return onFound(wanted)
    },
  }
  await inParallel([...due.values()], hasTime, async folder => {
    const { error } = await listFolder(folder, listing, taker)
    if (error !== undefined) onError(error)
  })
  return search
}

// To a leaf that begins with the day, older objects are history.
function folderOf(prefix: string, layout: Layout, day: string): DuePartition {
  const leaf: Leaf = {
    prefix,
    layout,
    from: day,
    first: day,
    before: '',
    baseline: Infinity,
    seen: 0,
    missed: 0,
    newest: '',
    looked: '',
    lookedAt: 0,
    lookAfter: '',
  }
  const partition =
    layout === 'flat'
      ? newPartition(prefix, '')
      : newPartition(dayPrefix(prefix, layout, day), day)
  return { partition, leaf }
}
