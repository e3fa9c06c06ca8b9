// The AWS SDK's client: what it knows of endpoints is used (sdk-place.ts),
// requests are sent without it, at a quarter of the CPU time.

import { S3Client } from '@aws-sdk/client-s3'
import { quietSdk } from './quiet-sdk.ts'
import type { AccessSettings } from './resolve.ts'

/** Makes the SDK's client for the settings; what it signs with is no key of anybody's. */
export function newS3Client(settings: AccessSettings): S3Client {
  const { Region, ForcePathStyle, Endpoint, AccessKeyId, Profile } = settings
  return new S3Client({
    region: Region,
    forcePathStyle: ForcePathStyle,
    ...(Endpoint && { endpoint: Endpoint }),
    ...(Profile && AccessKeyId === '' && { profile: Profile }),
    // An access point's ARN says where it is.
    useArnRegion: true,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    logger: quietSdk(),
    maxAttempts: 1,
  })
}
