// Writes the members of a record as JSON. It runs once a record, so it only
// copies bytes; a text is made of the few values that are looked into.
import type { Values } from '../decode/values.ts'
import { PLAIN, RAW, isPresent } from '../decode/values.ts'
import { eventTime, unixSeconds, writeUnixTime } from './event-time.ts'
import { isAddress } from './is-address.ts'
import { asText, isCount, numberText } from './json-text.ts'
import type { LineBytes } from './line-bytes.ts'
import { toPiece, type Piece } from './piece.ts'
import type { Compute, Row, Sources } from './mapping.ts'

interface Field {
  readonly kind: Row['kind']
  /** What stands before the value: a name, a colon and, of texts, a quote. */
  readonly first: Piece
  /** The same of the second name, behind the end of the first text where both are written; empty where there is none. */
  readonly second: Piece
  /** The slots of the sources among the values of a record; -1 for nowhere. */
  readonly from: readonly number[]
  readonly compute: Compute | undefined
}

// One for all rows, since no two are computed at once.
class FieldSources implements Sources {
  #values: Values | undefined
  #slots: readonly number[] = []

  of(values: Values, slots: readonly number[]): this {
    this.#values = values
    this.#slots = slots
    return this
  }

  has(source: number): boolean {
    const slot = this.#slots[source] ?? -1
    return slot >= 0 && this.#values?.has(slot) === true
  }

  get(source: number): unknown {
    const slot = this.#slots[source] ?? -1
    const value = slot < 0 ? undefined : this.#values?.get(slot)
    return isPresent(value) ? value : undefined
  }
}

const sources = new FieldSources()
/** What normal_msg_date begins with, and how long it always is. */
export const DATE_NAME = '"normal_msg_date":"'
export const DATE_BYTES = 'YYYY-MM-DDTHH:mm:ss.SSSZ'.length
const NOTHING = toPiece('')
const COMMA = 0x2c

/** Makes the function that writes the members of a record by a table, each with a comma behind it; true if normal_msg_date, the table's first row, is there and so comes first. */
export function memberWriter(
  rows: readonly Row[],
): (values: Values, line: LineBytes) => boolean {
  // All records of an object share their names.
  let names: readonly string[] | undefined
  let fields: Field[] = []
  return (values, line) => {
    if (values.names !== names) {
      names = values.names
      fields = fieldsOf(rows, names)
    }
    const from = line.length
    writeMember(fields[0] as Field, values, line)
    const hasDate = line.length > from
    for (let i = 1; i < fields.length; i++)
      writeMember(fields[i] as Field, values, line)
    return hasDate
  }
}

/** Makes a table ready for records whose values have these names; rows without a source among them are left out. */
function fieldsOf(rows: readonly Row[], names: readonly string[]): Field[] {
  const slots = new Map<string, number>()
  for (const [slot, name] of names.entries())
    if (!slots.has(name)) slots.set(name, slot)
  const fields = rows.map(({ kind, names, from, compute }): Field => {
    const quote = kind === 'number' ? '' : '"'
    const [first = NOTHING, second = NOTHING] = names.map((name, i) =>
      toPiece(
        `${i > 0 && kind !== 'ip-else-name' ? '",' : ''}"${name}":${quote}`,
      ),
    )
    let sources = from.map(source => slots.get(source) ?? -1)
    if (compute === undefined && kind !== 'other-ip')
      sources = sources.filter(slot => slot >= 0)
    return { kind, first, second, from: sources, compute }
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
    const value = compute(sources.of(values, from))
    if (value === undefined) return
    line.piece(field.first)
    const begin = line.length
    const { left } = line
    line.text(asText(value))
    endText(field, line, begin, left)
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
  const slot = firstOf(field.from, values)
  if (slot < 0) return
  const kind = values.kinds[slot]
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  const { bytes } = values
  const text =
    kind === PLAIN || kind === RAW ? undefined : asText(values.get(slot))
  if (field.kind === 'ip-else-name') {
    const isIp =
      text === undefined
        ? isAddress(bytes, start, end)
        : isAddress(Buffer.from(text))
    line.piece(isIp ? field.first : field.second)
  } else line.piece(field.first)
  const begin = line.length
  const { left } = line
  if (text !== undefined) line.text(text)
  else if (kind === PLAIN) line.copy(bytes, start, end)
  else line.escape(bytes, start, end)
  endText(field, line, begin, left)
}

/** Ends a text that begins at `begin`, and writes it again under the second name; `left` is what was not written before it. */
function endText(
  { kind, second }: Field,
  line: LineBytes,
  begin: number,
  left: number,
): void {
  const end = line.length
  if (second !== NOTHING && kind !== 'ip-else-name') {
    line.piece(second)
    line.repeat(begin, end)
    line.left += line.left - left
  }
  line.endText()
}

function writeNumber(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field.from, values)
  if (slot < 0) return
  const { bytes } = values
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  if (values.kinds[slot] === PLAIN && isCount(bytes, start, end)) {
    line.piece(field.first)
    line.copy(bytes, start, end)
  } else {
    const text = numberText(values.get(slot))
    if (text === undefined) return
    line.piece(field.first)
    line.ascii(text)
  }
  line.byte(COMMA)
}

/** Writes a time; false if it cannot be read. */
function writeTime(
  field: Field,
  values: Values,
  slot: number,
  line: LineBytes,
): boolean {
  if (field.kind === 'time') {
    const time = eventTime(values.get(slot))
    if (time === undefined) return false
    line.piece(field.first)
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
    line.piece(field.first)
    writeUnixTime(seconds, line)
  }
  line.endText()
  return true
}

/** Finds the first slot that holds something; -1 if none does. */
function firstOf(slots: readonly number[], values: Values): number {
  for (let i = 0; i < slots.length; i++)
    if (values.has(slots[i] as number)) return slots[i] as number
  return -1
}

/** Tells whether a slot holds an address that is not the one of another slot. */
function isOtherAddress(slot: number, other: number, values: Values): boolean {
  const { bytes, kinds, starts, ends } = values
  const kind = kinds[slot]
  if (kind !== PLAIN && kind !== RAW) return false
  const start = starts[slot] as number
  const end = ends[slot] as number
  if (!isAddress(bytes, start, end)) return false
  if (other < 0 || kinds[other] !== kind) return true
  const from = starts[other] as number
  const length = (ends[other] as number) - from
  if (length !== end - start) return true
  for (let i = 0; i < length; i++)
    if (bytes[start + i] !== bytes[from + i]) return true
  return false
}
