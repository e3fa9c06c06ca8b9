// Makes the README's tables of output fields out of the mapping tables, so that
// the README says what the code does; a test compares them.
import { heartbeatFields } from '../../../src/cycle/heartbeat.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import type { LogType } from '../../../src/normalize/log-types.ts'
import type { Row } from '../../../src/normalize/mapping.ts'

const head = [
  '| field | source | type | mark | example |',
  '|---|---|---|---|---|',
]

const types: Record<Row['kind'], string> = {
  text: 'string',
  id: 'string',
  'ip-else-name': 'IP address, else name',
  'other-ip': 'IP address',
  number: 'number',
  time: 'UTC time',
  'unix-time': 'UTC time',
}

/** Prints the fields of a log type as a Markdown table. */
export function fieldsMarkdown(logTypeName: LogType['name']): string {
  const rows = findLogType(logTypeName).fields.map(row =>
    line([
      row.names.map(code).join(row.kind === 'ip-else-name' ? ' else ' : ', '),
      row.about ?? sources(row),
      types[row.kind],
      row.mark,
      code(row.example),
    ]),
  )
  return `${[...head, ...rows].join('\n')}\n`
}

function sources({ kind, from, only }: Row): string {
  const names = from.map(source =>
    source === only?.source
      ? `${code(source)} where ${code(only.path)} is ${code(only.is)}`
      : code(source),
  )
  if (kind === 'id')
    return `${names.join(' → ')}, where it is a text of 1-128 characters → as every record has it`
  return kind === 'other-ip'
    ? names.join(' where it differs from ')
    : names.join(' → ')
}

/** Prints the fields that every record has, whatever its log type, as a Markdown table. */
export function envelopeMarkdown(): string {
  return `${[...head, ...envelope.map(line)].join('\n')}\n`
}

/** Prints the fields of a heartbeat as a Markdown table. */
export function heartbeatMarkdown(): string {
  const rows = heartbeatFields.map(({ name, source, mark, example }) =>
    line([code(name), source, typeof example, mark, code(String(example))]),
  )
  return `${[...head, ...rows].join('\n')}\n`
}

const envelope = [
  ['`beatname`', "the program's name", 'string', 'P name', '`lr-s3-input`'],
  [
    '`device_type`',
    'the log type',
    'string',
    'P for CloudTrail, else C',
    '`AWSCloudTrail`',
  ],
  [
    '`msgsource`',
    "the log source type's name",
    'string',
    'C name, P value',
    '`API - AWS S3 Flat File`',
  ],
  [
    '`s3_object`',
    'the object the record is from',
    'string',
    'C',
    '`s3://amzn-s3-demo-bucket/AWSLogs/…`',
  ],
  [
    '`s3_record`',
    'index of the record in its object, from 1',
    'number',
    'C',
    '`1`',
  ],
  [
    '`serialnumber`',
    "names the record for good: the event's own id (CloudTrail), else the first 16 hex digits of the SHA-256 of s3_object, `-` and s3_record; never cut",
    'string',
    'C',
    '`31e8b5433410dfb6-1`',
  ],
  [
    '`original_message`',
    'exact source text of the record, rebuilt where the source is Parquet, but for the tokens that RedactSessionTokens takes out; left out with OriginalMessage=false',
    'string',
    'P name',
    '`{"eventVersion":"1.08",…}`',
  ],
  [
    '`truncated`',
    '`true` where texts were cut to keep to MaxRecordBytes',
    'boolean',
    'C',
    '`true`',
  ],
  [
    '`original_bytes`',
    'bytes of the line, its LF included, before it was cut',
    'number',
    'C',
    '`2097152`',
  ],
]

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
