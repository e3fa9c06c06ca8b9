// The meaning of each failure of S3, STS, the SDK, Node and TLS, in one table.
// Failures while credentials are fetched are judged by credential-advice.ts
// first.

import {
  credentials,
  everywhere,
  here,
  type Advice,
  type Facts,
} from './advice.ts'
import { tlsFault, type TlsFault } from './tls-fault.ts'

const unsigned = (advice: string): Advice => ({
  ...credentials(advice),
  unsigned: true,
})

const CHECK_KEYS = 'check AccessKeyId and SecretAccessKey'
const wrongKey = unsigned(CHECK_KEYS)
const wrongSession = unsigned('renew the temporary credentials')
const noCredentials = credentials(
  'set AccessKeyId and SecretAccessKey, or give the process AWS credentials',
)
/** This machine's clock is wrong. */
export const wrongClock = everywhere(
  'access',
  'clock',
  "set this machine's clock",
)
const noBucket = everywhere('access', 'bucket', 'check BucketName')
const wrongRegion = everywhere('access', 'region', "set Region to the bucket's")
const noPermission = here('access', 'permission', 'allow ')
const noKmsKey = here(
  'access',
  'kmsKey',
  "allow kms:Decrypt on the KMS key that the object is encrypted with, in the key's policy too if it is another account's, and see that it is enabled",
)
const customerKey = here(
  'object',
  'object',
  'it is encrypted with a key of its owner alone (SSE-C), which cannot be given here: have it stored with SSE-S3 or SSE-KMS, or leave it out with Exclusions or ExclusionDirectories',
)
const changed = here('object', 'object', 'it was changed after it was listed')
const shorter = here('object', 'object', 'it is shorter than it was listed')
/** The next cycle does this anyway. */
export const later = here(
  'network',
  'endpoint',
  'it is tried again in the next cycle',
)
const tooMany: Advice = { ...later, about: 'load', throttled: true }
const noServer = (advice: string): Advice =>
  everywhere('network', 'endpoint', advice)
const noName = noServer('check Endpoint, Region and DNS')
const refused = noServer(
  'check Endpoint and its port, the network and any firewall',
)
const noWay = noServer('check the network, Endpoint and any firewall')
// One stalled connection says nothing about the others.
const noReply = here(
  'network',
  'endpoint',
  'check Endpoint and its port, the network and any firewall (in a VPC its endpoint for S3 or its NAT)',
)
// A server that expects TLS stays silent, or answers in TLS.
const noTls = here(
  'network',
  'endpoint',
  'it is tried again in the next cycle; if this lasts, check whether Endpoint should begin with https:// instead of http://, and its port',
)
const odd = here('network', 'endpoint', 'check Endpoint and any proxy')
const oddRequest = here(
  'access',
  'endpoint',
  'check Endpoint, Region, BucketName and the credentials',
)

const tlsCures: Readonly<Record<TlsFault, string>> = {
  expired: "have its certificate renewed, or set this machine's clock",
  early: "set this machine's clock",
  name: 'its certificate is for another name: check Endpoint, and set ForcePathStyle=true if BucketName has dots',
  client:
    'the server asks for a certificate of the client, which cannot be given here: set Endpoint to an address that asks for none, or to a local proxy that gives one, such as stunnel',
  weak: "the server's certificate or key is too weak: have it replaced by one of RSA 2048 bits or more, or of ECDSA, signed with SHA-256",
  old: 'the server, or a proxy that looks into TLS, and Node have no version or cipher of TLS in common: have it speak TLS 1.2 or newer',
  refused:
    'the server ended the handshake: it has no cipher of TLS in common with Node, or asks for a certificate of the client, which cannot be given here',
  untrusted:
    'trust the certificate authority (of the endpoint, or of a proxy that looks into TLS) with NODE_EXTRA_CA_CERTS, or check Endpoint',
  plain:
    'check whether Endpoint should begin with http:// or https://, and its port',
}

const known: Readonly<Record<string, Advice>> = {
  InvalidAccessKeyId: unsigned(
    `${CHECK_KEYS}: S3 knows no such key id, so it is mistyped or deleted`,
  ),
  SignatureDoesNotMatch: unsigned(
    `${CHECK_KEYS}: S3 knows the key id, but the secret is not the one that belongs to it`,
  ),
  InvalidClientTokenId: wrongKey,
  UnrecognizedClientException: wrongKey,
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  SyntaxError: credentials('check the source of the process AWS credentials'),
  ExpiredToken: wrongSession,
  ExpiredTokenException: wrongSession,
  InvalidToken: wrongSession,
  TokenRefreshRequired: wrongSession,
  RequestTimeTooSkewed: wrongClock,
  NoSuchBucket: noBucket,
  InvalidBucketName: noBucket,
  PermanentRedirect: wrongRegion,
  TemporaryRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  AccessDenied: noPermission,
  InvalidObjectState: here(
    'object',
    'object',
    'restore it from the archive first',
  ),
  NoSuchKey: here('object', 'object', 'it was deleted after it was listed'),
  PreconditionFailed: changed,
  InvalidRange: shorter,
  RequestTimeout: later,
  ENOTFOUND: noName,
  ECONNREFUSED: refused,
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  ETIMEDOUT: noReply,
}

// The statement that each of these makes about the host.
const met = new Map([
  [noName, 'no address is known for'],
  [refused, 'connections are refused by'],
  [noWay, 'there is no route to'],
  [noReply, 'no answer came from'],
])

// Node's codes and ours.
const NO_HTTP = /^HPE_|^NoHttp$/

const families: readonly (readonly [RegExp, Advice])[] = [
  [/^SlowDown|Throttl|^TooManyRequests|LimitExceeded/, tooMany],
  [/^KMS\./i, noKmsKey],
  [/^EAI_/, noName],
  [NO_HTTP, odd],
]

const statuses: Readonly<Record<number, Advice>> = {
  401: everywhere('access', 'endpoint', 'check Endpoint and any proxy'),
  403: here(
    'access',
    'endpoint',
    'check the permissions, Endpoint and any proxy',
  ),
  404: here('access', 'endpoint', 'check Endpoint, BucketName and any proxy'),
  407: everywhere('access', 'proxy', "check the proxy's UserName and Password"),
  408: later,
  409: later,
  412: changed,
  416: shorter,
  429: tooMany,
  503: tooMany,
}

/** Judges a failure of a request that needs a permission. */
export function adviceOn(
  facts: Facts,
  permission = 's3:ListBucket and s3:GetObject on it',
): Advice {
  const judged = judge(facts)
  if (judged === noPermission)
    return { ...judged, advice: `allow ${permission}` }
  const what = met.get(judged)
  if (what !== undefined && facts.place !== '')
    return { ...judged, advice: `${judged.advice}: ${what} ${facts.place}` }
  return judged === wrongRegion && facts.region !== ''
    ? { ...judged, advice: `set Region to ${facts.region}` }
    : judged
}

function judge(facts: Facts): Advice {
  const { code, status = 0, message, region, location, isPlain } = facts
  if (isPlain && status === 0 && (code === 'ECONNRESET' || NO_HTTP.test(code)))
    return noTls
  if (status >= 500) return statuses[status] ?? later
  if (code === 'ERR_INVALID_CHAR') return wrongKey
  if (code === 'AccessDenied' && /kms:|master key/i.test(message))
    return noKmsKey
  if (status === 400 && /Server.Side Encryption|SSE-C/i.test(message))
    return customerKey
  // A server may name its error `constructor`.
  if (Object.hasOwn(known, code)) return known[code] ?? later
  for (const [family, advice] of families) if (family.test(code)) return advice
  const fault = status === 0 ? tlsFault(code, message) : undefined
  if (fault) return everywhere('network', 'endpoint', tlsCures[fault])
  if (status >= 300 && status < 400) return redirected(location, region)
  if (status >= 400) return refusal(code, statuses[status] ?? oddRequest)
  return status > 0 ? (statuses[status] ?? odd) : later
}

// S3 names the region of the bucket; any other redirection is not from S3, or
// not from S3 at this address.
function redirected(location: string, region: string): Advice {
  if (region !== '') return wrongRegion
  if (location === '') return odd
  return everywhere(
    'access',
    'endpoint',
    `it redirects to ${location}: set Endpoint to that, if it is the store, and check any proxy`,
  )
}

// An answer without S3's error document is hardly S3's; one with it is about
// the request.
const refusal = (code: string, advice: Advice): Advice =>
  advice.about !== 'endpoint' ||
  advice.kind !== 'access' ||
  code.startsWith('HTTP ')
    ? advice
    : { ...advice, about: 'permission' }
