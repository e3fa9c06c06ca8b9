// What the stand-in keeps of every request, for tests to count and compare.

import type { IncomingMessage } from 'node:http'
import type { Target } from './parse-target.ts'

/** One request as it came in; `status` is 0 until and unless it is answered. */
export interface LoggedRequest {
  method: string
  kind: 'LIST' | 'GET' | 'other'
  host: string
  status: number
  bucket?: string
  key?: string | undefined
  prefix?: string | undefined
  delimiter?: string | undefined
  startAfter?: string | undefined
  token?: string | undefined
  maxKeys?: number | undefined
  range?: string | undefined
  ifMatch?: string | undefined
}

/** Starts the entry of a request that may not even be readable. */
export function loggedRequest(request: IncomingMessage): LoggedRequest {
  const { method = '', headers } = request
  return { method, kind: 'other', host: headers.host ?? '', status: 0 }
}

/** Adds what a readable request is about. */
export function describeRequest(
  entry: LoggedRequest,
  { bucket, key, query }: Target,
  { headers }: IncomingMessage,
): void {
  entry.bucket = bucket
  if (key !== '') {
    entry.key = key
    entry.range = headers.range
    entry.ifMatch = headers['if-match']
    if (entry.method === 'GET') entry.kind = 'GET'
    return
  }
  const asked = new Map(query)
  entry.prefix = asked.get('prefix')
  entry.delimiter = asked.get('delimiter')
  entry.startAfter = asked.get('start-after')
  entry.token = asked.get('continuation-token')
  const maxKeys = asked.get('max-keys')
  if (maxKeys !== undefined) entry.maxKeys = Number(maxKeys)
  if (entry.method === 'GET' && bucket !== '') entry.kind = 'LIST'
}
