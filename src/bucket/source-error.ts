// Turns whatever the SDK, the network or S3 throws into one error with a kind
// (who is to blame), a scope (this object, or every request alike) and a
// sentence on what to do. Whether another try is worth it is decided here too.

/**
 * Who is to blame: `access` (credentials, bucket, permission), `network` (S3
 * not reached or throttled), `object` (this object alone).
 */
export type SourceErrorKind = 'access' | 'network' | 'object'

/** Reports a request that failed; `everywhere` when any other would fail alike. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: string
  readonly kind: SourceErrorKind
  readonly everywhere: boolean
  readonly throttled: boolean

  constructor(
    message: string,
    details: {
      code: string
      kind: SourceErrorKind
      everywhere?: boolean
      throttled?: boolean
    },
  ) {
    super(message)
    this.code = details.code
    this.kind = details.kind
    this.everywhere = details.everywhere ?? false
    this.throttled = details.throttled ?? false
  }
}

interface Advice {
  kind: SourceErrorKind
  everywhere: boolean
  advice: string
}

const everywhere = (kind: SourceErrorKind, advice: string): Advice => ({
  kind,
  everywhere: true,
  advice,
})
const here = (kind: SourceErrorKind, advice: string): Advice => ({
  kind,
  everywhere: false,
  advice,
})

const wrongKey = 'check AccessKeyId and SecretAccessKey'
const wrongSession = 'renew the temporary credentials'
const wrongClock = "set this machine's clock"
const later = 'it is tried again in the next cycle'
const noServer = 'check Endpoint, Region, DNS and the network'
const noTrust =
  'trust the certificate authority with NODE_EXTRA_CA_CERTS, or check Endpoint'

// Error codes of S3, STS, the SDK and Node, and what a person does about them.
const known: Readonly<Record<string, Advice>> = {
  InvalidAccessKeyId: everywhere('access', wrongKey),
  SignatureDoesNotMatch: everywhere('access', wrongKey),
  UnrecognizedClientException: everywhere('access', wrongKey),
  CredentialsProviderError: everywhere(
    'access',
    'set AccessKeyId and SecretAccessKey, or give the process AWS credentials',
  ),
  ExpiredToken: everywhere('access', wrongSession),
  InvalidToken: everywhere('access', wrongSession),
  TokenRefreshRequired: everywhere('access', wrongSession),
  RequestTimeTooSkewed: everywhere('access', wrongClock),
  NoSuchBucket: everywhere('access', 'check BucketName'),
  InvalidBucketName: everywhere('access', 'check BucketName'),
  PermanentRedirect: everywhere('access', "set Region to the bucket's"),
  AuthorizationHeaderMalformed: everywhere(
    'access',
    "set Region to the bucket's",
  ),
  AccessDenied: here('access', 'allow s3:ListBucket and s3:GetObject on it'),
  InvalidObjectState: here('object', 'restore it from the archive first'),
  NoSuchKey: here('object', 'it was deleted after it was listed'),
  PreconditionFailed: here('object', 'it was changed after it was listed'),
  InvalidRange: here('object', 'it is shorter than it was listed'),
  RequestTimeout: here('network', later),
  ENOTFOUND: everywhere('network', noServer),
  EAI_AGAIN: everywhere('network', noServer),
  ECONNREFUSED: everywhere('network', noServer),
  EHOSTUNREACH: everywhere('network', noServer),
  ENETUNREACH: everywhere('network', noServer),
  DEPTH_ZERO_SELF_SIGNED_CERT: everywhere('network', noTrust),
  SELF_SIGNED_CERT_IN_CHAIN: everywhere('network', noTrust),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: everywhere('network', noTrust),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: everywhere('network', noTrust),
  CERT_HAS_EXPIRED: everywhere('network', noTrust),
  ERR_TLS_CERT_ALTNAME_INVALID: everywhere('network', noTrust),
}

// A server may well name its error `constructor`.
const adviceOn = (code: string): Advice | undefined =>
  Object.hasOwn(known, code) ? known[code] : undefined

/** Makes a SourceError of anything thrown while `doing` something, such as `listing s3://b/p/`. */
export function sourceError(cause: unknown, doing: string): SourceError {
  if (cause instanceof SourceError) return cause
  const facts = read(cause)
  const code = adviceOn(facts.code) ? facts.code : (facts.name ?? facts.code)
  const { kind, everywhere: all, advice } = adviceOn(code) ?? judge(facts, code)
  const region = facts.region === undefined ? '' : ` (it is ${facts.region})`
  const status = facts.status === undefined ? '' : ` (HTTP ${facts.status})`
  const said = facts.message && facts.message !== code ? facts.message : ''
  return new SourceError(
    `${doing}: ${code}${status}${said && `: ${said}`}; ${advice}${region}`,
    { code, kind, everywhere: all },
  )
}

/** Decides whether the same request may well succeed a little later. */
export function worthRetry(error: unknown): boolean {
  return error instanceof SourceError && error.kind === 'network'
}

interface Facts {
  name: string | undefined
  code: string
  message: string
  status: number | undefined
  region: string | undefined
}

function judge({ status, name }: Facts, code: string): Advice {
  if (code.startsWith('KMS.') || code.startsWith('Kms'))
    return here('access', 'allow kms:Decrypt on its key')
  if (status === 401 || status === 407)
    return everywhere('access', 'the proxy or server wants other credentials')
  if (status === 403) return here('access', 'check the permissions')
  if (status === 301 || status === 307)
    return everywhere('access', "set Region to the bucket's")
  if (status === 404) return here('object', 'it was deleted')
  if (status === 400 && name !== undefined)
    return here('access', 'check Region, BucketName and the credentials')
  return here('network', later)
}

function read(cause: unknown): Facts {
  if (typeof cause !== 'object' || cause === null)
    return { ...nothing, message: String(cause) }
  const error = cause as Record<string, unknown>
  const metadata = error['$metadata'] as Record<string, unknown> | undefined
  const response = error['$response'] as
    { headers?: Record<string, string> } | undefined
  return {
    name: text(error['name']),
    code: text(error['code']) ?? text(error['Code']) ?? 'UnknownError',
    message: text(error['message']) ?? '',
    status: number(metadata?.['httpStatusCode']),
    region: text(error['Region']) ?? response?.headers?.['x-amz-bucket-region'],
  }
}

const nothing: Facts = {
  name: undefined,
  code: 'UnknownError',
  message: '',
  status: undefined,
  region: undefined,
}

// What a server says may be long, and secrets in it come in later lines.
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? /^.{1,300}/.exec(value)?.[0] : undefined
const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined
