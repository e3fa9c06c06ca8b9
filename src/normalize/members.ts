// Writes the members of a record as JSON. It runs once a record, so it mostly
// copies bytes; only the few values that are inspected become strings.
import { JSON_TEXT, PLAIN, RAW, type Values } from '../decode/values.ts'
import { eventTime, unixSeconds, writeUnixTime } from './event-time.ts'
import { fieldSources } from './field-sources.ts'
import { addressIn, isAddress, isOtherAddress } from './is-address.ts'
import { asText, isCount, numberText } from './json-text.ts'
import type { LineBytes } from './line-bytes.ts'
import { writeId } from './record-id.ts'
import { literal, type Literal } from './literal.ts'
import type { Compute, Row } from './mapping.ts'

interface Field {
  readonly kind: Row['kind']
  /** The text before the value: a name, a colon and, for a text, a quote. */
  readonly first: Literal
  /** The same for the second name, preceded by the end of the first text where both are written; empty without a second name. */
  readonly second: Literal
  /** The slots of the sources among the values of a record; -1 where there is none. */
  readonly from: readonly number[]
  readonly compute: Compute | undefined
  readonly only: Guard | undefined
}

/** A source that counts only where another slot holds a text. */
interface Guard {
  readonly source: number
  readonly slot: number
  readonly is: string
}

/** The beginning of the member normal_msg_date, and the constant length of its value. */
export const DATE_NAME = '"normal_msg_date":"'
export const DATE_BYTES = 'YYYY-MM-DDTHH:mm:ss.SSSZ'.length
/** The flag of a written normal_msg_date, which then comes first. */
export const HAS_DATE = 1
/** The flag of a written id of the record's own. */
export const HAS_ID = 2
const NOTHING = literal('')
const COMMA = 0x2c

/** Makes the function that writes a record's members by a table, each with a comma after it; it returns HAS_DATE (of the table's first row) and HAS_ID for the members that are present. */
export function memberWriter(
  rows: readonly Row[],
): (values: Values, line: LineBytes) => number {
  // All records of an object share their names.
  let names: readonly string[] | undefined
  let fields: Field[] = []
  let id: Field | undefined
  return (values, line) => {
    if (values.names !== names) {
      names = values.names
      const all = fieldsOf(rows, names)
      fields = all.filter(({ kind }) => kind !== 'id')
      id = all.find(({ kind }) => kind === 'id')
    }
    const from = line.length
    writeMember(fields[0] as Field, values, line)
    const date = line.length > from ? HAS_DATE : 0
    for (let i = 1; i < fields.length; i++)
      writeMember(fields[i] as Field, values, line)
    return id !== undefined && writeId(id.first, id.from, values, line)
      ? date | HAS_ID
      : date
  }
}

/** Prepares a table for records whose values have these names; rows without a source among the names are left out. */
function fieldsOf(rows: readonly Row[], names: readonly string[]): Field[] {
  const slots = new Map<string, number>()
  for (const [slot, name] of names.entries())
    if (!slots.has(name)) slots.set(name, slot)
  const slotOf = (path: string): number => slots.get(path) ?? -1
  const fields = rows.map(({ kind, names, from, compute, only }): Field => {
    const quote = kind === 'number' ? '' : '"'
    const [first = NOTHING, second = NOTHING] = names.map((name, i) =>
      literal(
        `${i > 0 && kind !== 'ip-else-name' ? '",' : ''}"${name}":${quote}`,
      ),
    )
    let sources = from.map(slotOf)
    if (compute === undefined && kind !== 'other-ip')
      sources = sources.filter(slot => slot >= 0)
    const guard = only && {
      source: slotOf(only.source),
      slot: slotOf(only.path),
      is: only.is,
    }
    return { kind, first, second, from: sources, compute, only: guard }
  })
  return fields.filter(
    ({ kind, from }, i) =>
      i === 0 ||
      (kind === 'other-ip' ? from[0] !== -1 : from.some(slot => slot >= 0)),
  )
}

function writeMember(field: Field, values: Values, line: LineBytes): void {
  const { compute, from } = field
  if (compute !== undefined) {
    const value = compute(fieldSources.of(values, from))
    if (value === undefined) return
    line.literal(field.first)
    const begin = line.length
    const { omittedBytes } = line
    line.text(asText(value))
    endText(field, line, begin, omittedBytes)
    return
  }
  switch (field.kind) {
    case 'time':
    case 'unix-time':
      for (let i = 0; i < from.length; i++)
        if (writeTime(field, values, from[i] as number, line)) return
      return
    case 'other-ip':
      if (isOtherAddress(from[0] as number, from[1] as number, values))
        writeText(field, values, line)
      return
    case 'number':
      writeNumber(field, values, line)
      return
    default:
      writeText(field, values, line)
  }
}

function writeText(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0) return
  const isAddressed = field.kind === 'ip-else-name'
  if (isAddressed && writeAddress(field, values, slot, line)) return
  const kind = values.kinds[slot]
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  line.literal(isAddressed ? field.second : field.first)
  const begin = line.length
  const { omittedBytes } = line
  if (kind === PLAIN) line.copy(values.bytes, start, end)
  else if (kind === RAW) line.escape(values.bytes, start, end)
  else line.text(asText(values.get(slot)))
  endText(field, line, begin, omittedBytes)
}

/** Writes the address in a slot, or the first of several; false without an address. */
function writeAddress(
  field: Field,
  values: Values,
  slot: number,
  line: LineBytes,
): boolean {
  let { bytes } = values
  let from = values.starts[slot] as number
  let to = values.ends[slot] as number
  if (values.kinds[slot] === JSON_TEXT) {
    bytes = Buffer.from(asText(values.get(slot)))
    from = 0
    to = bytes.length
  }
  if (!isAddress(bytes, from, to)) {
    const one = addressIn(bytes, from, to)
    if (one === undefined) return false
    ;({ from, to } = one)
  }
  line.literal(field.first)
  line.copy(bytes, from, to)
  line.endText()
  return true
}

/** Ends a text that begins at `begin`, and writes it again under the second name; `left` is the count of omitted bytes before the text. */
function endText(
  { kind, second }: Field,
  line: LineBytes,
  begin: number,
  left: number,
): void {
  const end = line.length
  if (second !== NOTHING && kind !== 'ip-else-name') {
    line.literal(second)
    line.repeat(begin, end)
    line.omittedBytes += line.omittedBytes - left
  }
  line.endText()
}

function writeNumber(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0) return
  const { bytes } = values
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  if (values.kinds[slot] === PLAIN && isCount(bytes, start, end)) {
    line.literal(field.first)
    line.copy(bytes, start, end)
  } else {
    const text = numberText(values.get(slot))
    if (text === undefined) return
    line.literal(field.first)
    line.ascii(text)
  }
  line.byte(COMMA)
}

/** Writes a time; false if it is unreadable. */
function writeTime(
  field: Field,
  values: Values,
  slot: number,
  line: LineBytes,
): boolean {
  if (field.kind === 'time') {
    const time = eventTime(values.get(slot))
    if (time === undefined) return false
    line.literal(field.first)
    line.ascii(time)
  } else {
    const kind = values.kinds[slot]
    if (kind !== PLAIN && kind !== RAW) return false
    const start = values.starts[slot] as number
    const seconds = unixSeconds(
      values.bytes,
      start,
      values.ends[slot] as number,
    )
    if (seconds === 0) return false
    line.literal(field.first)
    writeUnixTime(seconds, line)
  }
  line.endText()
  return true
}

/** Finds the first slot of a field that holds a value, -1 if none does. */
function firstOf({ from, only }: Field, values: Values): number {
  for (let i = 0; i < from.length; i++) {
    const slot = from[i] as number
    if (!values.has(slot)) continue
    if (only === undefined || slot !== only.source || isMet(only, values))
      return slot
  }
  return -1
}

function isMet({ slot, is }: Guard, values: Values): boolean {
  return slot >= 0 && values.get(slot) === is
}
