// The least IAM policy under which the settings can be collected and proved.

import { bucketArn, objectsArn } from '../../s3/permissions.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { digestPaths } from '../../verify/digests/digest-folders.ts'

type PolicySettings = Pick<
  Settings,
  'Region' | 'BucketName' | 'FilePath' | 'LogType'
>

/** Makes the policy, a JSON document. */
export function policy(settings: PolicySettings): string {
  const { FilePath, LogType } = settings
  const isCloudTrail = LogType === 'CloudTrail'
  const paths = isCloudTrail
    ? new Set([FilePath, ...digestPaths(FilePath)])
    : [FilePath]
  const patterns = [...paths].map(path => `${path}*`)
  const statements = [
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn(settings),
      ...(FilePath !== '' && {
        Condition: { StringLike: { 's3:prefix': patterns } },
      }),
    },
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: patterns.map(one => `${objectsArn(settings)}/${one}`),
    },
    // For the signatures of the digests.
    ...(isCloudTrail
      ? [
          {
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

/** Says what the document cannot: what else may be needed. */
export const policyNotes = ({ RoleArn }: Pick<Settings, 'RoleArn'>): string =>
  [
    'where the objects are encrypted with a KMS key, add kms:Decrypt on that key; its key policy must let this account use it, too',
    RoleArn === ''
      ? ''
      : `this is for ${RoleArn}; who assumes it needs sts:AssumeRole on it`,
  ]
    .filter(note => note !== '')
    .join('; ')
