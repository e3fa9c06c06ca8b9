// The rows of the settings table for the settings of LogRhythm's
// awsS3CloudTrail.ini, with its names, ranges, defaults and order.
import type { Setting } from './setting-kinds.ts'

/** Lists LogRhythm's settings in the order of its documentation. */
export const logRhythmSettings = [
  {
    name: 'Region',
    kind: 'text',
    section: 'S3',
    pattern: /^[a-z0-9-]+$/,
    allowed: 'a region code such as us-east-1',
    required: true,
    description: 'The AWS region that the bucket is in.',
  },
  {
    name: 'AccessKeyId',
    kind: 'secret',
    section: 'S3',
    description:
      'Encrypted by `encrypt`, or plain, with a warning in each cycle. Blank together with SecretAccessKey: the AWS default chain (environment, profile, SSO, web identity, container, instance role).',
  },
  {
    name: 'SecretAccessKey',
    kind: 'secret',
    section: 'S3',
    description:
      'The secret that belongs to AccessKeyId. `encrypt --config FILE --set SecretAccessKey` puts it here encrypted.',
  },
  {
    name: 'BucketName',
    kind: 'text',
    section: 'S3',
    // An access point's ARN has colons and slashes, a tenant of Ceph one colon.
    pattern: /^(arn:[\w:/.-]+|([\w-]*:)?[\w.-]+)$/,
    allowed: 'a bucket name, an access point ARN or tenant:bucket',
    required: true,
    description: 'The bucket that the logs are in, without s3:// or folders.',
  },
  {
    name: 'LogType',
    kind: 'choice',
    section: 'S3',
    choices: ['CloudTrail', 'VPCFlowLogs'],
    default: 'CloudTrail',
    description: 'The type of the logs to collect; case-sensitive.',
  },
  {
    name: 'FilePath',
    kind: 'prefix',
    section: 'S3',
    description:
      'The folder to start from, such as AWSLogs/123456789012/CloudTrail/; case-sensitive. Blank: the whole bucket.',
  },
  {
    name: 'DepthToRecurse',
    kind: 'integer',
    section: 'S3',
    range: [1, 10],
    description:
      'The number of folder levels from FilePath to the folders with the logs. Absent: they are found at any depth. Ignored while FilePath is blank.',
  },
  {
    name: 'NoOfBackDaysData',
    kind: 'integer',
    section: 'S3',
    range: [1, 7],
    default: '1',
    description:
      'How many days before today (UTC) to collect. An outage or a backlog widens this by itself.',
  },
  {
    name: 'ExclusionDirectories',
    kind: 'list',
    section: 'S3',
    description:
      'Leaves out the folders whose name contains one of these texts; case-sensitive.',
  },
  {
    name: 'DataFolderFilesCount',
    kind: 'integer',
    section: 'S3',
    range: [100, 1000],
    default: '100',
    description: 'At most this many downloaded objects wait to be printed.',
  },
  {
    name: 'MaxQueueCount',
    kind: 'integer',
    section: 'S3',
    range: [50000, 100000],
    default: '50000',
    description: 'At most this many records wait for stdout.',
  },
  {
    name: 'Inclusions',
    kind: 'list',
    section: 'S3',
    default: '*.gz',
    defaults: { VPCFlowLogs: '*.gz,*.parquet' },
    description:
      'Patterns of the file names to collect. Absent: the default. Blank: all files.',
  },
  {
    name: 'Exclusions',
    kind: 'list',
    section: 'S3',
    description:
      'Patterns of the file names to leave out, even if Inclusions has them.',
  },
  {
    name: 'MaxResultCount',
    kind: 'integer',
    section: 'S3',
    range: [1, 1000],
    default: '100',
    description:
      'Object names per LIST request. LogRhythm allows 100; 1000, a full page of S3, saves requests and is recommended.',
  },
  {
    name: 'StartupDelayInSeconds',
    kind: 'integer',
    section: 'S3',
    range: [0, 300],
    default: '30',
    description:
      'While the machine has been up for fewer seconds than this, a cycle collects nothing and says so.',
  },
  {
    name: 'LogApiRequests',
    kind: 'boolean',
    section: 'S3',
    default: 'false',
    description:
      'Reports each request to AWS in a line on stderr, without secrets.',
  },
  {
    name: 'RegionFolders',
    kind: 'list',
    section: 'S3',
    description:
      'Collects only these region folders, given by their whole names; case-sensitive. Blank: all.',
  },
  {
    name: 'ProxyServer',
    kind: 'text',
    section: 'Proxy',
    pattern:
      /^$|^(https?:\/\/)?(\[[\da-f:.]+\]|[\w.-]+|[\da-f:.]+)(:\d{1,5})?\/?$/i,
    allowed:
      'a host name or address, or an http or https URL without credentials',
    description:
      'The name or address of the HTTP proxy for every request to AWS; begin it with https:// if the proxy itself speaks TLS. Blank: HTTPS_PROXY and NO_PROXY of the environment apply.',
  },
  {
    name: 'ProxyPort',
    kind: 'integer',
    section: 'Proxy',
    range: [1, 65535],
    needs: 'ProxyServer',
    description:
      'The port of the proxy; required unless ProxyServer has it. Ignored, like the settings below, while ProxyServer is blank.',
  },
  {
    name: 'UserName',
    kind: 'text',
    section: 'Proxy',
    needs: 'ProxyServer',
    description: 'The user name, where the proxy wants one; sent as Basic.',
  },
  {
    name: 'Password',
    kind: 'secret',
    section: 'Proxy',
    needs: 'ProxyServer',
    description:
      'The password, where the proxy wants one. `encrypt --config FILE --set Password` puts it here encrypted.',
  },
  {
    name: 'Domain',
    kind: 'text',
    section: 'Proxy',
    needs: 'ProxyServer',
    description:
      'The domain that goes before the user name, as Domain\\UserName.',
  },
  {
    name: 'SignatureVersion',
    kind: 'choice',
    section: 'Optional',
    choices: ['4'],
    default: '4',
    description: 'The version of the AWS request signature.',
  },
] as const satisfies readonly Setting[]
