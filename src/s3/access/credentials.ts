// What requests are signed with, and where that comes from; and the keys that
// are written down, in the ini or the environment, where nothing else takes
// precedence and no role is to be assumed with them.

import type { AccessSettings } from './endpoint.ts'

/** The keys that a request is signed with, and perhaps a session. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** Until when they hold; absent where nobody says. */
  expiration?: Date
}

/** Where credentials come from. */
export interface CredentialSource {
  /** What fetching them does at the moment, such as `assuming …`. */
  readonly doing: string
  /** Fetches them anew; throws SourceError. */
  fetch(): Promise<Credentials>
  /** Ends the processes that a fetch still runs which is no longer waited for. */
  giveUp?(): void
}

/** Gives the keys to sign with, or undefined where the SDK is to be asked. */
export function writtenKeys(
  { AccessKeyId, SecretAccessKey, Profile, RoleArn }: AccessSettings,
  env: NodeJS.ProcessEnv,
): Credentials | undefined {
  if (RoleArn !== '') return undefined
  if (AccessKeyId !== '')
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  // A profile takes precedence over the environment's keys.
  if (Profile !== '' || env['AWS_PROFILE']) return undefined
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  const sessionToken = env['AWS_SESSION_TOKEN']
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    : undefined
}

/** Makes the source of keys that are known. */
export function keysSource(keys: Credentials): CredentialSource {
  return { doing: 'taking the keys', fetch: () => Promise.resolve(keys) }
}
