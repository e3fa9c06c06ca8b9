// Signs requests with Signature Version 4, as S3 wants it (AWS, "Authenticating
// Requests: Using the Authorization Header"): the path is taken as it is sent,
// and the hash of the body is a header.

import { createHmac, hash } from 'node:crypto'
import type { Credentials } from './access/credentials.ts'
import type { Endpoint } from './access/endpoint.ts'

/** A request as it is sent, a POST if it has a body, else a GET: path and query encoded, the query sorted, headers by their names in lower case. */
export interface UnsignedRequest {
  path: string
  query: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** Gives all headers to send, for a time in ms. */
export type Signer = (
  request: UnsignedRequest,
  credentials: Credentials,
  time: number,
) => Record<string, string>

const sha256 = (text: string): string => hash('sha256', text, 'hex')
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

const NO_BODY = sha256('')

/** Makes a signer, which keeps the key of the day. */
export function requestSigner({ url, region, service }: Endpoint): Signer {
  let key: Buffer | undefined
  let keyOf = ''
  const keyFor = (day: string, secret: string): Buffer => {
    if (key === undefined || keyOf !== day + secret) {
      const scope = [day, region, service, 'aws4_request']
      key = scope.reduce<Buffer | string>(hmac, `AWS4${secret}`) as Buffer
      keyOf = day + secret
    }
    return key
  }

  return ({ path, query, headers: asked, body }, credentials, time) => {
    const payload = body === undefined ? NO_BODY : sha256(body)
    const method = body === undefined ? 'GET' : 'POST'
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const stamp = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')
    const day = stamp.slice(0, 8)
    const headers: Record<string, string> = {
      ...asked,
      host: url.host,
      'x-amz-content-sha256': payload,
      'x-amz-date': stamp,
    }
    if (sessionToken) headers['x-amz-security-token'] = sessionToken
    const names = Object.keys(headers).toSorted()
    const lines = names.map(name => `${name}:${canonical(headers[name] ?? '')}`)
    const signed = names.join(';')
    const request = `${method}\n${path}\n${query}\n${lines.join('\n')}\n\n${signed}\n${payload}`
    const scope = `${day}/${region}/${service}/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(request)}`
    const signature = hmac(keyFor(day, secretAccessKey), text).toString('hex')
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
    return headers
  }
}

const canonical = (value: string): string => value.trim().replace(/\s+/g, ' ')
