// Keeps a missing or out-of-scope leaf as inactive, with its open days and
// sets, since a mistyped setting may be corrected and a missing folder may come
// back. A leaf that is found again takes them up: its partitions are listed
// whole, since another leaf may have listed them meanwhile.

import type { Cursor } from '../cursor/cursor.ts'
import { NEVER_LISTED, type Leaf } from '../cursor/cursor-state.ts'
import { earliestClock } from './clock-judgement.ts'
import { addDays, dayOf, DAY_MS, dayPrefix } from './day-folders.ts'

// The least time that a leaf is kept, however small LateArrivalDays is.
const KEPT_DAYS = 30

/** Marks the leaves that a whole search should have seen and did not; `now` is S3's time in ms since 1970. */
export function missLeaves(
  cursor: Cursor,
  now: number,
  isLeftOut: (leaf: Leaf) => boolean,
): void {
  const { discovery, leaves } = cursor.state
  for (const leaf of leaves.values())
    if (leaf.seen < discovery.number && leaf.missed === 0 && !isLeftOut(leaf))
      cursor.record({ k: 'leaf', ...leaf, missed: now })
}

/** Drops the leaves that were missing for too long, by the earlier of both clocks. */
export function dropInactive(
  cursor: Cursor,
  { LateArrivalDays }: { LateArrivalDays: number },
  now: number,
): void {
  const kept = Math.max(LateArrivalDays, KEPT_DAYS) * DAY_MS
  for (const leaf of cursor.state.leaves.values()) {
    if (leaf.missed === 0) continue
    // A former fast clock must not keep it for ever.
    if (leaf.missed > now) cursor.record({ k: 'leaf', ...leaf, missed: now })
    else if (earliestClock(cursor.state, now) - leaf.missed > kept)
      cursor.record({ k: 'gone', prefix: leaf.prefix, layout: leaf.layout })
  }
}

/** Tells whether a found leaf was missing or out of scope before. */
export function isMetAgain(
  leaf: Leaf | undefined,
  { discovery }: Cursor['state'],
): boolean {
  return leaf === undefined || leaf.missed !== 0 || leaf.seen < discovery.since
}

/** Makes the next listing of each of a leaf's partitions a whole one. */
export function takeUp(cursor: Cursor, leaf: Leaf, now: number): void {
  const { prefix, layout, from } = leaf
  const { partitions } = cursor.state
  const forget = (folderPrefix: string): void => {
    const folder = partitions.get(folderPrefix)
    if (folder === undefined || folder.id === 0) return
    const { id, listed } = folder
    cursor.record({ k: 'listing', id, ...NEVER_LISTED, listed })
  }
  if (layout === 'flat') return forget(prefix)
  const today = dayOf(now)
  for (let day = from; day <= today; day = addDays(day, 1))
    forget(dayPrefix(prefix, layout, day))
}
