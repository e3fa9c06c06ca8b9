// Records the results of a cycle's listings in the cursor, at its end, when it
// is known which objects were settled: the start of each partition's next
// listing, the days to close, and the sets to drop.

import type { Cursor } from '../cursor/cursor.ts'
import {
  leafKey,
  NEVER_LISTED,
  type Entry,
  type ListingState,
} from '../cursor/cursor-state.ts'
import { closeDays, dropOldSets } from './close-days.ts'
import { dayOf, leafOf } from './day-folders.ts'
import { NamedDays } from './named-days.ts'
import { dropInactive } from './inactive-leaves.ts'
import type { SearchResult } from './search-result.ts'
import { earliestClock, isSuspect } from './clock-judgement.ts'
import { nextListing, type ListingResult } from './listing-result.ts'
import { isLookBackDue, nextLook } from './look-back.ts'
import { firstWalkedDay } from './record-leaf.ts'
import { isRefused, recordRefused } from './refused-leaves.ts'
import { activeLeaves, firstDays, type WindowSettings } from './window.ts'

/** Records the listings of a cycle, which may have been an outage; `now` is S3's time in ms since 1970. */
export function recordListings(
  search: SearchResult,
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  isOutage = false,
): void {
  const isUnsure = isSuspect(cursor.state)
  const onlyListed: number[] = []
  recordRefused(search.listings, cursor, now)
  for (const result of search.listings) {
    const { partition } = result
    const next = isUnsure ? nextUnsure(result) : nextListing(result, isOutage)
    if (isUnsure && partition.id === 0) continue
    if (partition.id === 0 && isRefused(leafOf(partition, cursor.state.leaves)))
      continue
    const unchanged = Object.entries(next).every(
      ([name, value]) =>
        name === 'listed' || partition[name as keyof typeof next] === value,
    )
    const id = cursor.idOf(partition)
    if (unchanged) onlyListed.push(id)
    else cursor.record({ k: 'listing', id, ...next })
  }
  const listed: Entry = { k: 'listed', at: now, ids: onlyListed }
  if (onlyListed.length > 0) cursor.record(listed)
  for (const look of search.looks) {
    const { prefix, layout } = look.leaf
    const leaf = cursor.state.leaves.get(leafKey(prefix, layout))
    if (leaf) cursor.record({ k: 'leaf', ...leaf, ...nextLook(look, now) })
  }
  if (isUnsure) return
  recordLookBack(search, cursor, now)
  dropInactive(cursor, settings, now)
  const named = new NamedDays(cursor.state.leaves.values())
  closeDays(cursor, settings, now, named)
  dropPast(cursor, settings, now, named)
  dropOldSets(cursor, settings, now)
}

// Under a suspect clock no listing counts as whole: the partition is listed
// again before it is closed.
function nextUnsure(result: ListingResult): ListingState {
  const next = result.complete ? NEVER_LISTED : nextListing(result)
  return { ...next, listed: result.listed, swept: 0, begun: 0 }
}

// The numbers that `status` shows of the look back; nothing else depends on
// them.
function recordLookBack(
  { listings, looks }: SearchResult,
  cursor: Cursor,
  now: number,
): void {
  const { lookBack, discovery } = cursor.state
  let { began, ended, complete, found } = lookBack
  for (const { late, pending } of [...listings, ...looks])
    if (late > 0) found += late - [...pending].filter(one => one.late).length
  if (looks.length > 0 && began <= ended) began = now
  const isDue = activeLeaves(cursor.state, discovery.shape).some(leaf =>
    isLookBackDue(leaf, dayOf(now)),
  )
  if (looks.length > 0 && !isDue) {
    ended = now
    complete = began
  }
  if (looks.length > 0 || found > lookBack.found)
    cursor.record({ k: 'lookBack', began, ended, complete, found })
}

// Drops the leaves named after days that are finally over, and the partitions that
// belong to no leaf and hold no sets: both would grow by one a day for ever.
function dropPast(
  cursor: Cursor,
  settings: WindowSettings,
  now: number,
  named: NamedDays,
): void {
  const { leaves, byId, clock } = cursor.state
  // Days that a fast clock has closed may be opened again.
  if ((clock?.before ?? '') !== '') return
  const wall = earliestClock(cursor.state, now)
  const first = firstWalkedDay(cursor.state, settings, wall, true)
  for (const leaf of leaves.values()) {
    const { prefix, layout, missed } = leaf
    if (layout !== 'flat' || missed !== 0) continue
    const folder = cursor.partition(prefix, '')
    const days = firstDays(folder, cursor.state, settings, now)
    if (named.isBefore(prefix, first) && named.rests(leaf, folder, days, now))
      cursor.record({ k: 'gone', prefix, layout })
  }
  const ids = [...byId.values()]
    .filter(
      ({ prefix, day, sets }) =>
        day === '' && sets.size === 0 && !leaves.has(leafKey(prefix, 'flat')),
    )
    .map(({ id }) => id)
  if (ids.length > 0) cursor.record({ k: 'moved', ids })
}
