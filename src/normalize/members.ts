// Writes the members of a record as JSON text. It runs once a record, so it
// only puts strings together. The members that are texts come first: the quote
// that ends one, the comma and the name of the next are then one constant.
import { eventTime, unixTime } from './event-time.ts'
import { isAddress } from './is-address.ts'
import { asText, escaped, numberText } from './json-text.ts'
import type { Compute, Normalized, Row } from './mapping.ts'

interface Field {
  readonly kind: Row['kind']
  /** What stands before the value: the end of the member before, and a name. */
  readonly first: string
  readonly second: string
  /** Where the sources stand among the values of a record; -1 for nowhere. */
  readonly from: readonly number[]
  readonly compute: Compute | undefined
}

/** Holds a table made ready for records whose values come in a known order. */
export interface Layout {
  readonly time: Field
  readonly texts: readonly Field[]
  readonly numbers: readonly Field[]
}

/** Makes a table, whose first row is normal_msg_date, ready; `slot` says where a source stands among the values of a record. */
export function layout(
  rows: readonly Row[],
  slot: (source: string) => number | undefined,
): Layout {
  const all = rows.map(({ kind, names, from, compute }): Field => {
    const [first = '', second = ''] = names.map(name =>
      kind === 'number' ? `,"${name}":` : `","${name}":"`,
    )
    let slots = from.map(source => slot(source) ?? -1)
    if (compute === undefined) slots = slots.filter(at => at >= 0)
    return { kind, first, second, from: slots, compute }
  })
  const [time, ...rest] = all
  if (time === undefined) throw new TypeError('A mapping table without rows')
  const used = rest.filter(({ from }) => from.some(at => at >= 0))
  return {
    time,
    texts: used.filter(({ kind }) => kind !== 'number'),
    numbers: used.filter(({ kind }) => kind === 'number'),
  }
}

/** Maps the values of a record; `plain` says that no text among them needs escaping in JSON. */
export function writeMembers(
  { time, texts, numbers }: Layout,
  values: readonly unknown[],
  plain: boolean,
): Normalized {
  const date = firstTime(time, values)
  let members = date === undefined ? '' : `"normal_msg_date":"${date}`
  for (const field of texts) {
    const value = valueOf(field, values)
    if (value !== undefined) members += textMember(field, value, plain)
  }
  if (members !== '') members += '"'
  for (const field of numbers) {
    const number = numberText(valueOf(field, values))
    if (number !== undefined) members += field.first + number
  }
  // Without a date the first member ends none before it.
  if (date === undefined) members = members.replace(/^"?,/, '')
  return { time: date, members }
}

function textMember(field: Field, value: unknown, plain: boolean): string {
  if (field.kind === 'time' || field.kind === 'unix-time') {
    const time = readTime(field, value)
    return time === undefined ? '' : field.first + time
  }
  const isText = typeof value === 'string'
  const text =
    isText && plain && field.compute === undefined
      ? value
      : escaped(asText(value))
  if (field.kind === 'ip-else-name')
    return (isAddress(text) ? field.first : field.second) + text
  return field.second === ''
    ? field.first + text
    : field.first + text + field.second + text
}

function valueOf({ from, compute }: Field, values: readonly unknown[]) {
  if (compute !== undefined)
    return compute(
      present(from[0], values),
      present(from[1], values),
      present(from[2], values),
    )
  for (const at of from) {
    const value = values[at]
    if (isPresent(value)) return value
  }
  return undefined
}

function firstTime(
  field: Field,
  values: readonly unknown[],
): string | undefined {
  for (const at of field.from) {
    const time = readTime(field, values[at])
    if (time !== undefined) return time
  }
  return undefined
}

function readTime({ kind }: Field, value: unknown): string | undefined {
  if (kind === 'time') return eventTime(value)
  return typeof value === 'string' ? unixTime(value) : undefined
}

// An array is never asked for the index -1: that is slow.
function present(at: number | undefined, values: readonly unknown[]): unknown {
  const value = at === undefined || at < 0 ? undefined : values[at]
  return isPresent(value) ? value : undefined
}

/** Tells whether a source holds something: not undefined, null, blank or `-`. In a chain a blank source gives way to the next as an absent one does: AWS writes an empty accessKeyId where there is none. */
export function isPresent(value: unknown): boolean {
  if (typeof value !== 'string') return value !== undefined && value !== null
  const first = value.charCodeAt(0)
  if (first > 45 && first < 127) return true
  return value !== '-' && value !== ''
}
