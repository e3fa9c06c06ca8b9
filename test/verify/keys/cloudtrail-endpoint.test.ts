// A region and the settings give the endpoint of CloudTrail.

import t, { type Test } from 'tap'
import type { AccessSettings } from '../../../src/s3/access/endpoint.ts'
import { cloudTrailEndpoint } from '../../../src/verify/keys/cloudtrail-endpoint.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'

const VPC = 'https://bucket.vpce-1a2b-3c4d.s3.us-east-1.vpce.amazonaws.com'

async function placeOf(
  t: Test,
  region: string,
  env: NodeJS.ProcessEnv = {},
  changes: Partial<AccessSettings> = {},
): Promise<string> {
  emptyEnv(t, env)
  const endpoint = await cloudTrailEndpoint(region, { ...SETTINGS, ...changes })
  t.match(endpoint, { region, service: 'cloudtrail' })
  return endpoint.url.href
}

t.test('the endpoint is in the region, in every partition', async t => {
  const places = {
    'us-east-1': 'https://cloudtrail.us-east-1.amazonaws.com/',
    'ap-southeast-2': 'https://cloudtrail.ap-southeast-2.amazonaws.com/',
    'us-gov-west-1': 'https://cloudtrail.us-gov-west-1.amazonaws.com/',
    'cn-north-1': 'https://cloudtrail.cn-north-1.amazonaws.com.cn/',
    'us-iso-east-1': 'https://cloudtrail.us-iso-east-1.c2s.ic.gov/',
    'eusc-de-east-1': 'https://cloudtrail.eusc-de-east-1.amazonaws.eu/',
  }
  for (const [region, place] of Object.entries(places))
    t.equal(await placeOf(t, region), place)
  t.equal(
    await placeOf(t, 'eu-west-1', {}, { Endpoint: VPC }),
    'https://cloudtrail.eu-west-1.amazonaws.com/',
    'also where S3 is reached in a VPC',
  )
})

t.test('an environment variable takes precedence', async t => {
  const env = { AWS_ENDPOINT_URL_CLOUDTRAIL: 'http://127.0.0.1:9/x?y' }
  t.equal(await placeOf(t, 'us-east-1', env), 'http://127.0.0.1:9/')
  const minio = { Endpoint: 'https://minio.example' }
  t.equal(await placeOf(t, 'us-east-1', env, minio), 'http://127.0.0.1:9/')
  const bad = { AWS_ENDPOINT_URL_CLOUDTRAIL: 'somewhere' }
  await t.rejects(placeOf(t, 'us-east-1', bad), /CLOUDTRAIL is no URL/)
})

t.test('the keys of another store are not sent to AWS', async t => {
  for (const Endpoint of [
    'https://minio.example',
    'http://127.0.0.1:9000',
    'https://amazonaws.com.example',
  ])
    await t.rejects(placeOf(t, 'us-east-1', {}, { Endpoint }), /--keys FILE/)
  const variable = { AWS_ENDPOINT_URL_S3: 'https://minio.example' }
  await t.rejects(
    placeOf(t, 'us-east-1', variable),
    /minio.example.*not an address of AWS/,
  )
})

t.test('a name that is not a region gives no endpoint', async t => {
  for (const region of ['', 'us-east-1.example', 'x', '-1', 'a-b-1-2'])
    await t.rejects(placeOf(t, region), /no region/)
})
