// What each failure of S3, STS, the SDK, Node and TLS means, in one table.
// What is met while credentials are fetched goes by credential-advice.ts first.

import {
  credentials,
  everywhere,
  here,
  type Advice,
  type Facts,
} from './advice.ts'

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
/** This machine's clock is off. */
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
const changed = here('object', 'object', 'it was changed after it was listed')
const shorter = here('object', 'object', 'it is shorter than it was listed')
const later = here('network', 'endpoint', 'it is tried again in the next cycle')
const tooMany: Advice = { ...later, about: 'load', throttled: true }
const noServer = everywhere(
  'network',
  'endpoint',
  'check Endpoint, Region, DNS and the network',
)
const noTrust = everywhere(
  'network',
  'endpoint',
  'trust the certificate authority (of the endpoint, or of a proxy that looks into TLS) with NODE_EXTRA_CA_CERTS, or check Endpoint',
)
const noTls = everywhere(
  'network',
  'endpoint',
  'check whether Endpoint is to begin with http:// or https://, and its port',
)
const odd = here('network', 'endpoint', 'check Endpoint and any proxy')
const oddRequest = here(
  'access',
  'endpoint',
  'check Endpoint, Region, BucketName and the credentials',
)

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
  SyntaxError: credentials(
    'look at what gives the process its AWS credentials',
  ),
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
  ENOTFOUND: noServer,
  ECONNREFUSED: noServer,
  EHOSTUNREACH: noServer,
  ENETUNREACH: noServer,
  EPROTO: noTls,
  CERT_HAS_EXPIRED: everywhere(
    'network',
    'endpoint',
    "have its certificate renewed, or set this machine's clock",
  ),
  CERT_NOT_YET_VALID: everywhere(
    'network',
    'endpoint',
    "set this machine's clock",
  ),
  ERR_TLS_CERT_ALTNAME_INVALID: everywhere(
    'network',
    'endpoint',
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
  return judged === wrongRegion && facts.region !== ''
    ? { ...judged, advice: `set Region to ${facts.region}` }
    : judged
}

function judge({ code, status = 0, message }: Facts): Advice {
  if (status >= 500) return statuses[status] ?? later
  if (code === 'ERR_INVALID_CHAR') return wrongKey
  if (code === 'AccessDenied' && /kms:|master key/i.test(message))
    return noKmsKey
  // A server may well name its error `constructor`.
  if (Object.hasOwn(known, code)) return known[code] ?? later
  for (const [family, advice] of families) if (family.test(code)) return advice
  if (status >= 400) return refusal(code, statuses[status] ?? oddRequest)
  return status > 0 ? (statuses[status] ?? odd) : later
}

// What answers without S3's words is hardly S3; with them it means the request.
const refusal = (code: string, advice: Advice): Advice =>
  advice.about !== 'endpoint' ||
  advice.kind !== 'access' ||
  code.startsWith('HTTP ')
    ? advice
    : { ...advice, about: 'permission' }
