// Our bucket on a stand-in S3, and short ways to list and read it whole.

import type { RequestListener } from 'node:http'
import type { Test } from 'tap'
import { openBody, readWhole } from '../../../src/fetch/body.ts'
import type {
  ListRequest,
  ObjectBytes,
  ObjectStore,
} from '../../../src/s3/object-store.ts'
import { openStore, type StoreOptions } from '../../../src/s3/store.ts'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { systemClock } from '../../../src/clock.ts'
import { SETTINGS } from './access-settings.ts'
import { FakeClock } from '../fake-clock.ts'
import { startServer, type RawServer } from './raw-server.ts'
import type { StandInS3 } from './stand-in-s3.ts'

/** Settings other than those that fit the stand-in. */
export type Changes = Partial<Parameters<typeof openStore>[0]>

/** Opens the bucket; pauses between tries take no time. */
export function storeOn(
  s3: Pick<StandInS3, 'region' | 'bucket' | 'credentials' | 'endpoint'>,
  changes: Changes = {},
  options: Partial<StoreOptions> = {},
): ObjectStore {
  const [[AccessKeyId, { secret }] = ['', { secret: '' }]] = s3.credentials
  const settings = {
    ...SETTINGS,
    Region: s3.region,
    BucketName: s3.bucket,
    AccessKeyId,
    SecretAccessKey: secret,
    Endpoint: s3.endpoint,
    ForcePathStyle: true,
    MaxResultCount: 1000,
    FilePath: '',
    ...changes,
  }
  return openStore(settings, {
    clock: { ...systemClock, sleep: async () => {} },
    s3Clock: new S3Clock(systemClock, 0),
    silence: 5000,
    observer: () => {},
    ...options,
  })
}

/** Opens bucket `logs` of whatever serves at an endpoint. */
export const storeAt = (
  endpoint: string,
  options: Partial<StoreOptions> = {},
): ObjectStore =>
  storeOn(
    {
      bucket: 'logs',
      region: 'us-east-1',
      credentials: new Map([['AKID', { secret: 's', token: undefined }]]),
      endpoint,
    },
    {},
    options,
  )

/** Opens a bucket on a server that answers as told, until the test ends. */
export async function storeOnServer(
  t: Test,
  answer: RequestListener,
  options: Partial<StoreOptions> = {},
): Promise<ObjectStore & { server: RawServer }> {
  const server = await startServer(t, answer)
  return { ...storeAt(`http://127.0.0.1:${server.port}`, options), server }
}

/** Lists page by page to the end. */
export async function listAll(
  store: ObjectStore,
  request: Partial<ListRequest> = {},
): Promise<{ keys: string[]; folders: string[]; pages: number }> {
  const found = { keys: [] as string[], folders: [] as string[], pages: 0 }
  let token: string | undefined
  do {
    const page = await store.list({
      prefix: '',
      delimiter: false,
      startAfter: '',
      ...request,
      token,
    })
    found.keys.push(...page.objects.map(({ key }) => key))
    found.folders.push(...page.folders)
    found.pages++
    token = page.next
  } while (token !== undefined)
  return found
}

/** Gives what a promise fails with. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  )

/** Reads an object whole, of a version and size if given. */
export async function read(
  store: ObjectStore,
  key: string,
  { etag, size }: { etag?: string; size: number } = { size: 0 },
): Promise<string> {
  const clock = new FakeClock()
  const { signal } = new AbortController()
  const body = openBody({ key, etag, size }, store, clock, signal)
  return String(await clock.run(body.then(readWhole)))
}

/** Reads what an answer brings, until it ends or fails. */
export async function drain({
  chunks,
}: ObjectBytes): Promise<[string, unknown]> {
  let text = ''
  try {
    for await (const chunk of chunks) text += String(chunk)
    return [text, undefined]
  } catch (error) {
    return [text, error]
  }
}
