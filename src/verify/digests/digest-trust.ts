// Judges one digest by its signature and by what the next one says of it. A
// signature that fits proves a digest whatever the next one says. Where they
// differ and nothing is proved, either may have been altered: who it is, is
// told by whether the next one is believed in its turn.

import type { Digest, Predecessor } from './digest.ts'
import type { DigestName } from './digest-name.ts'
import { fault, warning, type Finding } from './finding.ts'

/** What checking a signature gives; `no-key` if the public key is not among those that are known, `unchecked` if none are. */
export type SignatureState = 'good' | 'bad' | 'no-key' | 'unchecked'

/** A digest as it was found. */
export interface SeenDigest {
  key: string
  name: DigestName
  /** What it says; undefined if that cannot be read, which was told. */
  digest: Digest | undefined
  /** Of its plain bytes, SHA-256 in hex; '' if they could not be read. */
  hash: string
  /** The signature beside it, in hex; '' where it is gone. */
  signature: string
  /** When CloudTrail made a backfill digest, in ms. */
  generated: number | undefined
}

/** Checks whether a signature in hex is one of a digest. */
export type CheckSignature = (
  seen: SeenDigest & { digest: Digest },
  signature: string,
) => SignatureState

/** How far what a digest says is believed: `proved` by a signature, `consistent` with the next one, `unknown` where nothing speaks for or against it, `disputed` where it and the next one differ, `false`. */
export type Trust = 'proved' | 'consistent' | 'unknown' | 'disputed' | 'false'

export interface Judgement {
  trust: Trust
  /** What is wrong with it; of a disputed one only if the next is believed. */
  fault?: { code: 'altered' | 'signature' | 'no-key'; message: string }
}

/** A digest with what its own signature shows, undefined where it has none. */
export interface HeldDigest extends SeenDigest {
  own: SignatureState | undefined
  /** Whether signatures can be checked at all; without keys a chain is taken as it is. */
  isChecked: boolean
}

/** A digest of which the next one has come, if there is one. */
export interface JudgedDigest extends HeldDigest {
  judgement: Judgement
}

/** Tells whether what a digest says is to be taken for true. */
export const isBelieved = (trust: Trust): boolean =>
  trust !== 'false' && trust !== 'disputed'

/** Tells whether a digest may speak for the range: cover an hour, begin a chain or go on from one. Where signatures are checked, only one that they prove may. */
export const counts = ({ isChecked, judgement }: JudgedDigest): boolean =>
  isChecked ? judgement.trust === 'proved' : isBelieved(judgement.trust)

/** Tells whether a digest counts by itself, before the next one has come. */
export const countsAlone = ({ isChecked, own }: HeldDigest): boolean =>
  !isChecked || own === 'good'

/** Shows of a digest what its own signature does. */
export const hold = (seen: SeenDigest, check: CheckSignature): HeldDigest => {
  const { digest } = seen
  const isChecked =
    digest !== undefined && check({ ...seen, digest }, '') !== 'unchecked'
  return { ...seen, own: ownSignature(seen, check), isChecked }
}

/** Checks the signature that lies beside a digest; undefined where none does. */
export function ownSignature(
  seen: SeenDigest,
  check: CheckSignature,
): SignatureState | undefined {
  const { digest, signature } = seen
  return digest === undefined || signature === ''
    ? undefined
    : check({ ...seen, digest }, signature)
}

/** Judges a digest by the next one's word on it, if that names it; `isProved` says that the next one has a signature that fits. */
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

/** Tells whether a digest has no signature and nothing else speaks for it. */
export const isMute = ({ signature, judgement }: JudgedDigest): boolean =>
  judgement.trust === 'unknown' && signature === ''

/** Yields what could not be told of a digest before the next one was judged in its turn; of one without a signature, whether a next digest will repeat it `later`, or whether it is `gone` though others of its chain have theirs. */
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
  message: 'its content is not what the next digest says it was',
} as const
const ALTERED_EITHER = {
  code: 'altered',
  message:
    'its signature does not fit: the digest or its signature was altered',
} as const
const OTHER_SIGNATURE = {
  code: 'signature',
  message:
    'its content is as the next digest says, but its signature is another',
} as const
const BAD_SIGNATURE = {
  code: 'signature',
  message: 'its signature is none of the public key that it names',
} as const
const NO_KEY = {
  code: 'no-key',
  message:
    'the public key that it names is not among those that are known for its region and time',
} as const
const NOT_YET =
  'not provable yet: it has no signature beside it, and the next digest, which repeats it, is not there'
const NEVER =
  'not provable: neither a signature nor a next digest that is believed speaks for it, so it covers nothing'
const GONE =
  'its signature is gone, though others of its chain have theirs, and no next digest that is believed repeats it'
