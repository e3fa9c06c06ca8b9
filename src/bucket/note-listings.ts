// Brings what the listings of a cycle saw into the cursor, at its end, when it
// is known which of the found objects were settled: where each folder is
// listed next, which days are closed, and which sets are old enough to go.

import type { Cursor } from '../cursor/cursor.ts'
import type { Entry } from '../cursor/cursor-state.ts'
import type { Settings } from '../settings/settings-table.ts'
import { addDays, dayOf } from './day-folders.ts'
import { nextListing, type ListingResult } from './listing.ts'
import { closeDays, type WindowSettings } from './partitions.ts'

// The most that NoOfBackDaysData can be.
const WIDEST_WINDOW = 7

export type NoteSettings = WindowSettings & Pick<Settings, 'LateArrivalDays'>

/** Records the listings of a cycle; `now` is S3's time in ms since 1970. */
export function noteListings(
  listings: readonly ListingResult[],
  cursor: Cursor,
  settings: NoteSettings,
  now: number,
): void {
  const onlyListed: number[] = []
  for (const result of listings) {
    const { folder } = result
    const next = nextListing(result)
    const unchanged = Object.entries(next).every(
      ([name, value]) =>
        name === 'listed' || folder[name as keyof typeof next] === value,
    )
    const id = cursor.idOf(folder)
    if (unchanged) onlyListed.push(id)
    else cursor.record({ k: 'listing', id, ...next })
  }
  const listed: Entry = { k: 'listed', at: now, ids: onlyListed }
  if (onlyListed.length > 0) cursor.record(listed)
  closeDays(cursor, settings, now)
  dropOldSets(cursor, settings, now)
}

// Sets go by age alone, never while their day is open in any leaf, nor while a
// larger NoOfBackDaysData could open it again.
function dropOldSets(
  cursor: Cursor,
  settings: NoteSettings,
  now: number,
): void {
  const { leaves, folders } = cursor.state
  let before = addDays(dayOf(now), -WIDEST_WINDOW - settings.LateArrivalDays)
  for (const leaf of leaves.values()) if (leaf.from < before) before = leaf.from
  for (const folder of folders.values()) {
    const isOld = folder.day !== '' && folder.day < before
    if (isOld || [...folder.sets.keys()].some(day => day < before)) {
      cursor.record({ k: 'drop', before })
      return
    }
  }
}
