// The one table of log types. A new one is a mapping table in this folder, a
// decoder if its shape is new, and a row here.
import { CloudTrailDecoder } from '../decode/cloudtrail-decoder.ts'
import type { Decoder, JsonObject } from '../decode/decoder.ts'
import type { FlowRow } from '../decode/flow-columns.ts'
import { FlowDecoder } from '../decode/flow-decoder.ts'
import { cloudTrailFields, normalizeCloudTrail } from './cloudtrail.ts'
import type { Normalized, Row } from './mapping.ts'
import { normalizeFlow, vpcFlowFields } from './vpc-flow.ts'

/** Describes a log type: how its objects are told by their folder, read and mapped. */
export interface LogType<T = unknown> {
  name: 'CloudTrail' | 'VPCFlowLogs'
  /** The value of device_type. */
  deviceType: string
  /** Fits the folder below AWSLogs/ACCOUNT that holds the log type's objects. */
  service: RegExp
  /** The mapping table. */
  fields: readonly Row[]
  /** Makes a decoder for one object. */
  decoder(): Decoder<T>
  /** Maps a record; the source text, when it is given, must be the record's own. */
  normalize(value: T, text?: string): Normalized
}

const cloudTrail: LogType<JsonObject> = {
  name: 'CloudTrail',
  deviceType: 'AWSCloudTrail',
  service: /^CloudTrail$/,
  fields: cloudTrailFields,
  decoder: () => new CloudTrailDecoder(),
  normalize: normalizeCloudTrail,
}

const vpcFlow: LogType<FlowRow> = {
  name: 'VPCFlowLogs',
  deviceType: 'AWSVPCFlowLogs',
  service: /^(?:aws-service=)?vpcflowlogs$/i,
  fields: vpcFlowFields,
  decoder: () => new FlowDecoder(),
  normalize: normalizeFlow,
}

const logTypes = { CloudTrail: cloudTrail, VPCFlowLogs: vpcFlow }

/** Finds the log type that the setting LogType names. */
export function findLogType(name: LogType['name']): LogType {
  return logTypes[name]
}
