// Finds the address of CloudTrail's API for a region: the value of
// AWS_ENDPOINT_URL_CLOUDTRAIL, else AWS's own address, which ends like that of
// S3 in the same region. Credentials for a store outside AWS are never sent to
// AWS.

import type { AccessSettings, Endpoint } from '../../s3/access/endpoint.ts'
import { resolveEndpoint } from '../../s3/access/resolve.ts'
import { SourceError } from '../../s3/errors/source-error.ts'

const VARIABLE = 'AWS_ENDPOINT_URL_CLOUDTRAIL'
const REGION = /^[a-z]{2,}(?:-[a-z]+){1,3}-\d{1,2}$/
const OF_AWS =
  /\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|adc-e\.uk|csp\.hci\.ic\.gov)$/

/** Gives the address for a region as a digest names it; throws SourceError if there is no address to ask. */
export async function cloudTrailEndpoint(
  region: string,
  settings: AccessSettings,
): Promise<Endpoint> {
  const service = 'cloudtrail'
  if (!REGION.test(region)) throw notAsked(region, 'it is no region of AWS')
  const given = process.env[VARIABLE] ?? ''
  if (given !== '') {
    if (!/^https?:\/\//i.test(given) || !URL.canParse(given))
      throw notAsked(region, `${VARIABLE} is no URL`)
    return { url: new URL('/', given), region, service }
  }
  if (settings.Endpoint !== '' && !isOfAws(settings.Endpoint))
    throw notAsked(region, 'Endpoint is not an address of AWS')
  const anyBucket: AccessSettings = {
    ...settings,
    Region: region,
    BucketName: 'logs',
    Endpoint: '',
    ForcePathStyle: true,
  }
  const { url } = await resolveEndpoint(anyBucket)
  const [before, end] = url.hostname.split(`.${region}.`)
  if (before === undefined || end === undefined || !isOfAws(url.href))
    throw notAsked(
      region,
      `S3 is at ${url.hostname}, which is not an address of AWS`,
    )
  return {
    url: new URL(`https://cloudtrail.${region}.${end}/`),
    region,
    service,
  }
}

const isOfAws = (address: string): boolean =>
  URL.canParse(address) && OF_AWS.test(new URL(address).hostname)

/** The code of the error for a region that was not asked; it affects that region alone. */
const NOT_ASKED = 'NotAsked'

const notAsked = (region: string, why: string): SourceError =>
  new SourceError(
    `CloudTrail in ${region} was not asked for its public keys: ${why}; give --keys FILE, or set ${VARIABLE}`,
    { code: NOT_ASKED, kind: 'access', about: 'endpoint' },
  )
