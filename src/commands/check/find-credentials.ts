// Finds the credentials that sign the requests and their source, by means of the
// SDK. Of an access key id only the two ends are shown, which tell it from others;
// the secret is never read.

import { untilAborted } from '../../clock.ts'
import type {
  Credentials as Keys,
  CredentialSource,
} from '../../s3/access/credentials.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import type { Settings } from '../../settings/settings-table.ts'

/** The facts about the credentials that are known without a request to AWS. */
export interface Credentials {
  /** The key id and its source, such as "AKIA…WXYZ from the environment". */
  text: string
  /** The time of their expiry; undefined if they do not expire. */
  expires?: Date | undefined
}

interface Found extends Keys {
  accountId?: string
  $source?: object
}

// The SDK's marks of the source, and each source in words.
const SOURCES: readonly (readonly [RegExp, string])[] = [
  [/^CREDENTIALS_ENV_VARS$/, 'the environment (AWS_ACCESS_KEY_ID)'],
  [/SSO/, 'single sign-on (SSO)'],
  [/WEB_ID/, 'a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE)'],
  [/PROCESS/, "a profile's credential_process"],
  [/PROFILE/, 'a profile of the AWS files'],
  [/HTTP/, 'the container (task role or Pod identity)'],
  [/IMDS/, "the instance's role"],
]

/** Finds the credentials of the settings; throws SourceError when there are none. */
export async function findCredentials(
  settings: Settings,
  signal: AbortSignal,
): Promise<Credentials> {
  const { AccessKeyId, RoleArn, ExternalId } = settings
  const fromIni = `${shortened(AccessKeyId)} from the ini (AccessKeyId)`
  if (AccessKeyId !== '' && RoleArn === '') return { text: fromIni }
  // Loaded on demand: only this check needs the SDK.
  const { ownSource, roleSource } =
    await import('../../s3/access/sdk-credentials.ts')
  const own = ownSource(settings)
  const found: Found = await inTime(own, signal)
  const text = AccessKeyId === '' ? told(found, settings) : fromIni
  if (RoleArn === '') return { text, expires: found.expiration }
  const role = roleSource(settings, { ...own, fetch: async () => found })
  const { accessKeyId, expiration } = await inTime(role, signal)
  const id = ExternalId === '' ? '' : ' with its ExternalId'
  return {
    text: `${shortened(accessKeyId)} of ${RoleArn}, assumed${id} by ${text}`,
    expires: expiration,
  }
}

function told(
  { accessKeyId, accountId, $source = {} }: Found,
  { Profile }: Settings,
): string {
  const profile = Profile || process.env['AWS_PROFILE']
  const source = sourceOf(Object.keys($source))
  const named = profile && source.includes('profile') ? ` (${profile})` : ''
  const account = accountId === undefined ? '' : `, account ${accountId}`
  return `${shortened(accessKeyId)} from ${source}${named}${account}`
}

async function inTime(
  source: CredentialSource,
  signal: AbortSignal,
): Promise<Found> {
  try {
    return await untilAborted(source.fetch(), signal)
  } catch (error) {
    if (!signal.aborted) throw error
    throw new SourceError(
      `${source.doing}: no answer came in time; find out why it waits, or set AccessKeyId and SecretAccessKey`,
      { code: 'NoCredentials', kind: 'network', about: 'credentials' },
    )
  }
}

function sourceOf(noted: readonly string[]): string {
  for (const [pattern, source] of SOURCES)
    if (noted.some(name => pattern.test(name))) return source
  return 'the AWS default chain (a container or an instance role)'
}

// Shows the two ends of an access key id.
function shortened(accessKeyId: string): string {
  const end = accessKeyId.length < 16 ? '' : accessKeyId.slice(-4)
  return `${accessKeyId.slice(0, 4)}…${end}`
}
