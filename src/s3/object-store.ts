// What the pipeline needs from a bucket, and nothing more: one page of a
// listing and the bytes of one object. Tests hand in their own.

/** One object as a listing shows it; `modified` is in ms, `size` in bytes. */
export interface ListedObject {
  key: string
  size: number
  etag: string
  modified: number
}

/** One page of a listing; `next` asks for the page after it, though the store may call it the last; `fault` tells of entries that could not be read and are not in it. */
export interface ListPage {
  objects: ListedObject[]
  folders: string[]
  next: string | undefined
  isCalledLast?: boolean
  fault?: Error
}

export interface ListRequest {
  prefix: string
  delimiter: boolean
  startAfter: string
  token?: string | undefined
  /** At most so many keys; as many as are set unless given. */
  keys?: number
  /** It is tried so often at most; as often as any request unless given. */
  tries?: number | undefined
  signal?: AbortSignal | undefined
}

/** Bytes of an object from `from` on, of the version of an ETag; without one the object is taken as it is now. */
export interface GetRequest {
  key: string
  etag: string | undefined
  from: number
  signal?: AbortSignal | undefined
}

/** Bytes as they come, to be read once: piece by piece, or, if little is due, all into `take` as fast as they come. */
export interface Chunks extends AsyncIterable<Buffer> {
  takeAll?(take: (chunk: Buffer) => void): Promise<void>
}

/** An object being read: its ETag or what stands in for it, '' if nothing names its version; `size` is that of the whole object as S3 holds it, in bytes; the chunks of an answer can be read once. */
export interface ObjectBytes<Bytes = Chunks> {
  etag: string
  size: number
  chunks: Bytes
  /** Headers `x-amz-meta-…` by their whole names, in lower case. */
  metadata?: Readonly<Record<string, string>>
  /** The answer does not say where it ends: a connection that broke would look the same. */
  isOpenEnded?: boolean
  /** The answer says that it is gzip: so the object may be stored, or it was wrapped on its way. */
  isEncoded?: boolean
}

/** What gives the pages of a listing; throws SourceError. */
export interface Lists {
  list(request: ListRequest): Promise<ListPage>
}

/** A bucket; both calls throw SourceError. */
export interface ObjectStore extends Lists {
  get(request: GetRequest): Promise<ObjectBytes>
}

/** Tells whether an object, `name/` as consoles make it, stands for a folder only and is no log. */
export function isFolderMarker(object: { key: string; size: number }): boolean {
  return object.size === 0 && object.key.endsWith('/')
}

/** Tells whether a page shows no name; more may follow all the same. */
export function isEmptyPage({
  objects,
  folders,
}: Pick<ListPage, 'objects' | 'folders'>): boolean {
  return objects.length + folders.length === 0
}

/** Names an object, or the folder of a prefix, as messages and records do: `s3://bucket/key`. */
export function s3Url(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`
}
