// Makes the README's tables of output fields out of the mapping tables, so that
// the README says what the code does; a test compares them.
import {
  code,
  envelope,
  fieldWords,
  type FieldWords,
} from '../../../src/commands/help/field-words.ts'
import { heartbeatFields } from '../../../src/cycle/heartbeat.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import type { LogType } from '../../../src/normalize/log-types.ts'

const head = [
  '| field | source | type | mark | example |',
  '|---|---|---|---|---|',
]

/** Prints the fields of a log type as a Markdown table. */
export function fieldsMarkdown(logTypeName: LogType['name']): string {
  const { fields } = findLogType(logTypeName)
  return table(fields.map(row => fieldWords(row, code)))
}

/** Prints the fields that every record has, whatever its log type, as a Markdown table. */
export function envelopeMarkdown(): string {
  return table(envelope.map(field => ({ ...field, name: code(field.name) })))
}

/** Prints the fields of a heartbeat as a Markdown table. */
export function heartbeatMarkdown(): string {
  return table(
    heartbeatFields.map(field => ({
      ...field,
      name: code(field.name),
      type: typeof field.example,
      example: String(field.example),
    })),
  )
}

function table(fields: readonly FieldWords[]): string {
  const rows = fields.map(
    ({ name, source, type, mark, example }) =>
      `| ${[name, source, type, mark, code(example)].join(' | ')} |`,
  )
  return `${[...head, ...rows].join('\n')}\n`
}
