// The AWS SDK's client: what it knows of endpoints and credentials is used
// (sdk-access.ts), requests are sent without it, at a quarter of the CPU time.

import { S3Client } from '@aws-sdk/client-s3'
import type { AccessSettings } from './s3-access.ts'
import { proxyHandler } from './tunnel-agent.ts'

/** Makes the SDK's client for the settings. */
export function newS3Client(settings: AccessSettings): S3Client {
  // On Node 20 the SDK would warn on stderr, which belongs to our own lines.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const requestHandler = proxyHandler(settings)
  return new S3Client({
    ...(requestHandler && { requestHandler }),
    region: settings.Region,
    forcePathStyle: settings.ForcePathStyle,
    ...(settings.Endpoint && { endpoint: settings.Endpoint }),
    ...(settings.AccessKeyId && {
      credentials: {
        accessKeyId: settings.AccessKeyId,
        secretAccessKey: settings.SecretAccessKey,
      },
    }),
    maxAttempts: 1,
  })
}
