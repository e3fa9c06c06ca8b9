// A bucket in memory for tests of single steps: keys in byte order, exact
// pages, delimiter, If-Match and Range, and a hook that sees, delays or fails
// every request. For what goes over the wire there is the stand-in S3.

import type {
  GetRequest,
  ListedObject,
  ListPage,
  ListRequest,
  ObjectBytes,
  ObjectStore,
} from '../../../src/s3/object-store.ts'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { KeyIndex } from './key-index.ts'

/** An object in memory; `body` is as long as `size` only where a test reads it. */
export interface MemoryObject extends ListedObject {
  body: Buffer
  /** Headers `x-amz-meta-…` by their whole names, if it is read with any. */
  metadata?: Readonly<Record<string, string>>
}

export class MemoryStore implements ObjectStore {
  /** Keys and folders to a page. */
  pageSize = 1000
  /** Called before each answer; what it throws is what the caller gets. */
  onList: (request: ListRequest) => void | Promise<void> = () => {}
  onGet: (request: GetRequest) => void | Promise<void> = () => {}
  /** Called before each piece of a body, from an offset on. */
  onPiece: (request: GetRequest, at: number) => void | Promise<void> = () => {}
  pieceBytes = 1_048_576
  /** Every LIST so far. */
  readonly lists: ListRequest[] = []
  readonly gets: GetRequest[] = []
  readonly #objects = new Map<string, MemoryObject>()
  readonly #index = new KeyIndex()

  /** Stores an object; its size is its body's unless given. */
  put(
    key: string,
    modified: number,
    body: string | Buffer = 'x',
    size?: number,
  ): MemoryObject {
    const bytes = Buffer.from(body)
    const etag = `"${bytes.toString('hex', 0, 8)}-${modified}"`
    const object = {
      key,
      modified,
      etag,
      body: bytes,
      size: size ?? bytes.length,
    }
    if (!this.#objects.has(key)) this.#index.add(key)
    this.#objects.set(key, object)
    return object
  }

  /** Stores an object again as it is, as a change of its encryption does. */
  rewrite(key: string, modified: number): void {
    const { body, size } = this.#object(key)
    this.put(key, modified, body, size)
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#index.remove(key)
  }

  async list(request: ListRequest): Promise<ListPage> {
    this.lists.push(request)
    await this.onList(request)
    const { prefix, delimiter, startAfter, token } = request
    const place =
      token === undefined
        ? { after: startAfter || undefined, afterPrefix: false }
        : (JSON.parse(token) as { after: string; afterPrefix: boolean })
    const { keys, commonPrefixes, next } = this.#index.page({
      prefix,
      limit: this.pageSize,
      ...place,
      delimiter: delimiter ? '/' : undefined,
    })
    return {
      objects: keys.map(key => {
        const { body: _, metadata: __, ...listed } = this.#object(key)
        return listed
      }),
      folders: commonPrefixes,
      next:
        next &&
        JSON.stringify({ after: next.after, afterPrefix: next.isPrefix }),
    }
  }

  async get(request: GetRequest): Promise<ObjectBytes> {
    this.gets.push(request)
    await this.onGet(request)
    const { key, etag } = request
    const object = this.#object(key)
    if (etag !== undefined && etag !== object.etag)
      throw new SourceError(`reading ${key}: it was changed`, {
        code: 'PreconditionFailed',
        kind: 'object',
      })
    const { body } = object
    return {
      etag: object.etag,
      size: body.length,
      chunks: this.#pieces(body, request),
      ...(object.metadata && { headers: object.metadata }),
    }
  }

  async *#pieces(body: Buffer, request: GetRequest): AsyncGenerator<Buffer> {
    for (let at = request.from; at < body.length; at += this.pieceBytes) {
      await this.onPiece(request, at)
      yield body.subarray(at, at + this.pieceBytes)
    }
  }

  #object(key: string): MemoryObject {
    const object = this.#objects.get(key)
    if (object) return object
    throw new SourceError(`reading ${key}: it is not there`, {
      code: 'NoSuchKey',
      kind: 'object',
    })
  }
}
