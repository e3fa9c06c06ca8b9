// The table of log types. A new one is a mapping table in this folder, a
// decoder if its shape is new, a row here, and its name among the values of the
// setting LogType.
import { CloudTrailDecoder } from '../decode/cloudtrail-decoder.ts'
import type { Decoder } from '../decode/decoder.ts'
import { FlowDecoder } from '../decode/flow-decoder.ts'
import { JsonReader } from '../decode/read-json.ts'
import type { Values } from '../decode/values.ts'
import { wantedRecord } from '../decode/wanted.ts'
import { cloudTrailFolders } from '../settings/cloudtrail-folders.ts'
import { cloudTrailFields, writeCloudTrail } from './cloudtrail.ts'
import type { LineBytes } from './line-bytes.ts'
import { pathsOf, type Row } from './mapping.ts'
import { vpcFlowFields, writeFlow } from './vpc-flow.ts'

/** A log type: which folders hold its objects, and how these are read and mapped. */
export interface LogType {
  name: 'CloudTrail' | 'VPCFlowLogs'
  /** The value of device_type. */
  deviceType: string
  /** Matches the folders below AWSLogs/ACCOUNT that hold wanted objects of the log type. */
  service: RegExp
  /** Matches all folders there that hold objects of the log type. */
  everyService: RegExp
  /** The mapping table. */
  fields: readonly Row[]
  /** Whether AWS writes signed digests of its objects. */
  hasDigests: boolean
  /** Makes a decoder for one object. */
  decoder(): Decoder
  /** Whether objects may be Parquet, whose rows are read like lines of text. */
  inParquet: boolean
  /** Writes a record's members, each with a comma after it; returns HAS_DATE and HAS_ID for the members that are present. */
  writeMembers(values: Values, line: LineBytes): number
}

const FLOW_LOGS = /^(?:aws-service=)?vpcflowlogs$/i
let reader: JsonReader | undefined
// Made on demand: a cycle without objects never uses it. One serves all objects.
const readerOfTrail = (): JsonReader =>
  (reader ??= new JsonReader(wantedRecord(cloudTrailFields.flatMap(pathsOf))))

const cloudTrail: LogType = {
  name: 'CloudTrail',
  deviceType: 'AWSCloudTrail',
  service: serviceOf(['CloudTrail']),
  everyService: serviceOf(cloudTrailFolders),
  fields: cloudTrailFields,
  hasDigests: true,
  decoder: () => new CloudTrailDecoder(readerOfTrail()),
  inParquet: false,
  writeMembers: writeCloudTrail,
}

const vpcFlow: LogType = {
  name: 'VPCFlowLogs',
  deviceType: 'AWSVPCFlowLogs',
  service: FLOW_LOGS,
  everyService: FLOW_LOGS,
  fields: vpcFlowFields,
  hasDigests: false,
  decoder: () => new FlowDecoder(),
  inParquet: true,
  writeMembers: writeFlow,
}

/** The log types by the value of LogType. */
export const logTypes = { CloudTrail: cloudTrail, VPCFlowLogs: vpcFlow }

/** The settings that change a log type. */
export interface LogTypeSettings {
  RedactSessionTokens?: boolean
  CloudTrailFolders?: readonly string[]
}

/** Gives the log type of the setting LogType, adapted to the other settings. */
export function findLogType(
  name: LogType['name'],
  {
    RedactSessionTokens = false,
    CloudTrailFolders = ['CloudTrail'],
  }: LogTypeSettings = {},
): LogType {
  if (name !== 'CloudTrail') return logTypes[name]
  return {
    ...cloudTrail,
    service: serviceOf(CloudTrailFolders),
    decoder: () => new CloudTrailDecoder(readerOfTrail(), RedactSessionTokens),
  }
}

/** Matches folders by their whole name; the text for a single folder may not change, since cursors keep it. */
export function serviceOf(folders: readonly string[]): RegExp {
  const [first = ''] = folders
  return new RegExp(
    folders.length > 1 ? `^(?:${folders.join('|')})$` : `^${first}$`,
  )
}
