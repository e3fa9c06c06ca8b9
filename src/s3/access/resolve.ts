// Where the requests to a bucket go, and as whom they are signed. The SDK
// knows every way to tell, but loading it would take a fifth of an idle cycle,
// so it is asked only where the answer is not plain, for each of the two alone.

import type { Settings } from '../../settings/settings-table.ts'
import { plainEndpoint } from './endpoint.ts'
import { keysSource, writtenKeys } from './credentials.ts'

/** The settings that say which bucket is asked, where, and as whom. */
export type AccessSettings = Pick<
  Settings,
  | 'Region'
  | 'BucketName'
  | 'AccessKeyId'
  | 'SecretAccessKey'
  | 'Endpoint'
  | 'ForcePathStyle'
  | 'Profile'
  | 'RoleArn'
  | 'ExternalId'
  | 'RequestPayer'
  | 'ProxyServer'
  | 'ProxyPort'
  | 'UserName'
  | 'Password'
  | 'Domain'
>

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
}

export interface Endpoint {
  /** The bucket's own URL, to whose path keys are added. */
  url: URL
  /** What a signature is for: the bucket's region and the name of the service. */
  region: string
  service: string
}

/** Finds out where the bucket is; throws what the SDK throws, such as that its name is none. */
export async function resolveEndpoint(
  settings: AccessSettings,
): Promise<Endpoint> {
  const plain = plainEndpoint(settings, process.env)
  if (plain !== undefined) return plain
  const { sdkEndpoint } = await import('./sdk-endpoint.ts')
  return sdkEndpoint(settings)
}

/** Finds out where the credentials of the settings come from. */
export async function resolveSource(
  settings: AccessSettings,
): Promise<CredentialSource> {
  const keys = writtenKeys(settings, process.env)
  if (keys !== undefined) return keysSource(keys)
  const { sdkSource } = await import('./sdk-credentials.ts')
  return sdkSource(settings)
}
