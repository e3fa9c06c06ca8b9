// Which credentials the requests are signed with and where they are from, as
// the SDK itself finds them. Of an access key id the ends are shown, which
// tell it from others; the secret is never touched.

import { SourceError, sourceError } from '../bucket/source-error.ts'
import type { Settings } from '../settings/settings-table.ts'

/** What can be told of the credentials without asking AWS. */
export interface Credentials {
  /** Who they are, such as "AKIA…WXYZ from the environment". */
  text: string
  /** Until when they hold; undefined for those that last. */
  expires?: Date | undefined
}

interface Found {
  accessKeyId: string
  accountId?: string
  expiration?: Date
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
  if (settings.AccessKeyId !== '')
    return {
      text: `${shortened(settings.AccessKeyId)} from the ini (AccessKeyId)`,
    }
  const found: Found = await inTime(settings, signal)
  const { accessKeyId, accountId, expiration, $source = {} } = found
  const profile = process.env['AWS_PROFILE']
  const source = sourceOf(Object.keys($source))
  const named = profile && source.includes('profile') ? ` (${profile})` : ''
  const account = accountId === undefined ? '' : `, account ${accountId}`
  return {
    text: `${shortened(accessKeyId)} from ${source}${named}${account}`,
    expires: expiration,
  }
}

async function inTime(settings: Settings, signal: AbortSignal): Promise<Found> {
  const doing = 'looking for credentials'
  // The SDK is loaded by what asks it alone.
  const { newS3Client } = await import('../bucket/s3-client.ts')
  const { credentials } = newS3Client(settings).config
  const late = new Promise<never>((_, reject) => {
    const end = (): void =>
      reject(
        new SourceError(
          `${doing}: none were found in time; set AccessKeyId and SecretAccessKey, or see what the AWS default chain waits for`,
          { code: 'NoCredentials', kind: 'access' },
        ),
      )
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
  })
  // Nobody may be waiting for it any more.
  late.catch(() => {})
  try {
    return await Promise.race([late, credentials()])
  } catch (cause) {
    throw sourceError(cause, doing)
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
