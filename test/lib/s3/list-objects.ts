// Answers ListObjectsV2: checked query in, XML document out. Stricter than S3
// in that an unknown or repeated parameter is refused. Tokens are opaque and
// carry a checksum, and hold for the prefix and delimiter they were made for.

import { createHmac } from 'node:crypto'
import type { StoredObject } from './get-object.ts'
import type { KeyIndex, Page } from './key-index.ts'
import { S3Error } from './s3-error.ts'
import { listXml } from './s3-xml.ts'

const PARAMETERS = new Set([
  'list-type',
  'x-id',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
])

/** Writes the page that the query asks for; throws S3Error on a bad query. */
export function listObjects(
  bucket: string,
  query: readonly (readonly [string, string])[],
  index: KeyIndex,
  objects: ReadonlyMap<string, StoredObject>,
): string {
  const asked = checkedQuery(query, PARAMETERS)
  if (asked.get('list-type') !== '2') {
    throw new S3Error(400, 'InvalidArgument', 'list-type=2 is required')
  }
  const encoding = asked.get('encoding-type')
  if (encoding !== undefined && encoding !== 'url') {
    throw invalid('encoding-type', encoding)
  }
  const prefix = asked.get('prefix') ?? ''
  const delimiter = asked.get('delimiter') || undefined
  const startAfter = asked.get('start-after')
  const token = asked.get('continuation-token')
  const maxKeys = pageSize(asked.get('max-keys') ?? '1000')
  const page = index.page({
    prefix,
    delimiter,
    limit: maxKeys,
    ...(token === undefined
      ? { after: startAfter, afterPrefix: false }
      : readToken(token, bucket, prefix, delimiter)),
  })
  return listXml({
    name: bucket,
    prefix,
    delimiter,
    maxKeys,
    startAfter,
    token,
    nextToken: page.next && writeToken(page.next, bucket, prefix, delimiter),
    encodeUrl: encoding === 'url',
    contents: page.keys.map(key => [key, present(objects.get(key))]),
    commonPrefixes: page.commonPrefixes,
  })
}

/** Turns a query into a map; throws S3Error on unknown or repeated names. */
export function checkedQuery(
  query: readonly (readonly [string, string])[],
  known: ReadonlySet<string>,
): Map<string, string> {
  const map = new Map<string, string>()
  for (const [name, value] of query) {
    if (!known.has(name) || map.has(name)) throw invalid(name, value)
    map.set(name, value)
  }
  return map
}

const invalid = (name: string, value: string) =>
  new S3Error(400, 'InvalidArgument', `The parameter ${name} is not valid`, {
    ArgumentName: name,
    ArgumentValue: value,
  })

function pageSize(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalid('max-keys', text)
  return Math.min(1000, Number(text))
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an indexed key has no object')
  return value
}

const checksum = (...parts: string[]) =>
  createHmac('sha256', 'token').update(JSON.stringify(parts)).digest()

function writeToken(
  next: NonNullable<Page['next']>,
  bucket: string,
  prefix: string,
  delimiter = '',
): string {
  const place = (next.isPrefix ? 'P' : 'K') + next.after
  const sum = checksum(bucket, prefix, delimiter, place)
  return Buffer.concat([sum, Buffer.from(place)]).toString('base64')
}

function readToken(
  token: string,
  bucket: string,
  prefix: string,
  delimiter = '',
): { after: string; afterPrefix: boolean } {
  const bytes = Buffer.from(token, 'base64')
  const place = bytes.subarray(32).toString()
  const sum = checksum(bucket, prefix, delimiter, place)
  if (!sum.equals(bytes.subarray(0, 32))) {
    throw invalid('continuation-token', token)
  }
  return { after: place.slice(1), afterPrefix: place.startsWith('P') }
}
