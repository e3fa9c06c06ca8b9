// Writes one field of a record, by the kind of its row: most values are copied
// as bytes; only the few that are inspected become strings.
import { JSON_TEXT, PLAIN, RAW, type Values } from '../decode/values.ts'
import { eventTime, unixTime } from './event-time.ts'
import { fieldSources } from './field-sources.ts'
import { addressIn, isAddress, isOtherAddress } from './is-address.ts'
import { asText, isCount, numberText } from './json-text.ts'
import type { LineBytes } from './line-bytes.ts'
import type { Literal } from './literal.ts'
import type { Compute, Row } from './mapping.ts'
import { protocolName } from './protocol-names.ts'

/** A row of a table, prepared for records whose values have certain names. */
export interface Field {
  readonly kind: Row['kind']
  readonly write: FieldWriter
  /** The text before the value: a name, a colon and, for a text, a quote. */
  readonly name: Literal
  /** The same for the second name, if there is one. */
  readonly second: Literal | undefined
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

/** Writes a field of a record as a member with a comma after it, or nothing where it has no value. */
type FieldWriter = (field: Field, values: Values, line: LineBytes) => void

const COMMA = 0x2c

const writers: Record<Row['kind'], FieldWriter> = {
  text: writeText,
  id: writeText,
  'ip-else-name': writeAddressed,
  'other-ip': writeOther,
  number: writeNumber,
  protocol: writeProtocol,
  time: writeTime,
  'unix-time': writeUnixTime,
}

/** Finds the writer of a row's field. */
export function writerOf({ kind, compute }: Row): FieldWriter {
  return compute === undefined ? writers[kind] : writeComputed
}

function writeComputed(
  { compute, from, name, second }: Field,
  values: Values,
  line: LineBytes,
): void {
  const value = (compute as Compute)(fieldSources.of(values, from))
  if (value === undefined) return
  writeAsText(name, value, line)
  if (second !== undefined) writeAsText(second, value, line)
}

function writeTime(
  { from, name }: Field,
  values: Values,
  line: LineBytes,
): void {
  for (let i = 0; i < from.length; i++) {
    const time = eventTime(values.get(from[i] as number))
    if (time === undefined) continue
    line.literal(name)
    line.ascii(time)
    line.endText()
    return
  }
}

function writeUnixTime(
  { from, name }: Field,
  { bytes, kinds, starts, ends }: Values,
  line: LineBytes,
): void {
  for (let i = 0; i < from.length; i++) {
    const slot = from[i] as number
    const kind = kinds[slot]
    if (kind !== PLAIN && kind !== RAW) continue
    const time = unixTime(bytes, starts[slot] as number, ends[slot] as number)
    if (time === undefined) continue
    line.literalMember(name, time)
    return
  }
}

function writeOther(field: Field, values: Values, line: LineBytes): void {
  const { from } = field
  if (isOtherAddress(from[0] as number, from[1] as number, values))
    writeText(field, values, line)
}

function writeText(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0) return
  const { name, second } = field
  writeValue(name, values, slot, line)
  if (second !== undefined) writeValue(second, values, slot, line)
}

function writeAddressed(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0 || writeAddress(field.name, values, slot, line)) return
  writeValue(field.second as Literal, values, slot, line)
}

function writeValue(
  name: Literal,
  values: Values,
  slot: number,
  line: LineBytes,
): void {
  const kind = values.kinds[slot]
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  if (kind === PLAIN) line.textMember(name, values.bytes, start, end)
  else if (kind === RAW) {
    line.literal(name)
    line.escape(values.bytes, start, end)
    line.endText()
  } else writeAsText(name, values.get(slot), line)
}

function writeAsText(name: Literal, value: unknown, line: LineBytes): void {
  line.literal(name)
  line.text(asText(value))
  line.endText()
}

/** Writes the address in a slot, or the first of several; false without an address. */
function writeAddress(
  name: Literal,
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
  line.textMember(name, bytes, from, to)
  return true
}

function writeNumber(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0) return
  const { bytes } = values
  const start = values.starts[slot] as number
  const end = values.ends[slot] as number
  if (values.kinds[slot] === PLAIN && isCount(bytes, start, end)) {
    line.numberMember(field.name, bytes, start, end)
  } else {
    const text = numberText(values.get(slot))
    if (text === undefined) return
    line.literal(field.name)
    line.ascii(text)
    line.byte(COMMA)
  }
}

function writeProtocol(field: Field, values: Values, line: LineBytes): void {
  const slot = firstOf(field, values)
  if (slot < 0) return
  const { bytes, starts, ends } = values
  const start = starts[slot] as number
  const name = protocolName(bytes, start, ends[slot] as number)
  if (name !== undefined) line.literalMember(field.name, name)
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
