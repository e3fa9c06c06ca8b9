// Judges what goes wrong while credentials are fetched: STS and the files are
// to blame then, not the bucket, although some of the codes are S3's as well.

import {
  adviceOn,
  everywhere,
  type Advice,
  type Facts,
} from '../errors/error-advice.ts'
import { SourceError, sourceError } from '../errors/source-error.ts'

const access = (advice: string): Advice => everywhere('access', advice)

const wrongTime = access("set this machine's clock")
const expired = access('renew the credentials that ask for the role')
const identity = access('renew the web identity token')
const wrongProfile = access('check Profile, and what these files say of it')
const odd: Advice = {
  kind: 'network',
  advice: 'check AWS_ENDPOINT_URL_STS and any proxy',
}

const wrongFile = access('check that file and who may read it')

// The SDK wraps what SSO and the like meet on the network.
const UNREACHED = /\b(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b/
const UNANSWERED = /answers 5\d\d|not reached|hung up|did not answer/
const proxyRefused = access('check the login and the rules of the proxy')
const unreached = everywhere('network', 'check DNS, the network and any proxy')

const known: Readonly<Record<string, Advice>> = {
  AccessDenied: access(
    "the role's trust policy must name the caller and ask for no other ExternalId than the one that is set, and the caller's own policy must allow sts:AssumeRole on the role",
  ),
  ValidationError: access('check the role and its external id'),
  MalformedPolicyDocument: access("check the role's policy"),
  PackedPolicyTooLarge: access("check the role's policy and tags"),
  RegionDisabled: access(
    "activate STS for this Region in the role's account (IAM, account settings), or set AWS_ENDPOINT_URL_STS to that of another",
  ),
  ExpiredToken: expired,
  InvalidIdentityToken: identity,
  IDPRejectedClaim: identity,
  ENOENT: wrongFile,
  EACCES: wrongFile,
}

function judge(facts: Facts, profile: string): Advice {
  const { message, status = 0 } = facts
  // The SDK gives those that it knows a longer name.
  const code = facts.code.replace(/Exception$/, '')
  if (/^Signature (expired|not yet current)/.test(message)) return wrongTime
  if (message.startsWith('Invalid response from STS')) return odd
  if (code === 'CredentialsProviderError') {
    if (message.startsWith('ProxyError: '))
      return UNANSWERED.test(message) ? unreached : proxyRefused
    if (UNREACHED.test(message)) return unreached
    if (profile !== '') return wrongProfile
  }
  if (Object.hasOwn(known, code) && status < 500) return known[code] ?? odd
  const { advice, kind, ...judged } = adviceOn(facts)
  // What is said of S3 holds for STS, but for the names of the settings.
  const ofSts = advice
    .replace('Endpoint', 'AWS_ENDPOINT_URL_STS')
    .replace(', BucketName', '')
  return {
    ...judged,
    kind: kind === 'object' ? 'network' : kind,
    advice: ofSts,
  }
}

/** Makes a SourceError of anything thrown while `doing` something to get credentials, from the profile if one is named. */
export function credentialError(
  cause: unknown,
  doing: string,
  profile = '',
): SourceError {
  // The command of a credential_process may hold a secret.
  const hidden =
    cause instanceof Error && cause.message.startsWith('Command failed:')
      ? Object.assign(new Error('its credential_process failed'), {
          name: cause.name,
        })
      : cause
  const error = sourceError(hidden, doing, facts => judge(facts, profile))
  return error.unsigned
    ? error
    : new SourceError(error.message, { ...error, unsigned: true })
}
