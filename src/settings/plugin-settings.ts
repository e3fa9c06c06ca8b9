// The rows of the settings table for this program's own settings.
import { cloudTrailFolders } from './cloudtrail-folders.ts'
import type { Setting } from './setting-kinds.ts'

/** Lists this program's own settings, which `init` puts in the section Plugin. */
export const pluginSettings = [
  {
    name: 'StateFile',
    kind: 'path',
    description:
      'The file that remembers what was collected. Blank: the path of the ini with .cursor added. Relative to the ini.',
  },
  {
    name: 'KeyFile',
    kind: 'path',
    description:
      'The file with the key for encrypted settings, made by `encrypt`; only its owner may read it. Blank: the path of the ini with .key added. Relative to the ini. A key in the environment (LR_S3_INPUT_KEY) goes before it.',
  },
  {
    name: 'LogFile',
    kind: 'path',
    description:
      'A file that gets a copy of the lines on stderr, for hosts that drop them. Relative to the ini.',
  },
  {
    name: 'Endpoint',
    kind: 'url',
    description:
      'The address of an S3-compatible store or an interface endpoint. Blank: the AWS address of the region.',
  },
  {
    name: 'ForcePathStyle',
    kind: 'boolean',
    default: 'false',
    description:
      'Puts the bucket in the path of a request, not in its host name; S3-compatible stores often need that.',
  },
  {
    name: 'Profile',
    kind: 'text',
    pattern: /^[^\s[\]]*$/,
    allowed: 'the name of a profile',
    description:
      'The profile of the AWS files (~/.aws) to take credentials from, while AccessKeyId is blank.',
  },
  {
    name: 'RoleArn',
    kind: 'text',
    pattern: /^$|^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    allowed: 'the ARN of a role',
    description:
      'A role to assume with the credentials found, for all requests to the bucket.',
  },
  {
    name: 'ExternalId',
    kind: 'text',
    pattern: /^$|^[\w+=,.@:/-]{2,1224}$/,
    allowed: '2-1224 letters, digits and +=,.@:/-_',
    needs: 'RoleArn',
    description:
      'The external id that the trust policy of RoleArn asks for. Ignored while RoleArn is blank.',
  },
  {
    name: 'RequestPayer',
    kind: 'boolean',
    default: 'false',
    description:
      "Pays for the requests in place of the bucket's owner (requester pays).",
  },
  {
    name: 'OriginalMessage',
    kind: 'boolean',
    default: 'true',
    description:
      'Gives each record its source text as original_message. Records that cannot be parsed have it in any case.',
  },
  {
    name: 'RedactSessionTokens',
    kind: 'boolean',
    default: 'false',
    description:
      'Writes REDACTED in place of the session tokens that AWS logs in clear in the answers of AssumeRole and similar calls. original_message is then no longer the exact source.',
  },
  {
    name: 'EmitHeartbeat',
    kind: 'boolean',
    default: 'false',
    description:
      'Ends the output of each cycle with a record about the cycle itself, so that a SIEM can alarm on a silent or lagging source.',
  },
  {
    name: 'MaxRecordBytes',
    kind: 'integer',
    range: [4096, 16777216],
    default: '1048576',
    description:
      'The longest output line in bytes, its line end included; longer ones are made to fit and marked as truncated.',
  },
  {
    name: 'MaxCycleSeconds',
    kind: 'integer',
    range: [5, 3600],
    default: '20',
    description:
      'A cycle ends within this many seconds; the rest waits for the next.',
  },
  {
    name: 'MaxCycleMegabytes',
    kind: 'integer',
    range: [1, 65536],
    default: '128',
    description:
      'A cycle prints at most this many MiB; the rest waits for the next.',
  },
  {
    name: 'SweepMinutes',
    kind: 'integer',
    range: [0, 1440],
    default: '15',
    description:
      'The minutes between two whole listings of the days of the window; cycles between them list only the newest objects. 0: every cycle.',
  },
  {
    name: 'DiscoveryMinutes',
    kind: 'integer',
    range: [0, 1440],
    default: '60',
    description:
      'The minutes between two searches for new accounts, regions and folders. 0: every cycle.',
  },
  {
    name: 'CloudTrailFolders',
    kind: 'choices',
    choices: cloudTrailFolders,
    default: 'CloudTrail',
    description:
      'The folders of an account to collect if LogType is CloudTrail; case-sensitive. The others hold Insights events, network activity of VPC endpoints, and aggregated data events. One that is added later starts with the present window.',
  },
  {
    name: 'VerifyMinutes',
    kind: 'integer',
    range: [0, 1440],
    default: '0',
    description:
      'The minutes between two proofs that the last whole hours were collected; a cycle with time left makes them, as `verify` does. 0: never.',
  },
  {
    name: 'LateArrivalDays',
    kind: 'integer',
    range: [0, 90],
    default: '30',
    description:
      'The number of days before the window that are searched once a day for late objects. 0: never.',
  },
  {
    name: 'HostQueueRecords',
    kind: 'integer',
    range: [0, 100_000],
    default: '1100',
    description:
      'The number of records that the host may have taken but not yet stored safely. Above 1100 so many stay open over cycles, and come again after a stop of the host.',
  },
  {
    name: 'MaxObjectAttempts',
    kind: 'integer',
    range: [1, 100],
    default: '5',
    description: 'An object that failed this many times is quarantined.',
  },
  {
    name: 'Shard',
    kind: 'shard',
    default: '1/1',
    description:
      'The share of the folders to collect if several collectors share a bucket: 2/3 is the second of three. Each needs a cursor of its own. A shard in the environment (LR_S3_INPUT_SHARD) goes before it; there +0/3, counted from 0, is 1/3.',
  },
] as const satisfies readonly Setting[]
