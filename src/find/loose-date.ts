// Dates in folder names in other forms than AWS's: without leading zeros, with
// months in words, or ending at a year or a month. Such folders are walked like
// any other, but where they are known to be dates, the date is their age.

import type { DatedLayout } from './day-folders.ts'

/** The date at the end of a folder's name: a year, a month in it, a day or an hour. */
export interface LooseDate {
  /** The folder that holds the year's. */
  above: string
  layout: DatedLayout
  /** The last day that it covers, in the form YYYY-MM-DD. */
  last: string
}

const LOOSE =
  /^((?:.*\/)?)(year=)?((?:19|20)\d\d)\/(?:(?:month=)?(\d\d?|[a-z]{3,9})\/(?:(?:day=)?(\d\d?)\/(?:(?:hour=)?\d\d?\/)?)?)?$/is

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** Reads the date at the end of a folder's name; undefined without one. */
export function looseDate(prefix: string): LooseDate | undefined {
  const found = LOOSE.exec(prefix)
  if (found === null) return undefined
  const [, above = '', hive, year, month = '12', day = '31'] = found
  const number = monthNumber(month)
  if (number === 0 || Number(day) > 31) return undefined
  const last = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
  return { above, layout: hive === undefined ? 'date' : 'hive', last }
}

/** Reads a month in digits or words, in any case: 1 to 12, or 0 for other text. */
export function monthNumber(text: string): number {
  const number = Number(text)
  if (number >= 1 && number <= 12) return number
  const name = text.toLowerCase()
  return (
    1 + MONTHS.findIndex(month => month === name || month.slice(0, 3) === name)
  )
}
