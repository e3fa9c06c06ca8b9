// Where a world files an object, and the day it is filed under.

import { dayPrefix } from '../../../src/find/day-folders.ts'
import type { Arrival, WorldLeaf } from './history.ts'
import { WIDEST_WINDOW } from './world-oracle.ts'

const DAY_MS = 86_400_000

/** Gives an object's key, its day (YYYY-MM-DD) and its Last-Modified; what is early was written on its day. */
export function filedAs(
  { prefix, filing }: WorldLeaf,
  { daysAgo, name }: Arrival,
  now: number,
  isEarly: boolean,
): { key: string; day: string; modified: number } {
  const filed = now - daysAgo * DAY_MS
  const day = new Date(filed).toISOString().slice(0, 10)
  const modified = isEarly ? filed : now
  const written = new Date(modified).toISOString().slice(0, 10)
  const file = `${name}.json.gz`
  const [year, month = '', date = ''] = day.split('-')
  switch (filing) {
    case 'date':
    case 'hive':
      return { key: dayPrefix(prefix, filing, day) + file, day, modified }
    case 'flat': {
      const stamp = day.replaceAll('-', '')
      const key = `${prefix}888877776666_CloudTrail_us-east-1_${stamp}T0005Z_${file}`
      // The name of a day that is closed says nothing of what came since.
      const isClosed = daysAgo > WIDEST_WINDOW
      return { key, day: isClosed ? written : day, modified }
    }
    case 'loose': {
      const key = `${prefix}${year}/${Number(month)}/${Number(date)}/${file}`
      // Two digits each look as AWS writes them; else the time alone tells.
      const isDated = Number(month) > 9 && Number(date) > 9
      return { key, day: isDated ? day : written, modified }
    }
  }
}
