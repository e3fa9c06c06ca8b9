// The quarantine over a cycle: once a day those of the shelved objects that were
// refused, or not reached, are tried again, a thousand at a time, since what
// kept them away may be mended without anybody telling us; and the next
// thousand at once when one of them was read.

import type { Cursor } from '../cursor/cursor.ts'
import type { FailedObject } from '../cursor/kept-objects.ts'
import {
  ABSENT,
  shelvedObjects,
  shelveSurplus,
  takeOff,
  unshelve,
} from '../cursor/shelve.ts'
import { DAY_MS } from '../find/day-folders.ts'
import { isRefusedLongAgo, MAX_REFUSED } from '../find/due-retries.ts'

// What is gone from the bucket is not listed again.
const ABSENT_DAYS = 30

/** Has the shelved objects whose turn it is be among the retries of a cycle that begins at `now`, in ms since 1970; gives what ends it: what is quarantined by then is shelved. Both throw CursorError. */
export async function openQuarantine(
  cursor: Cursor,
  now: number,
): Promise<() => Promise<void>> {
  const { shelf, failed } = cursor.state
  const { refused, absent, tried } = shelf.note
  // Clocks may step back.
  const isDue = Math.abs(now - tried) >= DAY_MS
  const back = isDue && refused + absent > 0 ? await choose(cursor, now) : []
  const inFull = [...failed.values()].filter(
    one => one.quarantined && isRefusedLongAgo(one, now),
  )
  unshelve(cursor, back)
  const keys = [...inFull, ...back].map(({ key }) => key)
  return async () => {
    const isAnyRead = keys.some(key => !failed.has(key) && !shelf.has(key))
    if (isAnyRead) cursor.record({ k: 'shelf', ...shelf.note, tried: 0 })
    await shelveSurplus(cursor)
    await cursor.flush()
  }
}

// Those at the beginning of the file were tried least recently.
async function choose(cursor: Cursor, now: number): Promise<FailedObject[]> {
  const { shelf } = cursor.state
  const chosen: FailedObject[] = []
  const gone: string[] = []
  let refused = 0
  let absent = 0
  for await (const object of shelvedObjects(cursor)) {
    const age = now - object.at
    if (object.code === ABSENT && age > ABSENT_DAYS * DAY_MS)
      gone.push(object.key)
    else if (object.code === ABSENT) absent++
    else if (isRefusedLongAgo(object, now) && chosen.length < MAX_REFUSED)
      chosen.push(object)
    if (object.refused) refused++
  }
  takeOff(cursor, gone)
  cursor.record({ k: 'shelf', ...shelf.note, refused, absent, tried: now })
  return chosen
}
