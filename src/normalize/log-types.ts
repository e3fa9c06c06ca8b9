// The one table of log types. A new one is a mapping table in this folder, a
// decoder if its shape is new, and a row here.
import { CloudTrailDecoder } from '../decode/cloudtrail-decoder.ts'
import type { Decoder } from '../decode/decoder.ts'
import { FlowDecoder } from '../decode/flow-decoder.ts'
import type { Values } from '../decode/values.ts'
import { wantedRecord } from '../decode/wanted.ts'
import { cloudTrailFields, writeCloudTrail } from './cloudtrail.ts'
import type { LineBytes } from './line-bytes.ts'
import { pathsOf, type Row } from './mapping.ts'
import { vpcFlowFields, writeFlow } from './vpc-flow.ts'

/** Describes a log type: how its objects are told by their folder, read and mapped. */
export interface LogType {
  name: 'CloudTrail' | 'VPCFlowLogs'
  /** The value of device_type. */
  deviceType: string
  /** Fits the folder below AWSLogs/ACCOUNT that holds the log type's objects. */
  service: RegExp
  /** The mapping table. */
  fields: readonly Row[]
  /** Makes a decoder for one object. */
  decoder(): Decoder
  /** Writes a record's members, each with a comma behind it; returns HAS_DATE and HAS_ID for what is among them. */
  writeMembers(values: Values, line: LineBytes): number
}

const wanted = wantedRecord(cloudTrailFields.flatMap(pathsOf))

const cloudTrail: LogType = {
  name: 'CloudTrail',
  deviceType: 'AWSCloudTrail',
  service: /^CloudTrail$/,
  fields: cloudTrailFields,
  decoder: () => new CloudTrailDecoder(wanted),
  writeMembers: writeCloudTrail,
}

const vpcFlow: LogType = {
  name: 'VPCFlowLogs',
  deviceType: 'AWSVPCFlowLogs',
  service: /^(?:aws-service=)?vpcflowlogs$/i,
  fields: vpcFlowFields,
  decoder: () => new FlowDecoder(),
  writeMembers: writeFlow,
}

/** Lists the log types by the value of LogType. */
export const logTypes = { CloudTrail: cloudTrail, VPCFlowLogs: vpcFlow }

/** Finds the log type that the setting LogType names; its decoder replaces session tokens if asked to. */
export function findLogType(
  name: LogType['name'],
  redactSessionTokens = false,
): LogType {
  return redactSessionTokens && name === 'CloudTrail'
    ? { ...cloudTrail, decoder: () => new CloudTrailDecoder(wanted, true) }
    : logTypes[name]
}
