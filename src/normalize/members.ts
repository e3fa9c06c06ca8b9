// Writes the members of a record as JSON, by a table that is prepared once for
// all records with the same names.
import type { Values } from '../decode/values.ts'
import { writerOf, type Field } from './field-writers.ts'
import type { LineBytes } from './line-bytes.ts'
import { literal } from './literal.ts'
import type { Row } from './mapping.ts'
import { writeId } from './record-id.ts'

/** The beginning of the member normal_msg_date, and the constant length of its value. */
export const DATE_NAME = '"normal_msg_date":"'
export const DATE_BYTES = 'YYYY-MM-DDTHH:mm:ss.SSSZ'.length
/** The flag of a written normal_msg_date, which then comes first. */
export const HAS_DATE = 1
/** The flag of a written id of the record's own. */
export const HAS_ID = 2
const NOTHING = literal('')

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
    let written = 0
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as Field
      field.write(field, values, line)
      if (i === 0 && line.length > from) written = HAS_DATE
    }
    return id !== undefined && writeId(id.name, id.from, values, line)
      ? written | HAS_ID
      : written
  }
}

/** Prepares a table for records whose values have these names; rows without a source among the names are left out. */
function fieldsOf(rows: readonly Row[], names: readonly string[]): Field[] {
  const slots = new Map<string, number>()
  for (const [slot, name] of names.entries())
    if (!slots.has(name)) slots.set(name, slot)
  const slotOf = (path: string): number => slots.get(path) ?? -1
  const fields = rows.map((row): Field => {
    const { kind, names, from, compute, only } = row
    const quote = kind === 'number' ? '' : '"'
    const [name = NOTHING, second] = names.map(text =>
      literal(`"${text}":${quote}`),
    )
    let sources = from.map(slotOf)
    if (compute === undefined && kind !== 'other-ip')
      sources = sources.filter(slot => slot >= 0)
    const guard = only && {
      source: slotOf(only.source),
      slot: slotOf(only.path),
      is: only.is,
    }
    return {
      kind,
      write: writerOf(row),
      name,
      second,
      from: sources,
      compute,
      only: guard,
    }
  })
  return fields.filter(
    ({ kind, from }, i) =>
      i === 0 ||
      (kind === 'other-ip' ? from[0] !== -1 : from.some(slot => slot >= 0)),
  )
}
