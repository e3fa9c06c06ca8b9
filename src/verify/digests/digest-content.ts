// Compares the content of a digest with the place where it lies.

import type { Digest } from './digest.ts'
import { HOUR_MS } from './digest-hours.ts'
import { baseName, readDigestName, type DigestName } from './digest-name.ts'
import type { JudgedDigest, SeenDigest } from './digest-trust.ts'
import { fault, type Finding } from './digest-finding.ts'

/** Tells whether a digest was written under another name, so that it does not belong to the chain in which it lies; altered bytes are reported elsewhere. */
export function isFromElsewhere({ key, digest }: SeenDigest): boolean {
  if (digest === undefined || baseName(digest.key) === baseName(key))
    return false
  return readDigestName(digest.key)?.end === digest.end
}

/** Makes the fault of a digest that lies elsewhere than it was written. */
export function movedFault({ key, digest }: SeenDigest): Finding {
  return fault('moved', key, `it was written to ${digest?.key}`)
}

/** Finds a contradiction between a believed digest and its place or name. */
export function contentFault(
  seen: SeenDigest,
  digest: Digest,
): Finding | undefined {
  const { key, name } = seen
  if (digest.key !== key) return movedFault(seen)
  const wrong =
    digest.end !== name.end
      ? `it gives ${digest.endText} as its end, but its name gives another time`
      : digest.account !== name.account
        ? `it gives ${digest.account} as its account, but its name gives another one`
        : digest.start >= digest.end
          ? 'it ends before it begins'
          : ''
  return wrong === '' ? undefined : fault('malformed', key, wrong)
}

/** Gives the start of a digest in ms: its own statement if that is before the end in its name, else an hour before. */
export function startIn({ end }: DigestName, start = end): number {
  return start < end ? start : end - HOUR_MS
}

/** Gives the time from which on a digest covers its hour: an unproved digest covers at most an hour, whatever start it states. */
export function coveredFrom(
  { name, judgement }: JudgedDigest,
  said: number,
): number {
  const start = startIn(name, said)
  return judgement.trust === 'proved'
    ? start
    : Math.max(start, name.end - HOUR_MS)
}
