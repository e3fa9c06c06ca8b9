// Folders of days that are named otherwise than AWS does it, as dt=2026-03-10/,
// are leaves of their own, one more each day. Where those of later days are
// known, one of a day before the window is looked at once a day, as the older
// days of other leaves are: what comes late is found, at one LIST a day.

import type { Cursor } from '../cursor/cursor.ts'
import { leafKey, type Folder, type Leaf } from '../cursor/cursor-state.ts'
import { addDays, DAY_MS, dayOf, startOfDay } from './day-folders.ts'

const NAMED = /^(.*\D|)((?:19|20)\d\d)([-_]?)(0[1-9]|1[0-2])\3([0-3]\d)(?!\d)/s
const DAYS_AHEAD = 8

/** Tells whether a leaf without dates is a day's folder whose day lies before the window, and which was found settled less than a day ago; `now` is S3's time in ms since 1970. */
export function isRestingDay(
  { prefix }: Pick<Leaf, 'prefix'>,
  { swept, begun, dirty }: Folder,
  { state }: Pick<Cursor, 'state'>,
  windowFirst: string,
  now: number,
): boolean {
  if (swept === 0 || begun !== 0 || dirty) return false
  if (Math.abs(now - swept) >= DAY_MS) return false
  const named = NAMED.exec(prefix)
  if (named === null) return false
  const [all, before, year, sign = '', month, date] = named
  const day = `${year}-${month}-${date}`
  const time = startOfDay(day)
  if (Number.isNaN(time) || dayOf(time) !== day) return false
  // The day before the window may still be filled where it is not UTC's.
  if (addDays(day, 1) >= windowFirst) return false
  const rest = prefix.slice(all.length)
  for (let ahead = 1; ahead <= DAYS_AHEAD; ahead++) {
    const later = addDays(day, ahead).replaceAll('-', sign)
    if (state.leaves.has(leafKey(`${before}${later}${rest}`, 'flat')))
      return true
  }
  return false
}
