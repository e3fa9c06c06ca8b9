// Where a log lies, by its key alone: the leaf and the day that it is filed
// under. A digest says nothing of it, and what it names need not lie where AWS
// would have put it.

import { beforeLastDate, dayOfFile, isDay } from '../../find/day-folders.ts'

/** The leaf's prefix, and the UTC day, '' where no name tells it. */
export interface LogPlace {
  leaf: string
  day: string
}

const DATE = /^(?:year=)?(\d{4})\/(?:month=)?(\d\d)\/(?:day=)?(\d\d)\//

/** Finds the place of a log: a trail's prefix may hold a date of its own, so the last one counts; in a folder without dates it is that folder and the day in AWS's file name. */
export function placeOf(key: string): LogPlace {
  const folder = key.slice(0, key.lastIndexOf('/') + 1)
  const leaf = beforeLastDate(folder)
  const [, year, month, date] = DATE.exec(folder.slice(leaf.length)) ?? []
  const day = year === undefined ? undefined : `${year}-${month}-${date}`
  if (day !== undefined && isDay(day)) return { leaf, day }
  return { leaf: folder, day: dayOfFile(key) ?? '' }
}
