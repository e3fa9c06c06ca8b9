// The bucket over the AWS SDK: LIST with url-encoded keys (XML cannot hold
// them all) and GET with If-Match and Range. An empty 200 is a failed page,
// never an empty one. The SDK retries requests; bodies are resumed by us.

import {
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'
import type {
  GetRequest,
  ListPage,
  ListRequest,
  ObjectBytes,
  ObjectStore,
} from './object-store.ts'
import { observeRequests, type RequestObserver } from './observe-requests.ts'
import { SourceError, sourceError } from './source-error.ts'
import type { Settings } from '../settings/settings-table.ts'

const CONNECT_MS = 5000
const SILENCE_MS = 10_000

type StoreSettings = Pick<
  Settings,
  | 'Region'
  | 'BucketName'
  | 'AccessKeyId'
  | 'SecretAccessKey'
  | 'Endpoint'
  | 'ForcePathStyle'
  | 'MaxResultCount'
>

/** Opens the bucket of the settings; every response is shown to the observer. */
export function openS3Store(
  settings: StoreSettings,
  observer: RequestObserver,
  clockOffset: number,
): ObjectStore {
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
    maxAttempts: 3,
    // Lengths and gzip checksums are verified anyway.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      requestTimeout: SILENCE_MS,
      throwOnRequestTimeout: true,
    },
  })
  observeRequests(client, observer)
  const bucket = settings.BucketName

  return {
    async list(request: ListRequest): Promise<ListPage> {
      const doing = `listing s3://${bucket}/${request.prefix}`
      try {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: request.prefix,
          MaxKeys: settings.MaxResultCount,
          EncodingType: 'url',
          ...(request.delimiter && { Delimiter: '/' }),
          ...(request.token === undefined
            ? request.startAfter && { StartAfter: request.startAfter }
            : { ContinuationToken: request.token }),
        })
        const answer = await untilAborted(
          twiceIfSkewed(() => client.send(command, abortBy(request.signal))),
          request.signal,
        )
        return readPage(answer, request, doing)
      } catch (cause) {
        throw sourceError(cause, doing)
      }
    },

    async get(request: GetRequest): Promise<ObjectBytes> {
      const doing = `reading s3://${bucket}/${request.key}`
      try {
        const command = new GetObjectCommand({
          Bucket: bucket,
          Key: request.key,
          ...(request.etag !== undefined && { IfMatch: request.etag }),
          ...(request.from > 0 && { Range: `bytes=${request.from}-` }),
        })
        const answer = await untilAborted(
          twiceIfSkewed(() => client.send(command, abortBy(request.signal))),
          request.signal,
        )
        const body = answer.Body as Readable
        const [part, total = answer.ContentLength] =
          answer.ContentRange?.split('/') ?? []
        // What was read already must not come again.
        if (request.from > 0 && !part?.startsWith(`bytes ${request.from}-`)) {
          body.destroy()
          throw new SourceError(
            `${doing}: Range was not honoured; check Endpoint and any proxy`,
            { code: 'NoRange', kind: 'network' },
          )
        }
        return {
          etag: answer.ETag ?? '',
          size: Number(total ?? Number.NaN),
          chunks: named(body, doing),
        }
      } catch (cause) {
        throw sourceError(cause, doing)
      }
    },
  }
}

// The SDK has then learnt the time. It tries again by itself where this
// machine's clock is wrong, but not where only the offset was, after the clock
// was set right.
async function twiceIfSkewed<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const { name } = (error ?? {}) as { name?: unknown }
    if (name === 'RequestTimeTooSkewed') return send()
    throw error
  }
}

// The SDK obeys the signal only once it has credentials. The answer is always
// listened to, since a refusal that nobody hears would end the process.
function untilAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    void answer
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}

const abortBy = (signal: AbortSignal | undefined) =>
  signal ? { abortSignal: signal } : {}

function readPage(
  answer: ListObjectsV2CommandOutput,
  request: ListRequest,
  doing: string,
): ListPage {
  const next = answer.IsTruncated ? answer.NextContinuationToken : undefined
  const sound =
    answer.Name !== undefined &&
    answer.KeyCount !== undefined &&
    answer.IsTruncated === (next !== undefined) &&
    (next === undefined || next !== request.token)
  if (!sound)
    throw new SourceError(
      `${doing}: the answer is no listing page; check Endpoint and any proxy`,
      { code: 'BadPage', kind: 'network' },
    )
  const decode = answer.EncodingType === 'url' ? decodeKey : String
  const objects = (answer.Contents ?? []).map(listed => ({
    key: decode(listed.Key ?? ''),
    size: listed.Size ?? 0,
    etag: listed.ETag ?? '',
    modified: listed.LastModified?.getTime() ?? 0,
  }))
  const folders = (answer.CommonPrefixes ?? []).map(folder =>
    decode(folder.Prefix ?? ''),
  )
  return { objects, folders, next }
}

// S3's url encoding is that of forms: a space comes as `+`, a plus as `%2B`.
function decodeKey(key: string): string {
  return key.includes('%') || key.includes('+')
    ? decodeURIComponent(key.replaceAll('+', ' '))
    : key
}

async function* named(
  body: AsyncIterable<Buffer>,
  doing: string,
): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (cause) {
    throw sourceError(cause, doing)
  }
}
