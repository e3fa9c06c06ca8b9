// An S3 of one bucket on loopback, for tests, demo and benchmark: real HTTP, real
// signatures, keys in byte order, settable times, faults on demand. Stricter
// than S3 wherever the two differ, so that what works here works there.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { replacement, send } from './faults.ts'
import type { Fault } from './faults.ts'
import { getObject } from './get-object.ts'
import type { ByteSource, StoredObject } from './get-object.ts'
import { KeyIndex } from './key-index.ts'
import { checkedQuery, listObjects } from './list-objects.ts'
import { describeRequest, loggedRequest } from './logged-request.ts'
import type { LoggedRequest } from './logged-request.ts'
import { parseTarget } from './parse-target.ts'
import type { Target } from './parse-target.ts'
import { refusal, textReply } from './reply.ts'
import type { Reply } from './reply.ts'
import { S3Error } from './s3-error.ts'
import { checkSignature } from './sigv4.ts'
import type { Credential } from './sigv4.ts'

/** What a stand-in is started with; the clock counts ms since 1970. */
export interface StandInOptions {
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  clock?: () => number
}

/** Decides, before the answer, whether and how a request goes wrong. */
export type FaultRule = (
  request: Readonly<LoggedRequest>,
) => Fault | undefined | Promise<Fault | undefined>

const GET_PARAMETERS = new Set(['x-id'])

/** Serves one bucket until closed; all public fields may be set at any time. */
export class StandInS3 {
  readonly bucket: string
  readonly region: string
  /** Access key ids that are let in. */
  readonly credentials = new Map<string, Credential>()
  /** Every request so far, the refused ones too. */
  readonly requests: LoggedRequest[] = []
  clock: () => number
  fault: FaultRule | undefined
  /** Lists in its place, in ways that S3 does not. */
  listing: ((query: Target['query']) => Promise<string>) | undefined
  /** Waits this long before every answer. */
  latencyMs = 0
  /** Whether answers carry a Date header. */
  sendDate = true
  /** How far a proxy moves that Date, in ms. */
  dateOffMs = 0
  /** How far a request's time may be from the clock. */
  maxSkewMs = 15 * 60_000

  readonly #objects = new Map<string, StoredObject>()
  readonly #index = new KeyIndex()
  readonly #server = createServer((request, response) => {
    void this.#handle(request, response)
  })
  #port = 0
  #answers = 0

  private constructor(options: StandInOptions) {
    this.bucket = options.bucket
    this.region = options.region
    this.clock = options.clock ?? Date.now
    this.credentials.set(options.accessKeyId, {
      secret: options.secretAccessKey,
      token: options.sessionToken,
    })
  }

  /** Starts a stand-in on a free loopback port. */
  static async start(options: StandInOptions): Promise<StandInS3> {
    const s3 = new StandInS3(options)
    // A server that closes idle connections races with the next request.
    s3.#server.keepAliveTimeout = 600_000
    s3.#server.listen(0, '127.0.0.1')
    await once(s3.#server, 'listening')
    const address = s3.#server.address()
    if (address && typeof address === 'object') s3.#port = address.port
    return s3
  }

  /** Gives the URL to send path-style requests to. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Gives the objects by key, in the order they were put. */
  get objects(): ReadonlyMap<string, StoredObject> {
    return this.#objects
  }

  /** Stores an object at once; throws on a key that S3 would not take. */
  put(
    key: string,
    body: Buffer | string | ByteSource,
    options: {
      modified?: number
      etag?: string
      storageClass?: string
      metadata?: Readonly<Record<string, string>>
    } = {},
  ): StoredObject {
    const length = Buffer.byteLength(key)
    if (length === 0 || length > 1024) {
      throw new Error(`S3 keys have 1 to 1024 bytes, this one has ${length}`)
    }
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    const held = Buffer.isBuffer(bytes)
    const etag =
      options.etag ??
      createHash('md5')
        .update(held ? bytes : `${bytes.size} ${key}`)
        .digest('hex')
    const object: StoredObject = {
      body: bytes,
      size: held ? bytes.length : bytes.size,
      etag: etag.startsWith('"') ? etag : `"${etag}"`,
      modified: options.modified ?? this.clock(),
      storageClass: options.storageClass ?? 'STANDARD',
      metadata: options.metadata ?? {},
    }
    if (!this.#objects.has(key)) this.#index.add(key)
    this.#objects.set(key, object)
    return object
  }

  /** Removes an object, if it is there. */
  delete(key: string): void {
    if (this.#objects.delete(key)) this.#index.remove(key)
  }

  /** Counts the requests of a kind since the start or the last reset. */
  count(kind: LoggedRequest['kind']): number {
    return this.requests.filter(request => request.kind === kind).length
  }

  /** Empties the log of requests. */
  resetRequests(): void {
    this.requests.length = 0
  }

  /** Stops serving and ends every connection, the stalled ones too. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    request.resume()
    try {
      await this.#answer(request, response, gone.signal)
    } catch (error) {
      if (!gone.signal.aborted) response.destroy(error as Error)
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const id = (++this.#answers).toString(16).toUpperCase().padStart(16, '0')
    const entry = loggedRequest(request)
    this.requests.push(entry)
    let fault: Fault | undefined
    let reply: Reply
    try {
      const target = parseTarget(request, this.bucket)
      describeRequest(entry, target, request)
      this.#admit(request, target)
      fault = await this.fault?.(entry)
      reply =
        replacement(fault, this.bucket) ?? (await this.#serve(request, target))
    } catch (error) {
      reply = refusal(error, id)
    }
    const wait = this.latencyMs + (fault?.kind === 'delay' ? fault.ms : 0)
    if (wait > 0) await sleep(wait, undefined, { signal })
    if (fault?.kind === 'stall') return
    if (fault?.kind === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    entry.status = reply.status
    response.sendDate = false
    if (this.sendDate) {
      const date = new Date(this.clock() + this.dateOffMs)
      response.setHeader('Date', date.toUTCString())
    }
    response.setHeader('Server', 'stand-in')
    response.setHeader('x-amz-request-id', id)
    await send(response, reply, fault, signal)
  }

  /** Lets no badly signed request through, whatever fault is due. */
  #admit(request: IncomingMessage, target: Target): void {
    checkSignature(
      {
        method: request.method ?? '',
        path: target.path,
        query: target.query,
        headers: request.headersDistinct,
      },
      {
        credentials: this.credentials,
        region: this.region,
        now: this.clock(),
        maxSkewMs: this.maxSkewMs,
      },
    )
    if (request.method !== 'GET' || target.bucket === '') {
      throw new S3Error(
        405,
        'MethodNotAllowed',
        'The specified method is not allowed against this resource.',
        { Method: request.method ?? '' },
      )
    }
  }

  async #serve(
    request: IncomingMessage,
    { bucket, key, query }: Target,
  ): Promise<Reply> {
    if (bucket !== this.bucket) {
      throw new S3Error(
        404,
        'NoSuchBucket',
        'The specified bucket does not exist',
        { BucketName: bucket },
      )
    }
    if (key === '') {
      const list =
        (await this.listing?.(query)) ??
        listObjects(bucket, query, this.#index, this.#objects)
      return textReply(200, 'application/xml', list)
    }
    checkedQuery(query, GET_PARAMETERS)
    const object = this.#objects.get(key)
    if (object) return getObject(object, request.headers)
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', {
      Key: encodeURIComponent(key),
    })
  }
}
