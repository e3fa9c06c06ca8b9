// The address of a bucket if the settings alone determine it: an Endpoint with
// path style, or AWS's own address of a commercial region. Undefined if the SDK
// might find another address: any other variable AWS_*, and files in ~/.aws,
// are left to it.

import { existsSync } from 'node:fs'
import { awsFolder } from './aws-files.ts'
import type { ProxySettings } from '../proxy/proxy.ts'

/** The settings that determine the bucket, its address and the login. */
export interface AccessSettings extends ProxySettings {
  Region: string
  BucketName: string
  AccessKeyId: string
  SecretAccessKey: string
  Endpoint: string
  ForcePathStyle: boolean
  Profile: string
  RoleArn: string
  ExternalId: string
  RequestPayer: boolean
}

/** The address of a bucket. */
export interface Endpoint {
  /** The bucket's own URL, to whose path keys are added. */
  url: URL
  /** The scope of a signature: the bucket's region and the name of the service. */
  region: string
  service: string
}

// These say the same as the settings, or do not concern S3.
const HARMLESS = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_CLOUDTRAIL',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_CA_BUNDLE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
])

// Two hyphens, and this suffix, mark access points and other kinds of bucket.
const PLAIN_BUCKET = /^(?!.*(?:--|-s3alias$))[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/
const COMMERCIAL_REGION = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d$/

/** Gives the bucket's address, or undefined if the SDK must be asked. */
export function plainEndpoint(
  settings: AccessSettings,
  env: NodeJS.ProcessEnv,
): Endpoint | undefined {
  if (isOfTenant(settings.BucketName)) return tenantEndpoint(settings)
  const url = plainUrl(settings)
  if (url === undefined || isConfigured(env)) return undefined
  return { url, region: settings.Region, service: 's3' }
}

// Host names have no colon, and neither AWS nor its SDK knows tenants.
function tenantEndpoint(settings: AccessSettings): Endpoint | undefined {
  const { BucketName, Endpoint, Region } = settings
  if (!URL.canParse(Endpoint)) return undefined
  const url = new URL(Endpoint)
  const folder = url.pathname.replace(/\/$/, '')
  // Encoded, like the signed path.
  url.pathname = `${folder}/${encodeURIComponent(BucketName)}/`
  return { url, region: Region, service: 's3' }
}

// Tells whether it is Ceph's `tenant:bucket`.
const isOfTenant = (bucket: string): boolean =>
  bucket.includes(':') && !bucket.startsWith('arn:')

function plainUrl(settings: AccessSettings): URL | undefined {
  const { BucketName, Region, Endpoint, ForcePathStyle } = settings
  if (!PLAIN_BUCKET.test(BucketName)) return undefined
  if (Endpoint === '') {
    if (!COMMERCIAL_REGION.test(Region)) return undefined
    const host = `s3.${Region}.amazonaws.com`
    return new URL(
      ForcePathStyle
        ? `https://${host}/${BucketName}/`
        : `https://${BucketName}.${host}/`,
    )
  }
  if (!ForcePathStyle || !/^https?:\/\/[\w.:-]+\/?$/.test(Endpoint))
    return undefined
  return URL.canParse(Endpoint)
    ? new URL(`/${BucketName}/`, Endpoint)
    : undefined
}

function isConfigured(env: NodeJS.ProcessEnv): boolean {
  return (
    Object.keys(env).some(
      name => name.startsWith('AWS_') && !HARMLESS.has(name),
    ) || existsSync(awsFolder(env))
  )
}
