// Days in UTC and the folders that are named after them: YYYY/MM/DD/ and
// year=/month=/day=/. Hours below a day need no knowledge: a day is listed
// with all that lies below it.

import {
  leafKey,
  type Layout,
  type Folder,
  type Leaf,
} from '../cursor/cursor-state.ts'

/** The milliseconds of a day. */
export const DAY_MS = 86_400_000

/** Gives the UTC day, YYYY-MM-DD, of a time in ms since 1970. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Gives the first millisecond of a day. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** Gives the day so many days after (or, if negative, before) a day. */
export function addDays(day: string, count: number): string {
  return dayOf(startOfDay(day) + count * DAY_MS)
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

const DATED =
  /(^|\/)(?:(?:19|20)\d\d\/(?:0[1-9]|1[0-2])\/(?:0[1-9]|[12]\d|3[01])|year=\d{4}\/month=\d\d\/day=\d\d)\/.*/s

/** Cuts a prefix off before its first folders of a whole date. */
export function beforeDate(prefix: string): string {
  return prefix.replace(DATED, '$1')
}

/** Tells whether a folder's name is that of a year, and in which layout. */
export function yearLayout(name: string): 'date' | 'hive' | undefined {
  if (/^(19|20)\d\d$/.test(name)) return 'date'
  return /^year=\d{4}$/.test(name) ? 'hive' : undefined
}

/** Tells whether a folder's name is that of a month, 01 to 12. */
export function isMonth(name: string): boolean {
  return /^(0[1-9]|1[0-2])$/.test(name)
}

/** Tells whether a folder's name is that of a day of the month, 01 to 31. */
export function isDayOfMonth(name: string): boolean {
  return /^(0[1-9]|[12]\d|3[01])$/.test(name)
}

/** Gives the leaf that a folder of the cursor belongs to by its name, undefined when it is not known any more. */
export function leafOf(
  { prefix, day }: Folder,
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
