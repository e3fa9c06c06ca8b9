// The keys that requests are signed with, and their source; and the keys
// written in the ini or the environment, if no other source takes precedence
// and no role is to be assumed with them.

import type { AccessSettings } from './endpoint.ts'

/** The keys that a request is signed with, perhaps with a session. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** The end of their validity; absent if unknown. */
  expiration?: Date
}

/** A source of credentials. */
export interface CredentialSource {
  /** The present step of fetching them, such as `assuming …`. */
  readonly doing: string
  /** Fetches them anew; throws SourceError. */
  fetch(): Promise<Credentials>
  /** Ends the processes of a fetch that is no longer waited for. */
  giveUp?(): void
}

/** Gives the keys to sign with, or undefined if the SDK must be asked. */
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

/** Makes the source of known keys. */
export function keysSource(keys: Credentials): CredentialSource {
  return { doing: 'taking the keys', fetch: () => Promise.resolve(keys) }
}
