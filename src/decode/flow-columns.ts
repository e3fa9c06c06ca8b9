// Turns the header line of a flow log into columns. The header alone gives a
// value its meaning: the order of fields is free, and a row can hold fields of
// a higher version than its own version column says.

const ZERO = 0x30
// It starts with a letter, unlike at least one value of a row.
const FIELD_NAME = /^[a-z][a-z0-9_-]*$/

// A row of fewer fields cannot describe a flow, and such a header may be prose.
const MIN_FIELDS = 10
const MIN_HEADER = 3

const VERSION_2 = `version account-id interface-id srcaddr dstaddr srcport
  dstport protocol packets bytes start end action log-status`.split(/\s+/)

const VERSIONS_3_TO_10 = `vpc-id subnet-id instance-id tcp-flags type
  pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id
  pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path
  ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn
  ecs-container-instance-id ecs-container-id ecs-second-container-id
  ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id
  reject-reason resource-id encryption-status`.split(/\s+/)

const TRANSIT_GATEWAY = `resource-type tgw-id tgw-attachment-id
  tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id
  tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id
  tgw-dst-az-id tgw-pair-attachment-id packets-lost-no-route
  packets-lost-blackhole packets-lost-mtu-exceeded
  packets-lost-ttl-expired`.split(/\s+/)

const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...VERSION_2,
  ...VERSIONS_3_TO_10,
  ...TRANSIT_GATEWAY,
])

/** The columns of rows without a header: those of version 2. */
export const DEFAULT_COLUMNS: readonly string[] = VERSION_2

/** Splits a line at its runs of spaces and tabs. */
export function fieldsOf(line: string): readonly string[] {
  return line.match(/[^ \t]+/g) ?? []
}

/** Tells whether a line's fields can be a row of any columns: a version, and enough fields for a flow. */
export function isLikeRow(fields: readonly string[]): boolean {
  return fields.length >= MIN_FIELDS && /^\d+$/.test(fields[0] ?? '')
}

/** Tells whether a line of an object that should have another form is a flow log's. */
export function isFlowLine(line: string): boolean {
  const fields = fieldsOf(line)
  if (isLikeRow(fields)) return true
  const isLong = fields.length >= MIN_HEADER
  return isLong && isHeader(fields) && isSureHeader(columnNames(fields))
}

/** Tells whether a line's fields are a header: all look like field names, and at least one is documented by AWS. */
export function isHeader(fields: readonly string[]): boolean {
  return (
    fields.every(field => FIELD_NAME.test(field)) &&
    fields.some(field => KNOWN_NAMES.has(withDashes(field)))
  )
}

/** Tells whether a header is certainly not prose: AWS documents at least a third of its fields. */
export function isSureHeader(columns: readonly string[]): boolean {
  const known = columns.filter(name => KNOWN_NAMES.has(name))
  return known.length * 3 >= columns.length
}

/** Gives the column names of a header, with '_' (Parquet's spelling) replaced by '-'. */
export function columnNames(fields: readonly string[]): readonly string[] {
  return fields.map(withDashes)
}

/** Tells whether a field has digits alone, like the version at the start of a row of version 2. */
export function isVersion(bytes: Buffer, from = 0, to = 0): boolean {
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return to > from
}

function withDashes(field: string): string {
  return field.replaceAll('_', '-')
}
