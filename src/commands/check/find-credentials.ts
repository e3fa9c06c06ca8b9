// Which credentials the requests are signed with and where they are from, as
// the SDK itself finds them. Of an access key id the ends are shown, which
// tell it from others; the secret is never touched.

import { untilAborted } from '../../clock.ts'
import type {
  Credentials as Keys,
  CredentialSource,
} from '../../s3/access/credentials.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import type { Settings } from '../../settings/settings-table.ts'

/** What can be told of the credentials without asking AWS. */
export interface Credentials {
  /** Who they are, such as "AKIA…WXYZ from the environment". */
  text: string
  /** Until when they hold; undefined for those that last. */
  expires?: Date | undefined
}

interface Found extends Keys {
  accountId?: string
  $source?: object
}

// What the SDK notes of where it found them.
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
  // The SDK is loaded by what asks it alone.
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
      `${source.doing}: no answer came in time; see what it waits for, or set AccessKeyId and SecretAccessKey`,
      { code: 'NoCredentials', kind: 'network', about: 'credentials' },
    )
  }
}

function sourceOf(noted: readonly string[]): string {
  for (const [pattern, source] of SOURCES)
    if (noted.some(name => pattern.test(name))) return source
  return 'the AWS default chain (a container or an instance role)'
}

/** Shortens an access key id to its ends. */
export function shortened(accessKeyId: string): string {
  const end = accessKeyId.length < 16 ? '' : accessKeyId.slice(-4)
  return `${accessKeyId.slice(0, 4)}…${end}`
}
