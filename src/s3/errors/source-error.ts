// Turns anything that the SDK, the network or S3 throws into one error with a
// kind (its cause), a scope (this object, or every request alike) and one line
// that states the answer and the remedy, without any secret.

import { concealed } from '../../report/conceal.ts'
import {
  AdvisedError,
  type Advice,
  type Facts,
  type SourceErrorKind,
  type Subject,
} from './advice.ts'
import { adviceOn } from './error-advice.ts'

// The subject of a failure if only its kind is known.
const SUBJECTS = {
  access: 'permission',
  network: 'endpoint',
  object: 'object',
} as const

/** The error of a failed request; `affectsAll` if any other would fail alike, `throttled` if S3 asks for fewer, `unsigned` if there are no valid credentials. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: string
  readonly kind: SourceErrorKind
  readonly about: Subject
  /** The key of the object, if the request was for many. */
  readonly key: string | undefined
  readonly affectsAll: boolean
  readonly throttled: boolean
  readonly unsigned: boolean

  constructor(
    message: string,
    details: {
      code: string
      kind: SourceErrorKind
      about?: Subject
      key?: string | undefined
      affectsAll?: boolean
      throttled?: boolean
      unsigned?: boolean
    },
  ) {
    super(concealed(message))
    this.code = details.code
    this.kind = details.kind
    this.about =
      details.about ??
      (details.unsigned ? 'credentials' : SUBJECTS[details.kind])
    this.key = details.key
    this.affectsAll = details.affectsAll ?? false
    this.throttled = details.throttled ?? false
    this.unsigned = details.unsigned ?? false
  }
}

/** Makes a SourceError of any error thrown while `doing` something, such as `listing s3://b/p/`. */
export function sourceError(
  cause: unknown,
  doing: string,
  judge: (facts: Facts) => Advice = adviceOn,
): SourceError {
  if (cause instanceof SourceError) return cause
  const facts = factsOf(cause)
  const { code, status, message } = facts
  const { advice, ...judged } =
    cause instanceof AdvisedError ? cause.advice : judge(facts)
  const isNamed = status === undefined || code.startsWith('HTTP')
  const told = [isNamed ? '' : `HTTP ${status}`, requestOf(cause)]
  const answer = told.some(Boolean)
    ? ` (${told.filter(Boolean).join(', ')})`
    : ''
  const said = message === '' || message === code ? '' : `: ${message}`
  return new SourceError(`${doing}: ${code}${answer}${said}; ${advice}`, {
    code,
    ...judged,
  })
}

/** Tells whether the request was only ended by its signal, which says nothing about S3. */
export function isCutOff(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'AbortError'
}

/** Tells whether the same request may succeed a little later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof SourceError && error.kind === 'network'
}

interface ErrorLike {
  place?: unknown
  isPlain?: unknown
  errors?: unknown
  name?: unknown
  code?: unknown
  Code?: unknown
  message?: unknown
  Region?: unknown
  RequestId?: unknown
  $metadata?: { httpStatusCode?: unknown; requestId?: unknown }
  $response?: { headers?: Record<string, unknown> }
}

function factsOf(cause: unknown): Facts {
  const thrown = (
    typeof cause === 'object' ? (cause ?? {}) : { message: String(cause) }
  ) as ErrorLike
  const error = Array.isArray(thrown.errors)
    ? { ...joined(thrown.errors), $metadata: thrown.$metadata }
    : thrown
  const number = error.$metadata?.httpStatusCode
  const status = typeof number === 'number' ? number : undefined
  const names = [error.name, error.code, error.Code]
    .map(firstLine)
    .filter(name => !NAMELESS.has(name))
  const [code, other = ''] = names
  return {
    code: code ?? (status === undefined ? 'UnknownError' : `HTTP ${status}`),
    message:
      cause instanceof SyntaxError
        ? NO_JSON
        : spoken(firstLine(error.message)) || other,
    status,
    region:
      firstLine(error.Region) ||
      firstLine(error.$response?.headers?.['x-amz-bucket-region']),
    location: placeOf(firstLine(error.$response?.headers?.['location'])),
    place: firstLine(thrown.place),
    isPlain: thrown.isPlain === true,
  }
}

// The ids that AWS's support asks for; a store may send anything.
function requestOf(cause: unknown): string {
  const { $response, $metadata, RequestId } = Object(cause) as ErrorLike
  const ids = [
    $response?.headers?.['x-amz-request-id'],
    RequestId,
    $metadata?.requestId,
  ]
  const id = ids.map(firstLine).find(one => /^[\w+/=.:-]{1,64}$/.test(one))
  return id === undefined ? '' : `request ${id}`
}

// A query or a login may be a secret, and a path the key of an object.
const placeOf = (location: string): string =>
  URL.canParse(location)
    ? new URL(location).origin
    : (/^[^?#]*/.exec(location)?.[0] ?? '')

// The errors of one host's addresses, tried one after the other. A machine
// often lacks one of the two families, and that error says less than the other
// one.
function joined(causes: readonly unknown[]): ErrorLike {
  const errors = causes.filter(cause => cause instanceof Error) as ErrorLike[]
  const told = errors.find(({ code }) => !FAMILY_LACKS.has(String(code)))
  const messages = new Set(errors.map(({ message }) => message))
  return { ...(told ?? errors[0]), message: [...messages].join(', ') }
}

const FAMILY_LACKS = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'])

// Node's message quotes the text that could not be parsed: it may be
// credentials.
const NO_JSON = 'the SDK was given text that is not JSON'

// Generic error names, which a better name replaces if there is one.
const NAMELESS = new Set([
  '',
  'Error',
  'ProxyError',
  'RangeError',
  'TypeError',
  'URIError',
  'TimeoutError',
  'NotFound',
  'Unknown',
  'UnknownError',
])

// OpenSSL's own text is between numbers and file names.
const spoken = (message: string): string =>
  message === 'UnknownError'
    ? ''
    : (/:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message).replace(
        /[.: ]+$/,
        '',
      )

// A complete secret is recognized in any spelling, a part of one is not.
const MAX_SECRET = 64 * 1024

// A server's message may be long, and its later lines may hold secrets.
const firstLine = (value: unknown): string =>
  typeof value === 'string'
    ? (/^.*/.exec(concealed(value.slice(0, MAX_SECRET)))?.[0] ?? '').slice(
        0,
        300,
      )
    : ''
