// How a bucket is reached as the SDK sees it, with all its rules for regions,
// kinds of bucket and endpoints, its files and its variables: it makes and
// signs one LIST, which is caught before it is sent.

import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { AccessSettings, S3Access } from './s3-access.ts'
import { newS3Client } from './s3-client.ts'

interface SignedRequest {
  protocol: string
  hostname: string
  port?: number
  path: string
  headers: Record<string, string>
}

const SCOPE = /Credential=.+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/

/** Asks the SDK how the bucket is reached; throws what it throws. */
export async function sdkAccess(settings: AccessSettings): Promise<S3Access> {
  const client = newS3Client(settings)
  let caught: SignedRequest | undefined
  client.middlewareStack.add(
    () => async args => {
      caught = args.request as SignedRequest
      return { response: undefined, output: { $metadata: {} } }
    },
    { step: 'deserialize', name: 'catchRequest', priority: 'high' },
  )
  await client.send(new ListObjectsV2Command({ Bucket: settings.BucketName }))
  const [, region, service] =
    SCOPE.exec(caught?.headers['authorization'] ?? '') ?? []
  if (caught === undefined || region === undefined || service === undefined)
    throw new Error('the SDK did not sign for one region')
  const { protocol, hostname, port, path } = caught
  return {
    url: new URL(
      `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`,
    ),
    region,
    service,
    credentials: () => client.config.credentials(),
  }
}
