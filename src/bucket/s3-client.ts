// The AWS SDK's client, without what it does at each request that reading one
// bucket has no use for: a quarter of what a LIST costs in an idle cycle.

import { S3Client } from '@aws-sdk/client-s3'
import type { Settings } from '../settings/settings-table.ts'

/** The settings that say which bucket is asked, and as whom. */
export type ClientSettings = Pick<
  Settings,
  'Region' | 'AccessKeyId' | 'SecretAccessKey' | 'Endpoint' | 'ForcePathStyle'
>

// Logs that nobody keeps, bodies that no request has, other kinds of bucket,
// other regions (which are an error that says so), calls out of a Lambda.
const UNUSED = [
  'loggerMiddleware',
  'contentLengthMiddleware',
  'addExpectContinueMiddleware',
  's3ExpressMiddleware',
  'regionRedirectMiddleware',
  'regionRedirectEndpointMiddleware',
  'recursionDetectionMiddleware',
]

/** Makes a client whose clock is so many ms ahead of this machine's. */
export function newS3Client(
  settings: ClientSettings,
  clockOffset: number,
): S3Client {
  // On Node 20 the SDK would warn on stderr, which belongs to our own lines.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const client = new S3Client({
    region: settings.Region,
    forcePathStyle: settings.ForcePathStyle,
    ...(settings.Endpoint && { endpoint: settings.Endpoint }),
    ...(settings.AccessKeyId && {
      credentials: {
        accessKeyId: settings.AccessKeyId,
        secretAccessKey: settings.SecretAccessKey,
      },
    }),
    systemClockOffset: clockOffset,
    maxAttempts: 1,
    // Lengths and gzip checksums are verified anyway.
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const { middlewareStack } = client
  for (const name of UNUSED) middlewareStack.remove(name)
  // Retries are our own; others in the stack are placed after this one.
  middlewareStack.add(next => next, {
    name: 'retryMiddleware',
    step: 'finalizeRequest',
    priority: 'high',
    override: true,
  })
  return client
}
