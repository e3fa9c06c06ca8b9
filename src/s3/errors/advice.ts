// The judgement of a failure: its cause, its subject, whether any other request
// would fail alike, and the remedy.

/** The cause: `access` (credentials, bucket, permission), `network` (S3 not reached or throttled), `object` (this object alone). */
export type SourceErrorKind = 'access' | 'network' | 'object'

/** The subject of a failure; `load` is too many requests, `kmsKey` the key that an object is encrypted with. */
export type Subject =
  | 'credentials'
  | 'permission'
  | 'kmsKey'
  | 'bucket'
  | 'region'
  | 'endpoint'
  | 'proxy'
  | 'clock'
  | 'load'
  | 'object'

/** The known facts of a failure before it is judged. */
export interface Facts {
  code: string
  message: string
  status: number | undefined
  /** The bucket's region, or blank if S3 did not give it. */
  region: string
  /** The target of a redirection, without parts that may be secret; blank if there is none. */
  location: string
  /** The host and port of the request, blank if unknown. */
  place: string
  /** The request was sent without TLS. */
  isPlain?: boolean
}

/** The judgement of a failure; the flags are those of SourceError. */
export interface Advice {
  kind: SourceErrorKind
  about: Subject
  advice: string
  affectsAll?: boolean
  throttled?: boolean
  unsigned?: boolean
}

/** The error of a failure that is judged where it happens. */
export class AdvisedError extends Error {
  readonly code: string
  readonly advice: Advice

  constructor(code: string, message: string, advice: Advice) {
    super(message)
    this.code = code
    this.advice = advice
  }
}

/** Makes advice on a failure of one request, which others may not meet. */
export const here = (
  kind: SourceErrorKind,
  about: Subject,
  advice: string,
): Advice => ({ kind, about, advice })
/** Makes advice on a failure that any other request would meet as well. */
export const everywhere = (
  kind: SourceErrorKind,
  about: Subject,
  advice: string,
): Advice => ({ kind, about, advice, affectsAll: true })
/** Makes advice on credentials that are missing or refused. */
export const credentials = (advice: string): Advice =>
  everywhere('access', 'credentials', advice)
