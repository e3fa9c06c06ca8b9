// A request to S3 as the path, query and headers of a GET, encoded for a
// signature: once, with a query sorted by name.

import type { GetRequest, ListRequest } from './object-store.ts'

export interface S3Request {
  kind: 'LIST' | 'GET'
  /** For a LIST: its prefix, and its start, '' for the beginning or a token. */
  prefix?: string | undefined
  startAfter?: string | undefined
  /** The part after the path of the bucket. */
  path: string
  query: string
  /** Its own headers, by their names in lower case. */
  headers?: Record<string, string> | undefined
}

/** Makes the request for one page; XML cannot hold all keys, so they come url-encoded. */
export function listRequest(page: ListRequest, maxKeys: number): S3Request {
  const { prefix, delimiter, startAfter, token, keys = maxKeys } = page
  const query: [string, string][] = []
  if (token !== undefined) query.push(['continuation-token', token])
  if (delimiter) query.push(['delimiter', '/'])
  query.push(['encoding-type', 'url'], ['list-type', '2'])
  query.push(['max-keys', String(keys)], ['prefix', prefix])
  if (token === undefined && startAfter) query.push(['start-after', startAfter])
  const pairs = query.map(([name, value]) => `${name}=${encodeUri(value)}`)
  return {
    kind: 'LIST',
    prefix,
    startAfter: token === undefined ? startAfter : '',
    path: '',
    query: pairs.join('&'),
  }
}

/** Makes the request for the bytes of an object. */
export function getRequest({ key, from }: GetRequest): S3Request {
  return {
    kind: 'GET',
    path: UNRESERVED.test(key) ? key : key.split('/').map(encodeUri).join('/'),
    query: '',
    // No If-Match: some stores do not understand it, and the ETag of each
    // answer is compared.
    headers: from > 0 ? { range: `bytes=${from}-` } : undefined,
  }
}

// AWS's own keys have no others.
const UNRESERVED = /^[\w.~/-]*$/

const encodeUri = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
