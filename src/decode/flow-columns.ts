// Turns the header line of a flow log into columns. The header alone decides
// what a value means: field orders are free, and a row can hold fields of a
// higher version than its own version column says.

/** Lists the columns of a flow log in file order, names with '-' (never '_'), and the position of each name (the first one, where a name comes twice). */
export interface FlowColumns {
  names: readonly string[]
  index: ReadonlyMap<string, number>
}

/** Holds one flow log row: values[i] belongs to columns.names[i]; all rows under one header share one columns object. */
export interface FlowRow {
  columns: FlowColumns
  values: string[]
}

// It starts with a letter, which at least one value of a row does not.
const FIELD_NAME = /^[a-z][a-z0-9_-]*$/

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

/** Holds the columns that rows without a header have: those of version 2. */
export const DEFAULT_COLUMNS: FlowColumns = flowColumns(VERSION_2)

/** Tells whether a line's fields are a header: all look like field names, and one at least is a field name that AWS documents. */
export function isHeader(fields: readonly string[]): boolean {
  return (
    fields.every(field => FIELD_NAME.test(field)) &&
    fields.some(field => KNOWN_NAMES.has(withDashes(field)))
  )
}

/** Makes columns of a header's fields, with '_' (as Parquet writes names) turned to '-'. */
export function flowColumns(fields: readonly string[]): FlowColumns {
  const names = fields.map(withDashes)
  const index = new Map<string, number>()
  for (const [position, name] of names.entries())
    if (!index.has(name)) index.set(name, position)
  return { names, index }
}

function withDashes(field: string): string {
  return field.replaceAll('_', '-')
}
