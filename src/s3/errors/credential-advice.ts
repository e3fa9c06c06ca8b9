// The meaning of a failure while credentials are fetched: STS and the AWS files
// are then its cause, not the bucket, although some codes are S3's as well.
// These rows precede those of error-advice.ts, which has all others.

import {
  credentials,
  everywhere,
  here,
  type Advice,
  type Facts,
} from './advice.ts'
import { adviceOn, wrongClock } from './error-advice.ts'

const expired = credentials('renew the credentials that ask for the role')
const identity = credentials('renew the web identity token')
const wrongProfile = credentials(
  'check Profile or AWS_PROFILE, and its entries in these files',
)
const wrongFile = credentials('check that file and who may read it')
const oddSts = here(
  'network',
  'credentials',
  'check AWS_ENDPOINT_URL_STS and any proxy',
)
const proxyRefused = everywhere(
  'access',
  'proxy',
  'check the login and the rules of the proxy',
)
const unreached = everywhere(
  'network',
  'credentials',
  'check DNS, the network and any proxy',
)

// The SDK wraps the network errors of SSO and the like.
const UNREACHED = /\b(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b/
const UNANSWERED = /answers 5\d\d|not reached|hung up|did not answer/

const ofCredentials: Readonly<Record<string, Advice>> = {
  AccessDenied: credentials(
    "the role's trust policy must name the caller and ask for no other ExternalId than the one that is set, and the caller's own policy must allow sts:AssumeRole on the role",
  ),
  ValidationError: credentials('check the role and its external id'),
  MalformedPolicyDocument: credentials("check the role's policy"),
  PackedPolicyTooLarge: credentials("check the role's policy and tags"),
  RegionDisabled: credentials(
    "activate STS for this Region in the role's account (IAM, account settings), or set AWS_ENDPOINT_URL_STS to that of another",
  ),
  ExpiredToken: expired,
  InvalidIdentityToken: identity,
  IDPRejectedClaim: identity,
  ENOENT: wrongFile,
  EACCES: wrongFile,
}

/** Judges a failure while credentials are fetched, from the profile if one is named: STS and the files are then its cause, not the bucket. */
export function adviceOnCredentials(facts: Facts, profile: string): Advice {
  const { message, status = 0 } = facts
  // The SDK gives known codes a longer name.
  const code = facts.code.replace(/Exception$/, '')
  if (/^Signature (expired|not yet current)/.test(message)) return wrongClock
  if (message.startsWith('Invalid response from STS')) return oddSts
  if (code === 'CredentialsProviderError') {
    if (message.startsWith('ProxyError: '))
      return UNANSWERED.test(message) ? unreached : proxyRefused
    if (UNREACHED.test(message)) return unreached
    if (profile !== '') return wrongProfile
  }
  if (Object.hasOwn(ofCredentials, code) && status < 500)
    return ofCredentials[code] ?? oddSts
  const judged = adviceOn(facts)
  return {
    ...judged,
    kind: judged.kind === 'object' ? 'network' : judged.kind,
    about: /^(proxy|clock)$/.test(judged.about) ? judged.about : 'credentials',
    // The advice for S3 is valid for STS, except for the names of the settings.
    advice: judged.advice
      .replace('Endpoint', 'AWS_ENDPOINT_URL_STS')
      .replace(', BucketName', '')
      .replace(/: S3 knows .*/, ''),
  }
}
