// Compiles the table of a log type whose records are rows under named columns.
// Names are looked up once for each header, not for each row, and fields whose
// columns a header lacks are not even visited.
import type { FlowColumns, FlowRow } from '../decode/flow-columns.ts'
import { isPlain } from './json-text.ts'
import type { Normalized, Row } from './mapping.ts'
import { layout, writeMembers } from './members.ts'
import type { Layout } from './members.ts'

/** Makes the function that maps a row by a table. The line that the row was split from speeds it up. */
export function columnMapping(
  rows: readonly Row[],
): (row: FlowRow, text?: string) => Normalized {
  // All rows of an object share their columns.
  let columns: FlowColumns | undefined
  let fields: Layout | undefined
  return (row, text) => {
    if (fields === undefined || row.columns !== columns) {
      const { index } = row.columns
      fields = layout(rows, name => index.get(name))
      columns = row.columns
    }
    const plain = text !== undefined && isPlain(text)
    return writeMembers(fields, row.values, plain)
  }
}
