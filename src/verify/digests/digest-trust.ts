// Judges one digest by its own signature and by the next one's statement about
// it. A fitting signature proves a digest against any statement of an unproved
// next one. Where the two differ and neither is proved, either may have been
// altered; the judgement of the next one decides.

import type { Digest, Predecessor } from './digest.ts'
import type { DigestName } from './digest-name.ts'
import { fault, warning, type Finding } from './digest-finding.ts'

/** The result of checking a signature; `no-key` if its public key is not among the known ones, `unchecked` if no keys are known. */
export type SignatureState = 'good' | 'bad' | 'no-key' | 'unchecked'

/** A digest as it was found. */
export interface SeenDigest {
  key: string
  name: DigestName
  /** Its content; undefined if it could not be read, which is reported. */
  digest: Digest | undefined
  /** The SHA-256 of its plain bytes in hex; '' if they could not be read. */
  hash: string
  /** The signature beside it, in hex; '' if it is gone. */
  signature: string
  /** When CloudTrail made a backfill digest, in ms. */
  generated: number | undefined
}

/** Checks whether a hex signature fits a digest. */
export type CheckSignature = (
  seen: SeenDigest & { digest: Digest },
  signature: string,
) => SignatureState

/** The credibility of a digest: `proved` by a signature, `consistent` with the next one, `unknown` without evidence, `disputed` if it and the next one differ, `false`. */
export type Trust = 'proved' | 'consistent' | 'unknown' | 'disputed' | 'false'

/** The result of judging a digest. */
export interface Judgement {
  trust: Trust
  /** Its fault; that of a disputed one holds only if the next is believed. */
  fault?: { code: 'altered' | 'signature' | 'no-key'; message: string }
}

/** A digest with the result for its own signature, undefined if it has none. */
export interface HeldDigest extends SeenDigest {
  own: SignatureState | undefined
  /** Whether signatures can be checked at all; without keys a chain is taken as it is. */
  isChecked: boolean
}

/** A digest that was judged together with the next one, if there is one. */
export interface JudgedDigest extends HeldDigest {
  judgement: Judgement
}

/** Tells whether a digest's content counts as true. */
export const isBelieved = (trust: Trust): boolean =>
  trust !== 'false' && trust !== 'disputed'

/** Tells whether a digest counts for the range, that is, may cover an hour, begin a chain or continue one. Where signatures are checked, only a digest that they prove does. */
export const counts = ({ isChecked, judgement }: JudgedDigest): boolean =>
  isChecked ? judgement.trust === 'proved' : isBelieved(judgement.trust)

/** Tells whether a digest counts by itself, before the next one is known. */
export const countsAlone = ({ isChecked, own }: HeldDigest): boolean =>
  !isChecked || own === 'good'

/** Adds the result for a digest's own signature. */
export const hold = (seen: SeenDigest, check: CheckSignature): HeldDigest => {
  const { digest } = seen
  const isChecked =
    digest !== undefined && check({ ...seen, digest }, '') !== 'unchecked'
  return { ...seen, own: ownSignature(seen, check), isChecked }
}

/** Checks the signature that lies beside a digest; undefined without one. */
export function ownSignature(
  seen: SeenDigest,
  check: CheckSignature,
): SignatureState | undefined {
  const { digest, signature } = seen
  return digest === undefined || signature === ''
    ? undefined
    : check({ ...seen, digest }, signature)
}

/** Judges a digest by the next one's statement, if that names it; `isProved` says that the next one has a fitting signature. */
export function judge(
  seen: HeldDigest,
  said: Predecessor | undefined,
  isProved: boolean,
  check: CheckSignature,
): Judgement {
  const { digest, hash, signature, own } = seen
  if (digest === undefined) return { trust: 'false' }
  const isSame = said?.hash === hash
  if (own === 'good')
    return said && !isSame && isProved
      ? { trust: 'false', fault: ALTERED }
      : { trust: 'proved' }
  if (said === undefined) return judgeAlone(own)
  const byNext = check({ ...seen, digest }, said.signature)
  if (own !== undefined && own !== 'unchecked') {
    if (!isSame) return { trust: 'false', fault: ALTERED }
    if (byNext === 'good') return { trust: 'proved', fault: OTHER_SIGNATURE }
    return own === 'no-key'
      ? { trust: 'consistent', fault: NO_KEY }
      : { trust: 'false', fault: BAD_SIGNATURE }
  }
  if (byNext === 'good') return { trust: 'proved' }
  if (byNext === 'no-key' && isSame)
    return { trust: 'consistent', fault: NO_KEY }
  const fits = signature === '' || signature === said.signature
  if (byNext === 'unchecked' && isSame && fits) return { trust: 'consistent' }
  return {
    trust: isProved ? 'false' : 'disputed',
    fault: isSame ? OTHER_SIGNATURE : ALTERED,
  }
}

/** Tells whether a digest has no signature and no other evidence. */
export const isMute = ({ signature, judgement }: JudgedDigest): boolean =>
  judgement.trust === 'unknown' && signature === ''

/** Yields the findings about a digest that depend on the judgement of the next one; `unsigned` says whether a next digest may still repeat a missing signature (`later`), others of its chain have theirs (`gone`), or no digest has one (`never`). */
export function* lateFindings(
  held: JudgedDigest,
  isNextBelieved: boolean,
  unsigned: 'later' | 'gone' | 'never',
): Generator<Finding> {
  const { key, signature, judgement } = held
  const { trust, fault: found } = judgement
  if (trust === 'disputed' && isNextBelieved && found)
    yield fault(found.code, key, found.message)
  else if (trust === 'disputed' || isMute(held))
    yield unsigned === 'gone' && signature === ''
      ? fault('signature', key, GONE)
      : unsigned === 'later'
        ? warning('not-provable', NOT_YET, key)
        : warning('signatures-not-checked', NEVER, key)
}

function judgeAlone(own: SignatureState | undefined): Judgement {
  if (own === 'bad') return { trust: 'false', fault: ALTERED_EITHER }
  if (own === 'no-key') return { trust: 'unknown', fault: NO_KEY }
  return { trust: 'unknown' }
}

const ALTERED = {
  code: 'altered',
  message: 'its content does not have the hash that the next digest gives',
} as const
const ALTERED_EITHER = {
  code: 'altered',
  message:
    'its signature does not fit: the digest or its signature was altered',
} as const
const OTHER_SIGNATURE = {
  code: 'signature',
  message:
    'its content has the hash that the next digest gives, but its signature differs from the one given there',
} as const
const BAD_SIGNATURE = {
  code: 'signature',
  message: 'its signature was not made with the public key that it names',
} as const
const NO_KEY = {
  code: 'no-key',
  message:
    'the public key that it names is not among the known ones of its region and time',
} as const
const NOT_YET =
  'not provable yet: it has no signature beside it, and the next digest, which repeats it, is not there'
const NEVER =
  'not provable: neither a signature nor a believed next digest confirms it, so it covers no hour'
const GONE =
  'its signature is gone, though other digests of its chain have theirs, and no believed next digest repeats it'
