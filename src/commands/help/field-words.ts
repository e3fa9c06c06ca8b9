// Describes the output fields for the manual: the type and the source of each row
// of a mapping table, and the fields of every record.

import type { Row } from '../../normalize/mapping.ts'

/** A field in words. */
export interface FieldWords {
  name: string
  source: string
  type: string
  mark: string
  example: string
}

const types: Record<Row['kind'], string> = {
  text: 'string',
  id: 'string',
  'ip-else-name': 'IP address, else name',
  'other-ip': 'IP address',
  number: 'number',
  time: 'UTC time',
  'unix-time': 'UTC time',
  protocol: 'string',
}

/** Describes a row of a mapping table; `quote` marks names. */
export function fieldWords(
  row: Row,
  quote: (name: string) => string,
): FieldWords {
  const { kind, names, mark, example } = row
  return {
    name: names.map(quote).join(kind === 'ip-else-name' ? ' else ' : ', '),
    source: row.about ?? sources(row),
    type: types[kind],
    mark,
    example,
  }
}

function sources({ kind, from, only }: Row): string {
  const names = from.map(source =>
    source === only?.source
      ? `${code(source)} where ${code(only.path)} is ${code(only.is)}`
      : code(source),
  )
  if (kind === 'id')
    return `${names.join(' → ')}, if it is a text of 1-128 characters → as in every record`
  if (kind === 'protocol') return `the IANA keyword of ${from.join('')}`
  return kind === 'other-ip'
    ? names.join(' where it differs from ')
    : names.join(' → ')
}

/** Puts a text into the quotes of a name. */
export const code = (text: string): string => `\`${text}\``

/** Lists the fields that records of every log type have. */
export const envelope: readonly FieldWords[] = [
  {
    name: 'beatname',
    source: "the program's name",
    type: 'string',
    mark: 'P name',
    example: 'lr-s3-input',
  },
  {
    name: 'device_type',
    source: 'the log type',
    type: 'string',
    mark: 'P for CloudTrail, else C',
    example: 'AWSCloudTrail',
  },
  {
    name: 'msgsource',
    source: "the log source type's name",
    type: 'string',
    mark: 'C name, P value',
    example: 'API - AWS S3 Flat File',
  },
  {
    name: 's3_object',
    source: 'the object the record is from',
    type: 'string',
    mark: 'C',
    example: 's3://amzn-s3-demo-bucket/AWSLogs/…',
  },
  {
    name: 's3_record',
    source: 'index of the record in its object, from 1',
    type: 'number',
    mark: 'C',
    example: '1',
  },
  {
    name: 'serialnumber',
    source:
      "names the record for good: the event's own id (CloudTrail), else the first 16 hex digits of the SHA-256 of s3_object, `-` and s3_record; never cut",
    type: 'string',
    mark: 'C',
    example: '31e8b5433410dfb6-1',
  },
  {
    name: 'original_message',
    source:
      'exact source text of the record, rebuilt if the source is Parquet, without the tokens that RedactSessionTokens removes; left out with OriginalMessage=false',
    type: 'string',
    mark: 'P name',
    example: '{"eventVersion":"1.08",…}',
  },
  {
    name: 'truncated',
    source: '`true` where texts were cut to keep to MaxRecordBytes',
    type: 'boolean',
    mark: 'C',
    example: 'true',
  },
  {
    name: 'original_bytes',
    source: 'bytes of the line, its LF included, before it was cut',
    type: 'number',
    mark: 'C',
    example: '2097152',
  },
]
