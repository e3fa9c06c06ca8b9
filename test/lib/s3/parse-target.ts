// Reads bucket, key and query from a request line and Host header, path-style
// or virtual-host-style. Nothing is normalized: `a//b` and `a/../b` are keys.

import type { IncomingMessage } from 'node:http'
import { S3Error } from './s3-error.ts'

/** What a request is about, all decoded; bucket and key may be empty. */
export interface Target {
  path: string
  bucket: string
  key: string
  query: [name: string, value: string][]
}

/** Parses a request for a stand-in that holds `bucket`; throws S3Error 400. */
export function parseTarget(request: IncomingMessage, bucket: string): Target {
  const url = request.url ?? ''
  const mark = url.indexOf('?')
  const path = decode(mark === -1 ? url : url.slice(0, mark))
  const search = mark === -1 ? '' : url.slice(mark + 1)
  // A plus is a space to S3 and a plus to others: no client should send one.
  if (!path.startsWith('/') || search.includes('+')) throw invalid(url)
  const query = search
    .split('&')
    .filter(pair => pair !== '')
    .map((pair): [string, string] => {
      const equals = (pair + '=').indexOf('=')
      return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    })
  const host = hostBucket(request.headers.host ?? '', bucket)
  if (host !== undefined) {
    return { path, bucket: host, key: path.slice(1), query }
  }
  const slash = (path + '/').indexOf('/', 1)
  return {
    path,
    bucket: path.slice(1, slash),
    key: path.slice(slash + 1),
    query,
  }
}

function hostBucket(host: string, bucket: string): string | undefined {
  if (host.startsWith(`${bucket}.`)) return bucket
  return /^(.+)\.localhost(:\d+)?$/.exec(host)?.[1]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(text)
  }
}

const invalid = (text: string) =>
  new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", {
    URI: encodeURI(text),
  })
