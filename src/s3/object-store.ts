// The pipeline's whole view of a bucket: one page of a listing and the bytes of
// one object. Tests pass in their own.

import type { Headers } from './http/answer-head.ts'

/** One object as a listing shows it; `modified` is in ms, `size` in bytes. */
export interface ListedObject {
  key: string
  size: number
  etag: string
  modified: number
}

/** One page of a listing; `next` requests the page after it, though the store may call it the last; `fault` reports entries that could not be read and are left out. */
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
  /** The largest number of keys; the set number unless given. */
  keys?: number
  /** The largest number of tries; the number of any request unless given. */
  tries?: number | undefined
  signal?: AbortSignal | undefined
}

/** Bytes of an object from `from` on, of the version of an ETag; without one, of the current version. */
export interface GetRequest {
  key: string
  etag: string | undefined
  from: number
  signal?: AbortSignal | undefined
}

/** Bytes as they come, to be read once: piece by piece, or, if few are due, all into `take` as fast as they come. */
export interface Chunks extends AsyncIterable<Buffer> {
  takeAll?(take: (chunk: Buffer) => void): Promise<void>
}

/** An object being read: its ETag or its substitute, '' if its version has no name; `size` is that of the whole object in S3, in bytes; the chunks of an answer can be read once. */
export interface ObjectBytes<Bytes = Chunks> {
  etag: string
  size: number
  chunks: Bytes
  /** The headers of the answer. */
  headers?: Headers | undefined
  /** The answer does not state its end: a broken connection would look the same. */
  isOpenEnded?: boolean
  /** The answer is declared as gzip: the object may be stored so, or it was wrapped on its way. */
  isEncoded?: boolean
}

/** A source of listing pages; throws SourceError. */
export interface Lists {
  list(request: ListRequest): Promise<ListPage>
}

/** A bucket; both calls throw SourceError. */
export interface ObjectStore extends Lists {
  get(request: GetRequest): Promise<ObjectBytes>
}

/** Tells whether an object, `name/` as consoles make it, stands only for a folder. */
export function isFolderMarker(object: { key: string; size: number }): boolean {
  return object.size === 0 && object.key.endsWith('/')
}

/** Tells whether a page has no names; more pages may follow all the same. */
export function isEmptyPage({ objects, folders }: ListPage): boolean {
  return objects.length + folders.length === 0
}

/** Names an object, or the folder of a prefix, in the form for messages and records: `s3://bucket/key`. */
export function s3Url(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`
}
