// Checks Signature Version 4 in the Authorization header, as S3 applies it: the
// path is encoded once and never normalized, the payload hash is a header.
// Stricter than S3: x-amz-date is required, and every x-amz header be signed.
// For STS, whose only path is the slash, the same with the hash of its body.

import { createHash, createHmac } from 'node:crypto'
import { S3Error } from './s3-error.ts'

/** A secret access key, and the session token that must come with it. */
export interface Credential {
  secret: string
  token?: string | undefined
  /** When it expires, in ms since 1970. */
  expires?: number | undefined
}

/** What is signed: path and query decoded, every value of every header. */
export interface SignedRequest {
  method: string
  path: string
  query: readonly (readonly [string, string])[]
  headers: NodeJS.Dict<string[]>
}

/** What requests are held to; times in ms. */
export interface SignatureRules {
  credentials: ReadonlyMap<string, Credential>
  region: string
  now: number
  maxSkewMs: number
  /** The service's name in the scope, and the body; S3 without one unless given. */
  service?: string
  body?: string
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
const REQUIRED = ['host', 'x-amz-content-sha256', 'x-amz-date']

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest()
const UNSIGNED = 'UNSIGNED-PAYLOAD'

/** Throws S3Error, with S3's status and code, unless the signature holds. */
export function checkSignature(
  request: SignedRequest,
  rules: SignatureRules,
): void {
  const header = (name: string) => request.headers[name]?.join(',')
  const authorization = header('authorization')
  if (authorization === undefined) throw denied('The request is not signed')
  const [, id = '', date = '', region = '', service, names = '', given] =
    AUTHORIZATION.exec(authorization) ?? []
  if (given === undefined) throw malformed('The header cannot be read')
  if (region !== rules.region) {
    throw malformed(
      `The region '${region}' is wrong; expecting '${rules.region}'`,
      { Region: rules.region },
      { 'x-amz-bucket-region': rules.region },
    )
  }
  const { service: wanted = 's3', body = '' } = rules
  if (service !== wanted) throw malformed(`The service is not ${wanted}`)
  const signed = names.split(';')
  if (names !== signed.toSorted().join(';')) {
    throw malformed('SignedHeaders is not sorted')
  }
  const sent = Object.keys(request.headers).filter(n => n.startsWith('x-amz-'))
  const unsigned = [...REQUIRED, ...sent].filter(n => !signed.includes(n))
  if (unsigned.length > 0) {
    throw denied('There were headers present which were not signed', {
      HeadersNotSigned: unsigned.join(','),
    })
  }
  const stamp = header('x-amz-date') ?? ''
  checkTime(stamp, rules)
  if (!stamp.startsWith(date)) throw malformed('The credential date is wrong')
  const payload = header('x-amz-content-sha256') ?? ''
  if (payload !== sha256(body) && payload !== UNSIGNED) {
    throw new S3Error(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match",
    )
  }
  const credential = rules.credentials.get(id)
  if (!credential) {
    throw new S3Error(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: id },
    )
  }
  if (header('x-amz-security-token') !== credential.token) {
    throw new S3Error(
      400,
      'InvalidToken',
      'The provided token is malformed or otherwise invalid.',
    )
  }
  if (credential.expires !== undefined && rules.now >= credential.expires) {
    throw new S3Error(400, 'ExpiredToken', 'The provided token has expired.')
  }
  const expected = signature(request, signed, credential.secret, region, wanted)
  if (expected !== given) {
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
      { AWSAccessKeyId: id, SignatureProvided: given },
    )
  }
}

/** Computes a signature in hexadecimal (AWS, "Signature Version 4", S3). */
export function signature(
  request: SignedRequest,
  signedHeaders: readonly string[],
  secret: string,
  region: string,
  service = 's3',
): string {
  const value = (name: string) =>
    (request.headers[name] ?? [])
      .map(text => text.trim().replace(/ +/g, ' '))
      .join(',')
  const canonical = [
    request.method,
    request.path.split('/').map(uriEncode).join('/'),
    canonicalQuery(request.query),
    ...signedHeaders.map(name => `${name}:${value(name)}`),
    '',
    signedHeaders.join(';'),
    value('x-amz-content-sha256'),
  ].join('\n')
  const stamp = value('x-amz-date')
  const scope = [stamp.slice(0, 8), region, service, 'aws4_request']
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${secret}`)
  const text = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonical)]
  return hmac(key, text.join('\n')).toString('hex')
}

const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const canonicalQuery = (query: SignedRequest['query']) =>
  query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map(pair => pair.join('='))
    .join('&')

function checkTime(stamp: string, rules: SignatureRules): void {
  const iso = stamp.replace(
    /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/,
    '$1-$2-$3:$4:$5',
  )
  const skew = Math.abs(Date.parse(iso) - rules.now)
  if (Number.isNaN(skew) || iso === stamp) {
    throw denied('A valid x-amz-date header is required')
  }
  if (skew > rules.maxSkewMs) {
    throw new S3Error(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      { RequestTime: stamp, ServerTime: new Date(rules.now).toISOString() },
    )
  }
}

const denied = (message: string, details = {}) =>
  new S3Error(403, 'AccessDenied', message, details)

const malformed = (message: string, details = {}, headers = {}) =>
  new S3Error(
    400,
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; ${message}`,
    details,
    headers,
  )
