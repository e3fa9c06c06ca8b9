// Where a bucket is if that is plain from the settings: an Endpoint with path
// style or AWS's own address of a commercial region. Undefined wherever the SDK
// might find something else: any other variable AWS_*, or files in ~/.aws, are
// left to it.

import { existsSync } from 'node:fs'
import { awsFolder } from './aws-files.ts'
import type { ProxySettings } from '../proxy/proxy.ts'

/** The settings that say which bucket is asked, where, and as whom. */
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

/** Where the requests to a bucket go. */
export interface Endpoint {
  /** The bucket's own URL, to whose path keys are added. */
  url: URL
  /** What a signature is for: the bucket's region and the name of the service. */
  region: string
  service: string
}

// They say nothing that the settings do not, or nothing of S3.
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

// Two hyphens, and this end, are of access points and other kinds of bucket.
const PLAIN_BUCKET = /^(?!.*(?:--|-s3alias$))[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/
const COMMERCIAL_REGION = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d$/

/** Tells where the bucket is, or undefined where the SDK is to be asked. */
export function plainEndpoint(
  settings: AccessSettings,
  env: NodeJS.ProcessEnv,
): Endpoint | undefined {
  if (isOfTenant(settings.BucketName)) return tenantEndpoint(settings)
  const url = plainUrl(settings)
  if (url === undefined || isConfigured(env)) return undefined
  return { url, region: settings.Region, service: 's3' }
}

// No host name holds a colon, and of tenants neither AWS nor its SDK knows.
function tenantEndpoint({
  BucketName,
  Endpoint,
  Region,
}: AccessSettings): Endpoint | undefined {
  if (!URL.canParse(Endpoint)) return undefined
  const url = new URL(Endpoint)
  const folder = url.pathname.replace(/\/$/, '')
  // Encoded, as it is signed.
  url.pathname = `${folder}/${encodeURIComponent(BucketName)}/`
  return { url, region: Region, service: 's3' }
}

// Whether it is Ceph's `tenant:bucket`.
const isOfTenant = (bucket: string): boolean =>
  bucket.includes(':') && !bucket.startsWith('arn:')

function plainUrl({
  BucketName,
  Region,
  Endpoint,
  ForcePathStyle,
}: AccessSettings): URL | undefined {
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
