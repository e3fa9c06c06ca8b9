// What the pipeline needs from a bucket, and nothing more: one page of a
// listing and the bytes of one object. Tests hand in their own.

/** One object as a listing shows it; `modified` is in ms, `size` in bytes. */
export interface ListedObject {
  key: string
  size: number
  etag: string
  modified: number
}

/** One page of a listing, in the byte order of S3; `next` asks for the page after it. */
export interface ListPage {
  objects: ListedObject[]
  folders: string[]
  next: string | undefined
}

export interface ListRequest {
  prefix: string
  delimiter: boolean
  startAfter: string
  token?: string | undefined
  signal?: AbortSignal | undefined
}

/** Bytes of an object from `from` on; without an ETag the object is taken as it is now. */
export interface GetRequest {
  key: string
  etag: string | undefined
  from: number
  signal?: AbortSignal | undefined
}

/** The answer to a GET: `size` is that of the whole object in bytes. */
export interface ObjectBytes {
  etag: string
  size: number
  chunks: AsyncIterable<Buffer>
}

/** A bucket; both calls throw SourceError. */
export interface ObjectStore {
  list(request: ListRequest): Promise<ListPage>
  get(request: GetRequest): Promise<ObjectBytes>
}
