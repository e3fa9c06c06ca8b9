// The address of a bucket by the SDK, with all its rules for regions, kinds of
// bucket and endpoints, its files and its variables: it makes and signs one
// LIST, which is intercepted before it is sent. Requests are sent without the
// SDK's client, at a quarter of the CPU time.

import { SourceError } from '../errors/source-error.ts'
import { ListObjectsV2Command, S3Client } from './aws-sdk.ts'
import { expectAwsFiles } from './aws-files.ts'
import type { AccessSettings, Endpoint } from './endpoint.ts'
import { quietSdk } from './quiet-sdk.ts'

interface SignedRequest {
  protocol: string
  hostname: string
  port?: number
  path: string
  headers: Record<string, string>
}

const SCOPE = /Credential=.+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/

/** Asks the SDK for the bucket's address; throws SourceError if its rules allow none. */
export async function sdkEndpoint(settings: AccessSettings): Promise<Endpoint> {
  expectAwsFiles(process.env)
  try {
    return endpointOf(await signedList(settings))
  } catch (cause) {
    const { message } = cause as Error
    throw new SourceError(
      `finding the address of ${settings.BucketName}: ${message}; check BucketName, Region, Endpoint, ForcePathStyle and the variables AWS_*`,
      {
        code: 'EndpointError',
        kind: 'access',
        about: 'endpoint',
        affectsAll: true,
      },
    )
  }
}

async function signedList(settings: AccessSettings): Promise<SignedRequest> {
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
  if (caught === undefined) throw new Error('the SDK sent nothing')
  return caught
}

function endpointOf(signed: SignedRequest): Endpoint {
  const { protocol, hostname, port, path, headers } = signed
  const [, region, service] = SCOPE.exec(headers['authorization'] ?? '') ?? []
  if (region === undefined || service === undefined)
    throw new Error('the SDK did not sign for one region')
  const host = port === undefined ? hostname : `${hostname}:${port}`
  return { url: new URL(`${protocol}//${host}${path}`), region, service }
}

/** Makes the SDK's client for the settings; its signing keys are not real. */
export function newS3Client(settings: AccessSettings): S3Client {
  const { Region, ForcePathStyle, Endpoint, AccessKeyId, Profile } = settings
  return new S3Client({
    region: Region,
    forcePathStyle: ForcePathStyle,
    ...(Endpoint && { endpoint: Endpoint }),
    ...(Profile && AccessKeyId === '' && { profile: Profile }),
    // An access point's ARN contains its region.
    useArnRegion: true,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    logger: quietSdk(),
    maxAttempts: 1,
  })
}
