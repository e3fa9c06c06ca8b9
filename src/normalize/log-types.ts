// The one table of log types. A new one is a mapping table in this folder, a
// decoder if its shape is new, and a row here.
import { CloudTrailDecoder } from '../decode/cloudtrail-decoder.ts'
import type { Decoder } from '../decode/decoder.ts'
import { FlowDecoder } from '../decode/flow-decoder.ts'
import type { Values } from '../decode/values.ts'
import { wantedRecord, type WantedRecord } from '../decode/wanted.ts'
import { cloudTrailFolders } from '../settings/cloudtrail-folders.ts'
import { cloudTrailFields, writeCloudTrail } from './cloudtrail.ts'
import type { LineBytes } from './line-bytes.ts'
import { pathsOf, type Row } from './mapping.ts'
import { vpcFlowFields, writeFlow } from './vpc-flow.ts'

/** Describes a log type: how its objects are told by their folder, read and mapped. */
export interface LogType {
  name: 'CloudTrail' | 'VPCFlowLogs'
  /** The value of device_type. */
  deviceType: string
  /** Fits the folders below AWSLogs/ACCOUNT that hold the log type's objects, as far as these are wanted. */
  service: RegExp
  /** Fits all folders there that hold objects of the log type. */
  everyService: RegExp
  /** The mapping table. */
  fields: readonly Row[]
  /** Makes a decoder for one object. */
  decoder(): Decoder
  /** Whether objects may be Parquet, whose rows are read as the lines they would be in text. */
  inParquet: boolean
  /** Writes a record's members, each with a comma behind it; returns HAS_DATE and HAS_ID for what is among them. */
  writeMembers(values: Values, line: LineBytes): number
}

const FLOW_LOGS = /^(?:aws-service=)?vpcflowlogs$/i
let wanted: WantedRecord | undefined
// A cycle that finds nothing needs none.
const wantedOfTrail = (): WantedRecord =>
  (wanted ??= wantedRecord(cloudTrailFields.flatMap(pathsOf)))

const cloudTrail: LogType = {
  name: 'CloudTrail',
  deviceType: 'AWSCloudTrail',
  service: serviceOf(['CloudTrail']),
  everyService: serviceOf(cloudTrailFolders),
  fields: cloudTrailFields,
  decoder: () => new CloudTrailDecoder(wantedOfTrail()),
  inParquet: false,
  writeMembers: writeCloudTrail,
}

const vpcFlow: LogType = {
  name: 'VPCFlowLogs',
  deviceType: 'AWSVPCFlowLogs',
  service: FLOW_LOGS,
  everyService: FLOW_LOGS,
  fields: vpcFlowFields,
  decoder: () => new FlowDecoder(),
  inParquet: true,
  writeMembers: writeFlow,
}

/** Lists the log types by the value of LogType. */
export const logTypes = { CloudTrail: cloudTrail, VPCFlowLogs: vpcFlow }

/** What settings change about a log type. */
export interface LogTypeSettings {
  RedactSessionTokens?: boolean
  CloudTrailFolders?: readonly string[]
}

/** Finds the log type that the setting LogType names, as the other settings want it. */
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
    decoder: () => new CloudTrailDecoder(wantedOfTrail(), RedactSessionTokens),
  }
}

/** Makes what fits folders as whole names; of one alone as it always was, since cursors keep the text. */
export function serviceOf(folders: readonly string[]): RegExp {
  const [first = ''] = folders
  return new RegExp(
    folders.length > 1 ? `^(?:${folders.join('|')})$` : `^${first}$`,
  )
}
