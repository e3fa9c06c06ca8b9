// Where the requests to a bucket go, and as whom they are signed. The SDK
// knows every way to tell, but loading it would take a fifth of an idle cycle,
// so it is asked only where the answer is not plain.

import type { Settings } from '../settings/settings-table.ts'
import { plainAccess } from './plain-access.ts'

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
  sessionToken?: string | undefined
}

export interface S3Access {
  /** The bucket's own URL, to whose path keys are added. */
  url: URL
  /** What a signature is for: the bucket's region and the name of the service. */
  region: string
  service: string
  /** Gives credentials that have not expired. */
  credentials(): Promise<Credentials>
}

/** Finds out how the bucket is reached; throws what the SDK throws, such as that there are no credentials. */
export async function openAccess(settings: AccessSettings): Promise<S3Access> {
  const plain = plainAccess(settings, process.env)
  if (plain !== undefined) return plain
  const { sdkAccess } = await import('./sdk-access.ts')
  return sdkAccess(settings)
}
