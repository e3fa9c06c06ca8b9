// The AWS SDK's client pointed at a stand-in, for the stand-in's own tests.

import {
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  S3ClientConfig,
} from '@aws-sdk/client-s3'
import type { Test } from 'tap'
import { StandInS3 } from './stand-in-s3.ts'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'a secret of the stand-in',
}

/** A request on the wire, as far as the tests change it. */
export interface WireRequest {
  path: string
  headers: Record<string, string>
  query: Record<string, string>
}

/** A client and its shortest calls, all on bucket `logs`. */
export interface SdkClient {
  client: S3Client
  get(
    key: string,
    rest?: Partial<GetObjectCommandInput>,
    abortSignal?: AbortSignal,
  ): Promise<GetObjectCommandOutput>
  list(
    rest?: Partial<ListObjectsV2CommandInput>,
  ): Promise<ListObjectsV2CommandOutput>
  /** Changes requests before they are signed (build) or after (deserialize). */
  change(step: 'build' | 'deserialize', by: (r: WireRequest) => void): void
}

/** Starts a stand-in for bucket `logs` that closes with the test. */
export async function startS3(test: Test): Promise<StandInS3> {
  const s3 = await StandInS3.start({
    bucket: 'logs',
    region: 'us-east-1',
    ...credentials,
  })
  test.teardown(() => s3.close())
  return s3
}

/** Makes a client, with one attempt a request, that closes with the test. */
export function sdkClient(
  test: Test,
  s3: StandInS3,
  config: S3ClientConfig = {},
): SdkClient {
  const client = new S3Client({
    region: s3.region,
    endpoint: s3.endpoint,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials,
    ...config,
  })
  test.teardown(() => client.destroy())
  return {
    client,
    get: (Key, rest, abortSignal) =>
      client.send(
        new GetObjectCommand({ Bucket: 'logs', Key, ...rest }),
        abortSignal && { abortSignal },
      ),
    list: rest =>
      client.send(new ListObjectsV2Command({ Bucket: 'logs', ...rest })),
    change: (step, by) =>
      client.middlewareStack.add(
        next => args => {
          by((args as unknown as { request: WireRequest }).request)
          return next(args)
        },
        { step: step as 'build', priority: 'low' },
      ),
  }
}
