// Formats numbers, sizes, times and tables for people; each has one form in the
// whole program.

const SIZE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const TIME_UNITS = [
  [86_400, 'd', 3600, 'h'],
  [3600, 'h', 60, 'min'],
  [60, 'min', 1, 's'],
] as const

/** Writes a number with a comma at the thousands. */
export const number = (value: number): string => value.toLocaleString('en-US')

/** Says how many of a thing there are, such as `2 objects`. */
export const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? '' : 's'}`

/** Formats a number of bytes to two or three digits, in the largest unit that it reaches. */
export function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${text} ${SIZE_UNITS[unit]}`
}

/** Formats a number of seconds as a duration of up to two units. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  for (const [length, name, part, partName] of TIME_UNITS)
    if (whole >= length) {
      const rest = Math.floor((whole % length) / part)
      const more = rest === 0 ? '' : ` ${rest} ${partName}`
      return `${Math.floor(whole / length)} ${name}${more}`
    }
  return `${whole} s`
}

/** Formats rows as lines, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Breaks a text at blanks into lines of at most so many columns; `first` begins the first line, `others` all further ones. */
export function wrapped(
  text: string,
  columns: number,
  first: string,
  others = first,
): string[] {
  const lines: string[] = []
  let line = first
  let isBare = true
  for (const word of text.split(' ')) {
    if (!isBare && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = others
      isBare = true
    }
    line += isBare ? word : ` ${word}`
    isBare = false
  }
  return [...lines, line]
}

/** Orders texts by their UTF-16 units, as sort() does. */
export const compare = (a: string, b: string): number =>
  a < b ? -1 : a > b ? 1 : 0

/** Gives the message of any thrown value. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const MAX_NAMES = 8

/** Names the first few of many things. */
export function some(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  const first = names.slice(0, MAX_NAMES).join(', ')
  return more > 0 ? `${first} and ${more} more` : first
}

/** Gives the message of an error without the advice at its end. */
export function said(error: unknown): string {
  const text = messageOf(error)
  const at = text.lastIndexOf('; ')
  return at < 0 ? text : text.slice(0, at)
}
