// The least IAM policy for `collect` and `verify` with the settings. JSON has no
// comments, so each statement's name gives its purpose.

import { logTypes, type LogType } from '../../normalize/log-types.ts'
import { bucketArn, objectsArn, type Where } from '../../s3/permissions.ts'
import { digestPaths } from '../../verify/digests/digest-folders.ts'

interface PolicySettings extends Where {
  LogType: LogType['name']
}

/** Makes the policy, a JSON document. */
export function policy(settings: PolicySettings): string {
  const { FilePath, LogType } = settings
  const { hasDigests } = logTypes[LogType]
  const paths = hasDigests
    ? new Set([FilePath, ...digestPaths(FilePath)])
    : [FilePath]
  const patterns = [...paths].map(path => `${path}*`)
  const objects = patterns.map(one => `${objectsArn(settings)}/${one}`)
  const statements = [
    {
      Sid: 'FindLogs',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn(settings),
      ...(FilePath !== '' && {
        Condition: { StringLike: { 's3:prefix': patterns } },
      }),
    },
    {
      Sid: 'ReadLogs',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: objects,
    },
    decryption(settings, objects),
    ...(hasDigests
      ? [
          {
            Sid: 'CheckSignaturesOfDigests',
            Effect: 'Allow',
            Action: 'cloudtrail:ListPublicKeys',
            Resource: '*',
          },
        ]
      : []),
  ]
  const document = { Version: '2012-10-17', Statement: statements }
  return `${JSON.stringify(document, null, 2)}\n`
}

// The settings do not name the KMS key of encrypted objects, so any key is allowed,
// but only through S3 and only for these objects: S3 passes KMS the ARN of the
// object, or of the bucket if that has a key of its own (an S3 Bucket Key).
function decryption(settings: PolicySettings, objects: readonly string[]) {
  const { BucketName } = settings
  const isBucket = !/^arn:|-s3alias$/.test(BucketName)
  const region = /^arn:[^:]*:[^:]*:([^:]+):/.exec(BucketName)?.[1]
  const place = region ?? settings.Region
  const domain = place.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return {
    Sid: 'DecryptLogsUnderKmsKeys',
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': `s3.${place}.${domain}` },
      // The bucket behind an access point is unknown here.
      ...(isBucket && {
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [bucketArn(settings), ...objects],
        },
      }),
    },
  }
}

/** Gives the requirements outside the document. */
export const policyNotes = (roleArn: string): string =>
  [
    "where the objects are encrypted with a KMS key, that key's own policy must let this account use it, too; kms:Decrypt is narrowed to S3 and these objects, and may name the key as its Resource",
    roleArn === ''
      ? ''
      : `this is for ${roleArn}; its caller needs sts:AssumeRole on it`,
  ]
    .filter(note => note !== '')
    .join('; ')
