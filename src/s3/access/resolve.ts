// Finds the address of a bucket and the credentials for its requests. The SDK
// knows every rule, but loading it would take a fifth of an idle cycle, so it
// is asked only if the settings do not suffice, for each of the two alone.

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

/** Finds the bucket's address; throws the SDK's error, such as for an invalid bucket name. */
export async function resolveEndpoint(
  settings: AccessSettings,
): Promise<Endpoint> {
  const plain = plainEndpoint(settings, process.env)
  if (plain !== undefined) return plain
  const { sdkEndpoint } = await import('./sdk-endpoint.ts')
  return sdkEndpoint(settings)
}

/** Finds the source of the credentials of the settings. */
export async function resolveSource(
  settings: AccessSettings,
): Promise<CredentialSource> {
  const keys = writtenKeys(settings, process.env)
  if (keys !== undefined) return keysSource(keys)
  const { sdkSource } = await import('./sdk-credentials.ts')
  return sdkSource(settings)
}
