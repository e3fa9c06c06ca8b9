// Answers GetObject: a stored object and the request's conditions in, status,
// headers and the asked bytes out. Where S3 ignores a Range it cannot read,
// this refuses it.

import type { Reply } from './reply.ts'
import { S3Error } from './s3-error.ts'

/** Bytes that are made when they are read, for objects too large to hold. */
export interface ByteSource {
  size: number
  read(start: number, end: number): Iterable<Buffer> | AsyncIterable<Buffer>
}

/** An object as the stand-in keeps it; `etag` with its quotes, time in ms. */
export interface StoredObject {
  body: Buffer | ByteSource
  size: number
  etag: string
  modified: number
  storageClass: string
  /** Headers `x-amz-meta-…` by their whole names. */
  metadata?: Readonly<Record<string, string>>
}

const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** Answers 200, 206 or 304; throws S3Error for 400, 403, 412, 416 and 501. */
export function getObject(
  object: StoredObject,
  headers: { readonly [name: string]: string | string[] | undefined },
): Reply {
  if (ARCHIVED.has(object.storageClass)) {
    throw new S3Error(
      403,
      'InvalidObjectState',
      "The operation is not valid for the object's storage class",
      { StorageClass: object.storageClass },
    )
  }
  for (const name of ['if-modified-since', 'if-unmodified-since']) {
    if (headers[name] === undefined) continue
    throw new S3Error(501, 'NotImplemented', `${name} is not implemented`)
  }
  const reply: Reply = {
    status: 200,
    headers: {
      ETag: object.etag,
      'Last-Modified': new Date(object.modified).toUTCString(),
      'Accept-Ranges': 'bytes',
      'Content-Type': 'binary/octet-stream',
      ...(object.storageClass !== 'STANDARD' && {
        'x-amz-storage-class': object.storageClass,
      }),
      ...object.metadata,
    },
    body: [],
    length: 0,
  }
  if (matches(headers['if-match'], object.etag) === false) {
    throw new S3Error(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { Condition: 'If-Match' },
    )
  }
  if (matches(headers['if-none-match'], object.etag) === true) {
    return { ...reply, status: 304 }
  }
  const asked = headers['range']
  const range = asked === undefined ? undefined : span(asked, object.size)
  const [start, end] = range ?? [0, object.size]
  if (range) {
    reply.status = 206
    reply.headers['Content-Range'] = `bytes ${start}-${end - 1}/${object.size}`
  }
  reply.length = end - start
  reply.body = Buffer.isBuffer(object.body)
    ? [object.body.subarray(start, end)]
    : object.body.read(start, end)
  return reply
}

function matches(
  condition: string | string[] | undefined,
  etag: string,
): boolean | undefined {
  if (condition === undefined) return undefined
  return condition === '*' || condition === etag || `"${condition}"` === etag
}

/** Reads one byte range (RFC 9110, 14.1.2) as start and exclusive end. */
function span(range: string | string[], size: number): [number, number] {
  const [, first = '', last = ''] =
    /^bytes=(\d*)-(\d*)$/.exec(String(range)) ?? []
  const backwards = first !== '' && last !== '' && Number(last) < Number(first)
  if ((first === '' && last === '') || backwards) {
    throw new S3Error(400, 'InvalidArgument', `Range ${range} is not readable`)
  }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end =
    first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (start >= end) {
    throw new S3Error(
      416,
      'InvalidRange',
      'The requested range is not satisfiable',
      { ActualObjectSize: String(size), RangeRequested: String(range) },
      { 'Content-Range': `bytes */${size}` },
    )
  }
  return [start, end]
}
