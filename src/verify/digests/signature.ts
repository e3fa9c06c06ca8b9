// Checks the signatures of digests (AWS, "Custom implementations of CloudTrail
// log file integrity validation"): RSA, PKCS#1 v1.5, over SHA-256 of four lines
// that name the digest, its hash and the signature of the one before it.

import { verify, type KeyObject } from 'node:crypto'
import type { Digest } from './digest.ts'
import type { Span } from './digest-hours.ts'
import type { CheckSignature, SignatureState } from './digest-trust.ts'
import type { Finding } from './digest-finding.ts'

/** A public key of CloudTrail; it signs from one time to another, in ms, if these are known. */
export interface PublicKey {
  key: KeyObject
  from: number
  to: number
}

/** The check of signatures in one region, and the findings about its keys. */
export interface KnownKeys {
  check: CheckSignature
  isChecked: boolean
  findings: readonly Finding[]
}

/** Gives the keys known for the digests that a region signed in a span. */
export type KeySource = (region: string, span: Span) => Promise<KnownKeys>

const ALGORITHM = 'SHA256withRSA'
const HEX = /^(?:[\da-f]{2}){64,2048}$/
// Digests come late, and a key is chosen by the time at which a digest was
// made.
const SLACK_MS = 86_400_000
const BACKFILL_SLACK_MS = 3_600_000

/** Makes the check by public keys, which go by their fingerprints (MD5 in hex); without keys all signatures are unchecked. */
export function signatureCheck(
  keys: ReadonlyMap<string, readonly PublicKey[]> | undefined,
): CheckSignature {
  return ({ digest, hash, generated }, signature): SignatureState => {
    if (keys === undefined) return 'unchecked'
    if (!HEX.test(signature) || digest.algorithm !== ALGORITHM) return 'bad'
    const at = generated ?? digest.end
    const slack = generated === undefined ? SLACK_MS : BACKFILL_SLACK_MS
    const named = keys
      .get(digest.fingerprint)
      ?.filter(({ from, to }) => from - slack <= at && at <= to + slack)
    if (named === undefined || named.length === 0) return 'no-key'
    const text = Buffer.from(signedText(digest, hash))
    const bytes = Buffer.from(signature, 'hex')
    return named.some(({ key }) => verify('sha256', text, key, bytes))
      ? 'good'
      : 'bad'
  }
}

/** Gives the text that CloudTrail signed for a digest, whose plain bytes have the given hash. */
export function signedText(digest: Digest, hash: string): string {
  const { endText, bucket, key, previous } = digest
  const before = previous?.signature || 'null'
  return [endText, `${bucket}/${key}`, hash, before].join('\n')
}
