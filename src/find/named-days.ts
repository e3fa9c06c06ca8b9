// Folders of days in other forms than AWS's, such as dt=2026-11-30/ or
// 2026/1/5/: each is a leaf of its own, one more a day. If later ones are known
// in the same place, such a day is treated like a day of a dated leaf: once it
// is over, it is listed once a day while late arrivals are looked for, and then
// no more. A single folder with a date in its name may be filled for ever.

import type { Partition, Leaf } from '../cursor/cursor-state.ts'
import { addDays, DAY_MS, isDay } from './day-folders.ts'
import { monthNumber } from './loose-date.ts'

/** A date in a folder's name: the series of days that it belongs to, and the last day that it covers. */
interface NamedDate {
  /** The place and the form of the date, without the date. */
  series: string
  last: string
  /** The series of the folders of years and months around it. */
  above: string[]
  isDay: boolean
}

/** The first day of the window, of late arrivals, and of the window at the folder's last whole listing. */
export interface FirstDays {
  window: string
  late: string
  whenSwept: string
}

const YEAR = /^([^=]*=)?((?:19|20)\d\d)$/
const MONTH = /^([^=]*=)?(\d\d?|[a-z]{3,9})$/i
const YEAR_MONTH = /^([^=]*=)?((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])$/
const DAY = /^([^=]*=)?(\d\d?)$/
// An hour may follow.
const WHOLE =
  /^(|.*\D)((?:19|20)\d\d)([-_.])(\d\d?)\3(\d\d?)(?:[-_T. ](?:[01]\d|2[0-3])(?:[-_:.]?[0-5]\d){0,2}Z?)?$/
const COMPACT =
  /^(|.*\D)((?:19|20)\d\d)()(0[1-9]|1[0-2])([0-3]\d)(?:[-_T]?(?:[01]\d|2[0-3]))?$/
const ANY = /(?:^|\D)(?:19|20)\d\d(?=\D|[01]\d)/

/** Reads the first date in a folder's name: a day or, at its end, a year or month; undefined without one. */
export function namedDate(prefix: string): NamedDate | undefined {
  if (!ANY.test(prefix)) return undefined
  const segments = prefix.split('/').slice(0, -1)
  for (let at = 0; at < segments.length; at++) {
    const found = dateAt(segments, at)
    if (found) return found
  }
  return undefined
}

function dateAt(
  segments: readonly string[],
  start: number,
): NamedDate | undefined {
  const place = segments.slice(0, start).join('/')
  const above: string[] = []
  const forms: string[] = []
  const seriesOf = (form: string): string => [place, ...forms, form].join('\n')
  let year = ''
  let month = ''
  for (let at = start; ; at++) {
    const segment = segments[at]
    if (segment === undefined) {
      const series = above.pop()
      const last = `${year}-${month || '12'}-31`
      return series === undefined
        ? undefined
        : { series, last, above, isDay: false }
    }
    const whole = wholeDay(segment)
    if (whole) {
      const { form, day } = whole
      return { series: seriesOf(form), last: day, above, isDay: true }
    }
    if (month !== '') {
      const [, form = '', date = ''] = DAY.exec(segment) ?? []
      const day = `${year}-${month}-${date.padStart(2, '0')}`
      if (date === '' || !isDay(day)) return undefined
      return { series: seriesOf(`${form}D`), last: day, above, isDay: true }
    }
    const both = YEAR_MONTH.exec(segment)
    const one = year === '' ? YEAR.exec(segment) : MONTH.exec(segment)
    if (both && (year === '' || both[2] === year)) {
      ;[, , year = '', month = ''] = both
      above.push(seriesOf(`${both[1] ?? ''}YM`))
      forms.push(`${both[1] ?? ''}YM`)
    } else if (one && year === '') {
      year = one[2] ?? ''
      above.push(seriesOf(`${one[1] ?? ''}Y`))
      forms.push(`${one[1] ?? ''}Y`)
    } else if (one && monthNumber(one[2] ?? '') > 0) {
      month = String(monthNumber(one[2] ?? '')).padStart(2, '0')
      above.push(seriesOf(`${one[1] ?? ''}M`))
      forms.push(`${one[1] ?? ''}M`)
    } else return undefined
  }
}

function wholeDay(segment: string): { form: string; day: string } | undefined {
  const found = WHOLE.exec(segment) ?? COMPACT.exec(segment)
  if (found === null) return undefined
  const [, text = '', year = '', sign = '', month = '', date = ''] = found
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) ? { form: `${text}Y${sign}D`, day } : undefined
}

/** Keeps the latest day of each series. */
export class NamedDays {
  readonly #latest = new Map<string, string>()
  /** For years and months, only earlier cycles can tell that they hold days. */
  readonly #latestAbove = new Map<string, string>()
  readonly #leaves: readonly Leaf[]

  /** Begins with the known leaves. */
  constructor(leaves: Iterable<Leaf> = []) {
    this.#leaves = [...leaves].filter(({ missed }) => missed === 0)
    for (const { prefix, layout } of this.#leaves) {
      const date = layout === 'flat' ? namedDate(prefix) : undefined
      if (!date?.isDay) continue
      this.#add(this.#latest, date.series, date.last)
      for (const series of date.above)
        this.#add(this.#latestAbove, series, date.last)
    }
  }

  /** Records an existing folder, if it is a day's. */
  add(prefix: string): void {
    const date = namedDate(prefix)
    if (date?.isDay) this.#add(this.#latest, date.series, date.last)
  }

  /** Tells whether a folder covers days before `first` only, and later days of its series are known. */
  isBefore(prefix: string, first: string): boolean {
    const date = namedDate(prefix)
    if (date === undefined || date.last >= first) return false
    const known = date.isDay ? this.#latest : this.#latestAbove
    return (known.get(date.series) ?? '') > date.last
  }

  /** Tells whether to walk a folder: it is not in the past by its series, or it contains a known leaf that is no day. */
  isOpen(prefix: string, first: string): boolean {
    return (
      !this.isBefore(prefix, first) ||
      this.#leaves.some(
        leaf =>
          leaf.prefix.startsWith(prefix) &&
          (leaf.layout !== 'flat' || !this.isBefore(leaf.prefix, first)),
      )
    )
  }

  /** Tells whether a leaf need not be listed now: its day was over when it was found settled, and either that was less than a day ago or late arrivals are not looked for in it. */
  rests(
    { prefix, layout }: Leaf,
    { swept, begun, dirty, unclean }: Partition,
    first: FirstDays,
    now: number,
  ): boolean {
    if (layout !== 'flat' || swept === 0 || begun !== 0) return false
    if (dirty || unclean !== '') return false
    // One day is added, since the name's day may not be UTC's.
    const before =
      first.window < first.whenSwept ? first.window : first.whenSwept
    if (!this.isBefore(prefix, addDays(before, -1))) return false
    return (
      Math.abs(now - swept) < DAY_MS ||
      this.isBefore(prefix, addDays(first.late, -1))
    )
  }

  #add(known: Map<string, string>, series: string, day: string): void {
    if ((known.get(series) ?? '') < day) known.set(series, day)
  }
}
