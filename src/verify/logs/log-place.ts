// Finds the leaf and the day of a log by its key alone. A digest states
// neither, and the logs that it names may lie elsewhere than AWS would have put
// them.

import { beforeLastDate, dayOfFile, isDay } from '../../find/day-folders.ts'

/** The leaf's prefix, and the UTC day, '' if no name shows it. */
export interface LogPlace {
  leaf: string
  day: string
}

const DATE = /^(?:year=)?(\d{4})\/(?:month=)?(\d\d)\/(?:day=)?(\d\d)\//

/** Finds the place of a log: a trail's prefix may contain a date of its own, so the last one counts; in a folder without dates the place is that folder and the day in AWS's file name. */
export function placeOf(key: string): LogPlace {
  const folder = key.slice(0, key.lastIndexOf('/') + 1)
  const leaf = beforeLastDate(folder)
  const [, year, month, date] = DATE.exec(folder.slice(leaf.length)) ?? []
  const day = year === undefined ? undefined : `${year}-${month}-${date}`
  if (day !== undefined && isDay(day)) return { leaf, day }
  return { leaf: folder, day: dayOfFile(key) ?? '' }
}
