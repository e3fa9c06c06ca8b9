// Where the requests to a bucket go, and as whom they are signed. The SDK
// knows every way to tell, but loading it would take a fifth of an idle cycle,
// so it is asked only where the answer is not plain, for each of the two alone.

import {
  keysSource,
  writtenKeys,
  type CredentialSource,
} from './credentials.ts'
import {
  plainEndpoint,
  type AccessSettings,
  type Endpoint,
} from './endpoint.ts'

/** Finds out where the bucket is; throws what the SDK throws, such as that its name is not one. */
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
