// Judges a delivered log, for `verify`, by the cursor and the file of older
// days. An object that lies in the bucket is looked up by its present size, as
// in a listing. States beside collected and not collected stand only for facts
// that the cursor, by its promises, cannot know.

import {
  leafKey,
  type CursorState,
  type Leaf,
} from '../../cursor/cursor-state.ts'
import { knownAs } from '../../find/known-objects.ts'
import type { Scope } from '../../find/scope.ts'
import { isLate } from '../../find/window.ts'
import type { ListedObject } from '../../s3/object-store.ts'
import { isLogInScope } from './log-scope.ts'
import { placeOf } from './log-place.ts'

/** The states of a delivered log, from the knowledge of the cursor. */
export type LogState =
  /** It is in the sets of collected objects, or of those that `skip` marked. */
  | 'collected'
  | 'skipped'
  /** Its reading failed; it waits for a retry, or for a person. */
  | 'failed'
  | 'quarantined'
  /** It was begun, or a host took it and may lose it, or it is newer than the last cycle. */
  | 'pending'
  /** Shard, folders and depth leave it out, or Inclusions and Exclusions do. */
  | 'out_of_scope'
  | 'left_out'
  /** It is of a day before the leaf was ever open: history, which is not collected. */
  | 'before_first_day'
  /** The sets of its day were dropped by age. */
  | 'no_longer_known'
  | 'not_collected'

/** The basis of the judgement; days are YYYY-MM-DD. */
export interface LogStates {
  /** The cursor's state, and then that of the older days. */
  states: readonly [CursorState, ...CursorState[]]
  scope: Scope
  matchesPatterns(key: string): boolean
  /** The first of the days whose late arrivals are looked for. */
  lateFrom: string
}

/** Makes the judge of logs. */
export function logJudge(known: LogStates): (log: ListedObject) => LogState {
  const { states, scope, matchesPatterns, lateFrom } = known
  const [state] = states
  const began = lastCycleBegan(state)
  const kept = state.older.from
  const earliest = earliestLeaf(state)
  return log => {
    const { key, modified } = log
    const known = knownAs(log, states)
    if (known !== undefined) return known
    const failed = state.failed.get(key)
    if (failed?.quarantined || state.shelf.has(key)) return 'quarantined'
    if (failed !== undefined) return 'failed'
    if (state.taken.has(key) || state.partial.has(key)) return 'pending'
    const place = placeOf(key)
    if (!isLogInScope(key, place.leaf, scope)) return 'out_of_scope'
    if (!matchesPatterns(key)) return 'left_out'
    const { day } = place
    const leaf = knownLeaf(key, state) ?? earliest
    if (day !== '' && leaf !== undefined && day < leaf.first) {
      if (day < lateFrom || !isLate(leaf, day, modified))
        return 'before_first_day'
    }
    if (modified >= began) return 'pending'
    if (day !== '' && day < kept) return 'no_longer_known'
    return 'not_collected'
  }
}

// Gives S3's time at which the last cycle began, in ms since 1970: it cannot have
// found objects modified later. 0 if no cycle ever ran.
function lastCycleBegan({ cycle }: CursorState): number {
  const { duration_ms: took } = cycle.summary as { duration_ms?: unknown }
  return cycle.at - (typeof took === 'number' ? took : 0)
}

const HISTORY = 'before the first day of its leaf'

/** Gives the reported state of a log, and the reason: history in the range, whose first day is `firstDay`, counts as not collected. */
export function toldState(
  found: LogState,
  { key, day }: { key: string; day: string },
  firstDay: string,
  state: CursorState,
): { state: LogState; reason: string } {
  if (found === 'before_first_day' && day >= firstDay)
    return { state: 'not_collected', reason: HISTORY }
  // The cursor keeps it in full, unless it is shelved.
  const object = state.failed.get(key)
  return { state: found, reason: object?.message || object?.code || '' }
}

// Gives the deepest folder that is a leaf, in any layout.
function knownLeaf(key: string, { leaves }: CursorState): Leaf | undefined {
  for (let end = key.lastIndexOf('/'); end > 0;) {
    const prefix = key.slice(0, end + 1)
    for (const layout of ['date', 'hive', 'flat'] as const) {
      const leaf = leaves.get(leafKey(prefix, layout))
      if (leaf !== undefined) return leaf
    }
    end = key.lastIndexOf('/', end - 1)
  }
  return undefined
}

/** Finds the leaf with the earliest first day: logs of leaves that no cycle ever met are owed from that day on. */
export function earliestLeaf({ leaves }: CursorState): Leaf | undefined {
  let earliest: Leaf | undefined
  for (const leaf of leaves.values())
    if (earliest === undefined || leaf.first < earliest.first) earliest = leaf
  return earliest
}
