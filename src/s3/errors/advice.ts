// What is made of a failure: who is to blame, what it is about, whether any
// other request would fail alike, and what a person does.

/**
 * Who is to blame: `access` (credentials, bucket, permission), `network` (S3
 * not reached or throttled), `object` (this object alone).
 */
export type SourceErrorKind = 'access' | 'network' | 'object'

/** What a failure is about; `load` is too many requests, `kmsKey` the key that an object is encrypted with. */
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

/** What is known of a failure before it is judged. */
export interface Facts {
  code: string
  message: string
  status: number | undefined
  /** The bucket's region, or blank if S3 did not tell. */
  region: string
  /** Where a redirection leads, without what may be a secret in it; blank if nowhere. */
  location: string
  /** The host and port that were asked, blank if nobody told. */
  place: string
  /** It was asked without TLS. */
  isPlain?: boolean
}

/** The judgement of a failure; the flags are those of SourceError. */
export interface Advice {
  kind: SourceErrorKind
  about: Subject
  advice: string
  everywhere?: boolean
  throttled?: boolean
  unsigned?: boolean
}

/** Reports a failure that is judged where it happens. */
export class AdvisedError extends Error {
  readonly code: string
  readonly advice: Advice

  constructor(code: string, message: string, advice: Advice) {
    super(message)
    this.code = code
    this.advice = advice
  }
}

/** Advises on what one request has met, and others may not. */
export const here = (
  kind: SourceErrorKind,
  about: Subject,
  advice: string,
): Advice => ({ kind, about, advice })
/** Advises on what any other request would meet as well. */
export const everywhere = (
  kind: SourceErrorKind,
  about: Subject,
  advice: string,
): Advice => ({ kind, about, advice, everywhere: true })
/** Advises on credentials that are missing or refused. */
export const credentials = (advice: string): Advice =>
  everywhere('access', 'credentials', advice)
