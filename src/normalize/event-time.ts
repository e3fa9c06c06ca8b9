// Converts the times of log records to the one form of the output,
// `YYYY-MM-DDTHH:mm:ss.SSSZ`. An unreadable time, or one outside the range that
// Fluent Bit can carry (it loses such a record, or its whole chunk), is
// undefined: the record is printed without it.

import { readDigits } from './json-text.ts'
import { literal, type Literal } from './literal.ts'

/** The first time that is printed, in ms. */
export const EARLIEST_MS = Date.UTC(1970, 0, 1, 0, 0, 1)
/** The first later time that is not printed, in ms. */
export const BEYOND_MS = Date.UTC(2038, 0, 19)

const form =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/i

const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// The records of an object are of one day or two: once a day has been read,
// only the clock of its plain `YYYY-MM-DDTHH:mm:ssZ` times is checked. (No text
// of that length starts with the first value.)
let knownDay = 'no day has been read yet'

// Flow records of an object lie within minutes of each other: the text of a
// second is made once and kept in a slot.
const SLOTS = 1024
const seconds = new Int32Array(SLOTS)
const texts: Literal[] = []

/** Reads an RFC 3339 or ISO 8601 date and time (UTC where no zone is given; a fraction is cut to milliseconds) as UTC text, undefined outside 1970-01-01T00:00:01Z to 2038-01-19. */
export function eventTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (
    value.length === 20 &&
    value.startsWith(knownDay) &&
    twoDigits(value, 11) < 24 &&
    value.charCodeAt(13) === 58 &&
    twoDigits(value, 14) < 60 &&
    value.charCodeAt(16) === 58 &&
    twoDigits(value, 17) < 60 &&
    value.charCodeAt(19) === 90
  )
    return value.slice(0, 19) + '.000Z'
  return read(value)
}

/** Reads Unix seconds in decimal digits, from `from` to before `to`, as `YYYY-MM-DDTHH:mm:ss.000Z`; undefined for anything else and for a time outside the range of eventTime. */
export function unixTime(
  bytes: Buffer,
  from: number,
  to: number,
): Literal | undefined {
  const second = readDigits(bytes, from, to)
  const slot = second & (SLOTS - 1)
  if (seconds[slot] === second) return texts[slot]
  const ms = second * 1000
  if (ms < EARLIEST_MS || ms >= BEYOND_MS) return undefined
  seconds[slot] = second
  return (texts[slot] = literal(new Date(ms).toISOString()))
}

function read(text: string): string | undefined {
  const part = form.exec(text)
  if (!part) return undefined
  const number = (group: number): number => Number(part[group] ?? 0)
  const [year, month, day] = [number(1), number(2), number(3)]
  const [hour, minute, second] = [number(4), number(5), number(6)]
  // Earlier years are out of range whatever the zone, and Date.UTC takes
  // those under 100 for 1900 to 1999.
  if (year < 1969 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  if (number(9) > 23 || number(10) > 59) return undefined
  const fraction = Number((part[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const zone = (part[8] === '-' ? -1 : 1) * (number(9) * 60 + number(10))
  const ms =
    Date.UTC(year, month - 1, day, hour, minute - zone, second) + fraction
  if (ms < EARLIEST_MS || ms >= BEYOND_MS) return undefined
  if (year > 1970 && year < 2038) knownDay = `${text.slice(0, 10)}T`
  return new Date(ms).toISOString()
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 > 0 || year % 400 === 0)
  return month === 2 && !leap ? 28 : (days[month - 1] ?? 0)
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9
    ? tens * 10 + ones
    : 100
}
