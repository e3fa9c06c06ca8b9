// Days in UTC and the folders named after them: YYYY/MM/DD/ and
// year=/month=/day=/. Hours below a day need no code: a day is listed with
// everything below it.

import {
  leafKey,
  type Layout,
  type Partition,
  type Leaf,
} from '../cursor/cursor-state.ts'

/** One day in milliseconds. */
export const DAY_MS = 86_400_000

/** Gives the UTC day, YYYY-MM-DD, of a time in ms since 1970. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Gives the first millisecond of a day. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** Gives the day so many days after (before, if negative) a day. */
export function addDays(day: string, count: number): string {
  return dayOf(startOfDay(day) + count * DAY_MS)
}

// ACCOUNT_SERVICE_…_YYYYMMDDTHHMMZ_UNIQUE, as AWS names its log files.
const AWS_FILE = /(?:^|\/)\d{12}_[^/]+_(20\d\d)(\d\d)(\d\d)T\d{4}Z_[^_/]+$/

/** Gives the UTC day, YYYY-MM-DD, in a log file's AWS name; undefined without one. */
export function dayOfFile(key: string): string | undefined {
  const [, year, month, date] = AWS_FILE.exec(key) ?? []
  if (year === undefined) return undefined
  const day = `${year}-${month}-${date}`
  return isDay(day) ? day : undefined
}

/** Tells whether a text is a day of the calendar; November 31 is not. */
export function isDay(day: string): boolean {
  const time = startOfDay(day)
  return !Number.isNaN(time) && dayOf(time) === day
}

/** Gives the prefix of a day's folder in a leaf with dated folders. */
export function dayPrefix(leaf: string, layout: Layout, day: string): string {
  const [year, month, date] = day.split('-')
  return layout === 'hive'
    ? `${leaf}year=${year}/month=${month}/day=${date}/`
    : `${leaf}${year}/${month}/${date}/`
}

/** Gives the days from one day to before another. */
export function daysBetween(from: string, before: string): string[] {
  const days: string[] = []
  for (let day = from; day < before; day = addDays(day, 1)) days.push(day)
  return days
}

const DATE =
  /(?:(?:19|20)\d\d\/(?:0[1-9]|1[0-2])\/(?:0[1-9]|[12]\d|3[01])|year=\d{4}\/month=\d\d\/day=\d\d)\//
const DATED = new RegExp(`(^|/)${DATE.source}.*`, 's')
const LAST_DATED = new RegExp(`^((?:.*/)?)${DATE.source}.*`, 's')

/** Cuts a prefix off before its first folders that form a whole date. */
export function beforeDate(prefix: string): string {
  return prefix.replace(DATED, '$1')
}

/** Cuts a prefix off before its last folders that form a whole date. */
export function beforeLastDate(prefix: string): string {
  return prefix.replace(LAST_DATED, '$1')
}

/** Gives the layout of a folder's name that is a year; undefined for any other name. */
export function yearLayout(name: string): DatedLayout | undefined {
  if (/^(19|20)\d\d$/.test(name)) return 'date'
  return /^year=\d{4}$/.test(name) ? 'hive' : undefined
}

export type DatedLayout = Exclude<Layout, 'flat'>

/** The folder of a year or a month, by its name. */
export interface DatedFolder {
  /** The folder that holds the year's: a leaf, if there are days. */
  leaf: string
  layout: DatedLayout
  /** The folder of the year and, in a month, that of the month. */
  chain: string[]
  /** Tells whether a name below it is the next part of a date, a month or a day. */
  isNext(name: string): boolean
}

const MONTHS = { date: /^(0[1-9]|1[0-2])$/, hive: /^month=(0[1-9]|1[0-2])$/ }
const DAYS = {
  date: /^(0[1-9]|[12]\d|3[01])$/,
  hive: /^day=(0[1-9]|[12]\d|3[01])$/,
}

/** Reads a folder's name as that of a year or a month, with leading zeros; undefined for any other name. */
export function datedFolder(prefix: string): DatedFolder | undefined {
  const segments = prefix.split('/').slice(0, -1)
  const last = segments.at(-1) ?? ''
  const layout = yearLayout(last)
  if (layout)
    return {
      leaf: prefix.slice(0, -last.length - 1),
      layout,
      chain: [prefix],
      isNext: name => MONTHS[layout].test(name),
    }
  const year = segments.at(-2) ?? ''
  const above = yearLayout(year)
  if (above === undefined || !MONTHS[above].test(last)) return undefined
  const yearFolder = prefix.slice(0, -last.length - 1)
  return {
    leaf: yearFolder.slice(0, -year.length - 1),
    layout: above,
    chain: [yearFolder, prefix],
    isNext: name =>
      DAYS[above].test(name) &&
      isDay(`${year}-${last}-${name}`.replace(/[a-z]+=/g, '')),
  }
}

/** Gives the leaf that a partition of the cursor belongs to by its name, undefined if that leaf is not known any more. */
export function leafOf(
  { prefix, day }: Pick<Partition, 'prefix' | 'day'>,
  leaves: ReadonlyMap<string, Leaf>,
): Leaf | undefined {
  // A leaf without dates may be a day's folder of another leaf.
  const flat = leaves.get(leafKey(prefix, 'flat'))
  if (flat || day === '') return flat
  for (const layout of ['date', 'hive'] as const) {
    const end = dayPrefix('', layout, day)
    const leaf =
      prefix.endsWith(end) &&
      leaves.get(leafKey(prefix.slice(0, -end.length), layout))
    if (leaf) return leaf
  }
  return undefined
}
