// Signs requests with Signature Version 4 by S3's rules (AWS, "Authenticating
// Requests: Using the Authorization Header"): the path is signed as it is sent,
// and the hash of the body is a header.

import { createHmac, hash } from 'node:crypto'
import type { Credentials } from './access/credentials.ts'
import type { Endpoint } from './access/endpoint.ts'
import { headerLines } from './http/send.ts'

/** A request as it is sent, a POST if it has a body, else a GET: path and query encoded, the query sorted, headers by their names in lower case. */
export interface UnsignedRequest {
  path: string
  query: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** Gives the lines of all headers to send, for a time in ms; throws for a value that cannot be sent. */
export type Signer = (
  request: UnsignedRequest,
  credentials: Credentials,
  time: number,
) => string

const sha256 = (text: string): string => hash('sha256', text, 'hex')
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

const NO_BODY = sha256('')

/** Makes a signer, which keeps the key of the day, and the parts that all requests of a second share. */
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

  const prepare = (
    asked: UnsignedRequest['headers'],
    payload: string,
    credentials: Credentials,
    second: number,
  ) => {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const time = new Date(second * 1000).toISOString()
    const stamp = time.replace(/[-:]|\.\d+/g, '')
    const day = stamp.slice(0, 8)
    const headers: Record<string, string> = {
      ...asked,
      host: url.host,
      'x-amz-content-sha256': payload,
      'x-amz-date': stamp,
    }
    if (sessionToken) headers['x-amz-security-token'] = sessionToken
    const names = Object.keys(headers).toSorted()
    const canonicalLines = names.map(
      name => `${name}:${canonical(headers[name] ?? '')}`,
    )
    const signed = names.join(';')
    const scope = `${day}/${region}/${service}/aws4_request`
    return {
      asked,
      payload,
      credentials,
      second,
      key: keyFor(day, secretAccessKey),
      lines: headerLines(headers),
      request: `${canonicalLines.join('\n')}\n\n${signed}\n${payload}`,
      text: `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n`,
      authorization: `authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=`,
    }
  }
  let last: ReturnType<typeof prepare> | undefined

  return ({ path, query, headers, body }, credentials, time) => {
    const payload = body === undefined ? NO_BODY : sha256(body)
    const method = body === undefined ? 'GET' : 'POST'
    const second = Math.floor(time / 1000)
    const isSame =
      last?.second === second &&
      last.asked === headers &&
      last.payload === payload &&
      last.credentials === credentials
    const same =
      isSame && last ? last : prepare(headers, payload, credentials, second)
    last = same
    const text =
      same.text + sha256(`${method}\n${path}\n${query}\n${same.request}`)
    const signature = createHmac('sha256', same.key).update(text).digest('hex')
    return `${same.lines}${same.authorization}${signature}\r\n`
  }
}

const canonical = (value: string): string => value.trim().replace(/\s+/g, ' ')
