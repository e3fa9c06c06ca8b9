// Determines the range of a proof from the command line, and cuts it to the
// provable part: a digest covers an hour and may come two hours late, so that
// part ends with the last whole hour that ended two hours ago.

import { notThis, UsageError } from '../settings/settings-error.ts'
import { addDays, isDay, startOfDay } from '../find/day-folders.ts'
import { FRESH_MS } from '../find/window.ts'
import { earliestLeaf } from './logs/log-state.ts'
import { leafKey, type CursorState } from '../cursor/cursor-state.ts'

/** The requested range, in ms since 1970, without its end; undefined = as far as there is anything to prove. */
export interface AskedRange {
  from: number | undefined
  to: number | undefined
}

/** The options that give a range. */
export interface RangeOptions {
  day?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

const HOUR_MS = 3_600_000
const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/

/** Reads the options of a range; a day as an end is included. Throws UsageError. */
export function askedRange({ day, from, to }: RangeOptions): AskedRange {
  if (day !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new UsageError('`verify` takes either --day or --from and --to')
    if (!isDayText(day))
      throw new UsageError(
        `--day takes a UTC day as YYYY-MM-DD, such as 2026-01-31${notThis(day)}`,
      )
    return { from: startOfDay(day), to: startOfDay(addDays(day, 1)) }
  }
  const range = { from: timeOf('from', from), to: timeOf('to', to) }
  if (range.from !== undefined && range.to !== undefined)
    if (range.from >= range.to)
      throw new UsageError(`--from ${from} is not before --to ${to}`)
  return range
}

/** Gives the end of the provable time, in ms since 1970. */
export function provableUntil(now: number): number {
  return Math.floor((now - FRESH_MS) / HOUR_MS) * HOUR_MS
}

/** Gives the first provable day of leaves, YYYY-MM-DD: the earliest first day of these leaves, or of all if the cursor knows none of them, but not before the oldest sets that are kept; `fallback` if it knows no leaf at all. */
export function firstProvableDay(
  prefixes: readonly string[],
  state: CursorState,
  fallback: string,
): string {
  const days = prefixes.flatMap(prefix =>
    (['date', 'hive', 'flat'] as const).flatMap(layout => {
      const leaf = state.leaves.get(leafKey(prefix, layout))
      return leaf === undefined ? [] : [leaf.first]
    }),
  )
  const [first = earliestLeaf(state)?.first ?? fallback] = days.toSorted()
  return first > state.older.from ? first : state.older.from
}

/** Writes a time to the minute, in UTC. */
export function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`
}

function timeOf(
  option: 'from' | 'to',
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined
  if (isDayText(text))
    return startOfDay(option === 'to' ? addDays(text, 1) : text)
  const time = UTC_TIME.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new UsageError(
    `--${option} takes a UTC day or time, such as 2026-01-31 or 2026-01-31T08:00Z${notThis(text)}`,
  )
}

/** Tells whether a text is a day of the calendar, YYYY-MM-DD. */
export const isDayText = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text)
