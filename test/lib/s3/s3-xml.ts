// Writes S3's two documents, an error and a ListObjectsV2 page. A key that XML
// 1.0 cannot hold is answered with 500, so that a client has to ask for
// encoding-type=url; real S3 sends XML there that parsers refuse.

import { S3Error } from './s3-error.ts'
import type { StoredObject } from './get-object.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const UNFIT = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

const escapeXml = (text: string) => {
  if (UNFIT.test(text)) {
    throw new S3Error(500, 'InternalError', 'XML 1.0 cannot hold this key')
  }
  return text.replace(/[&<>"\t\n\r]/g, char => `&#${char.charCodeAt(0)};`)
}

// As Java's URLEncoder does, but for the slash: what S3 was seen to send.
const escapeUrl = (text: string) =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, char => `%${char.charCodeAt(0).toString(16)}`)
    .replace(/%[0-9a-f]{2}/g, hex => hex.toUpperCase())
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')

const element = (name: string, value: string | number | boolean | undefined) =>
  value === undefined ? '' : `<${name}>${value}</${name}>`

/** Writes S3's error document, with the request id it was answered under. */
export function errorXml(error: S3Error, requestId: string): string {
  const details = Object.entries(error.details)
    .map(([name, value]) => element(name, escapeXml(value)))
    .join('')
  return (
    `${HEAD}<Error>${element('Code', error.code)}` +
    element('Message', escapeXml(error.message)) +
    `${details}${element('RequestId', requestId)}` +
    '<HostId>stand-in</HostId></Error>'
  )
}

/** What a ListObjectsV2 page says; texts still plain. */
export interface ListPage {
  name: string
  prefix: string
  delimiter: string | undefined
  maxKeys: number
  startAfter: string | undefined
  token: string | undefined
  nextToken: string | undefined
  encodeUrl: boolean
  contents: readonly (readonly [key: string, object: StoredObject])[]
  commonPrefixes: readonly string[]
}

/** Writes a ListBucketResult document (API reference, ListObjectsV2). */
export function listXml(page: ListPage): string {
  const text = page.encodeUrl ? escapeUrl : escapeXml
  const maybe = (value: string | undefined) =>
    value === undefined ? undefined : text(value)
  const contents = page.contents.map(
    ([key, object]) =>
      `<Contents>${element('Key', text(key))}` +
      element('LastModified', wholeSeconds(object.modified)) +
      element('ETag', escapeXml(object.etag)) +
      element('Size', object.size) +
      `${element('StorageClass', object.storageClass)}</Contents>`,
  )
  const prefixes = page.commonPrefixes.map(
    prefix =>
      `<CommonPrefixes>${element('Prefix', text(prefix))}</CommonPrefixes>`,
  )
  return (
    `${HEAD}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    element('Name', page.name) +
    element('Prefix', text(page.prefix)) +
    element('Delimiter', maybe(page.delimiter)) +
    element('StartAfter', maybe(page.startAfter)) +
    element('ContinuationToken', page.token) +
    element('NextContinuationToken', page.nextToken) +
    element('KeyCount', contents.length + prefixes.length) +
    element('MaxKeys', page.maxKeys) +
    element('EncodingType', page.encodeUrl ? 'url' : undefined) +
    element('IsTruncated', page.nextToken !== undefined) +
    `${contents.join('')}${prefixes.join('')}</ListBucketResult>`
  )
}

const wholeSeconds = (ms: number) =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString()
