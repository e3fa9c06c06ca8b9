// Knows what each failure of S3, STS, the SDK, Node and TLS means: who is to
// blame, whether any other request would fail alike, and what a person does.

import type { SourceErrorKind } from './source-error.ts'

/** What is known of a failure before it is judged. */
export interface Facts {
  code: string
  message: string
  status: number | undefined
  /** The bucket's region, or blank if S3 did not tell. */
  region: string
}

export interface Advice {
  kind: SourceErrorKind
  advice: string
  everywhere?: boolean
  throttled?: boolean
  unsigned?: boolean
}

const here = (kind: SourceErrorKind, advice: string): Advice => ({
  kind,
  advice,
})
/** Advises on what any other request would meet as well. */
export const everywhere = (kind: SourceErrorKind, advice: string): Advice => ({
  kind,
  advice,
  everywhere: true,
})

const unsigned = (advice: string): Advice => ({
  ...everywhere('access', advice),
  unsigned: true,
})

const wrongKey = unsigned('check AccessKeyId and SecretAccessKey')
const wrongSession = unsigned('renew the temporary credentials')
const noCredentials = everywhere(
  'access',
  'set AccessKeyId and SecretAccessKey, or give the process AWS credentials',
)
const noBucket = everywhere('access', 'check BucketName')
const wrongRegion = everywhere('access', "set Region to the bucket's")
const changed = here('object', 'it was changed after it was listed')
const shorter = here('object', 'it is shorter than it was listed')
const later = here('network', 'it is tried again in the next cycle')
const tooMany: Advice = { ...later, throttled: true }
const noServer = everywhere(
  'network',
  'check Endpoint, Region, DNS and the network',
)
const noTrust = everywhere(
  'network',
  'trust the certificate authority (of the endpoint, or of a proxy that looks into TLS) with NODE_EXTRA_CA_CERTS, or check Endpoint',
)
const noTls = everywhere(
  'network',
  'check whether Endpoint is to begin with http:// or https://, and its port',
)
const odd = here('network', 'check Endpoint and any proxy')
const oddRequest = here(
  'access',
  'check Endpoint, Region, BucketName and the credentials',
)
const oddETag = here(
  'object',
  'no request can hold the ETag it was listed with',
)
const noKmsKey = here(
  'access',
  'allow kms:Decrypt on its KMS key, which must be enabled',
)

const known: Readonly<Record<string, Advice>> = {
  InvalidAccessKeyId: wrongKey,
  InvalidClientTokenId: wrongKey,
  SignatureDoesNotMatch: wrongKey,
  UnrecognizedClientException: wrongKey,
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  SyntaxError: everywhere(
    'access',
    'look at what gives the process its AWS credentials',
  ),
  ExpiredToken: wrongSession,
  ExpiredTokenException: wrongSession,
  InvalidToken: wrongSession,
  TokenRefreshRequired: wrongSession,
  RequestTimeTooSkewed: everywhere('access', "set this machine's clock"),
  NoSuchBucket: noBucket,
  InvalidBucketName: noBucket,
  PermanentRedirect: wrongRegion,
  TemporaryRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  AccessDenied: here('access', 'allow s3:ListBucket and s3:GetObject on it'),
  InvalidObjectState: here('object', 'restore it from the archive first'),
  NoSuchKey: here('object', 'it was deleted after it was listed'),
  PreconditionFailed: changed,
  InvalidRange: shorter,
  RequestTimeout: later,
  ENOTFOUND: noServer,
  ECONNREFUSED: noServer,
  EHOSTUNREACH: noServer,
  ENETUNREACH: noServer,
  EPROTO: noTls,
  CERT_HAS_EXPIRED: everywhere(
    'network',
    "have its certificate renewed, or set this machine's clock",
  ),
  CERT_NOT_YET_VALID: everywhere('network', "set this machine's clock"),
  ERR_TLS_CERT_ALTNAME_INVALID: everywhere(
    'network',
    'its certificate is for another name: check Endpoint, and set ForcePathStyle=true if BucketName has dots',
  ),
}

const families: readonly (readonly [RegExp, Advice])[] = [
  [/^SlowDown|Throttl|^TooManyRequests|LimitExceeded/, tooMany],
  [/^KMS\./i, noKmsKey],
  [/^ERR_SSL_.*(VERSION|PROTOCOL|HANDSHAKE|PACKET_LENGTH)/, noTls],
  [/CERT|^UNABLE_TO_|^CRL_|^HOSTNAME_MISMATCH/, noTrust],
  [/^EAI_/, noServer],
  [/^HPE_/, odd],
]

const statuses: Readonly<Record<number, Advice>> = {
  301: wrongRegion,
  307: wrongRegion,
  401: everywhere('access', 'check Endpoint and any proxy'),
  403: here('access', 'check the permissions, Endpoint and any proxy'),
  404: here('access', 'check Endpoint, BucketName and any proxy'),
  407: everywhere('access', "check the proxy's UserName and Password"),
  408: later,
  409: later,
  412: changed,
  416: shorter,
  429: tooMany,
  503: tooMany,
}

/** Judges a failure. */
export function adviceOn(facts: Facts): Advice {
  const advice = judge(facts)
  return advice === wrongRegion && facts.region !== ''
    ? { ...advice, advice: `set Region to ${facts.region}` }
    : advice
}

function judge({ code, status = 0, message }: Facts): Advice {
  if (status >= 500) return statuses[status] ?? later
  if (code === 'ERR_INVALID_CHAR')
    return message.includes('"if-match"') ? oddETag : wrongKey
  if (code === 'AccessDenied' && /kms:|master key/i.test(message))
    return noKmsKey
  // A server may well name its error `constructor`.
  if (Object.hasOwn(known, code)) return known[code] ?? later
  for (const [family, advice] of families) if (family.test(code)) return advice
  if (status >= 400) return statuses[status] ?? oddRequest
  return status > 0 ? (statuses[status] ?? odd) : later
}
