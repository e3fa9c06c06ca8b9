// Where the SDK's rules send the requests to a bucket, and what it signs for.

import t, { type Test } from 'tap'
import type { AccessSettings } from '../../../src/s3/access/endpoint.ts'
import { sdkEndpoint } from '../../../src/s3/access/sdk-endpoint.ts'
import { SETTINGS, emptyEnv } from '../../lib/s3/access-settings.ts'

const POINT = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/logs'
const ELSEWHERE = 'arn:aws:s3:us-west-2:123456789012:accesspoint/logs'
const AWS = 'https://logs.s3.eu-west-1.amazonaws.com/'

/** Expects a URL, and the region that is signed for. */
async function expectPlace(
  t: Test,
  change: Partial<AccessSettings>,
  href: string,
  region = 'eu-west-1',
): Promise<void> {
  const place = await sdkEndpoint({ ...SETTINGS, ...change })
  t.equal(place.url.href, href)
  t.match(place, { region, service: 's3' }, href)
}

t.test('each kind of bucket has its URL and region', async t => {
  emptyEnv(t, {})
  for (const [change, href, region] of [
    [{}, AWS],
    [{ BucketName: 'lo.gs' }, 'https://s3.eu-west-1.amazonaws.com/lo.gs/'],
    [
      { Region: 'cn-north-1' },
      'https://logs.s3.cn-north-1.amazonaws.com.cn/',
      'cn-north-1',
    ],
    [
      { Region: 'us-gov-west-1' },
      'https://logs.s3.us-gov-west-1.amazonaws.com/',
      'us-gov-west-1',
    ],
    [
      { BucketName: POINT },
      'https://logs-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/',
    ],
    [
      { BucketName: ELSEWHERE },
      'https://logs-123456789012.s3-accesspoint.us-west-2.amazonaws.com/',
      'us-west-2',
    ],
    [
      { BucketName: 'logs-abc123-s3alias' },
      'https://logs-abc123-s3alias.s3.eu-west-1.amazonaws.com/',
    ],
  ] as const)
    await expectPlace(t, change, href, region)
})

t.test('an Endpoint, with the bucket in the host or the path', async t => {
  emptyEnv(t, {})
  const vpce = 'vpce-1.s3.eu-west-1.vpce.amazonaws.com'
  for (const [change, href] of [
    [{ Endpoint: 'http://s3.example:9000' }, 'http://logs.s3.example:9000/'],
    [
      { Endpoint: 'http://s3.example/base/', ForcePathStyle: true },
      'http://s3.example/base/logs/',
    ],
    [{ Endpoint: 'http://s3.example/base' }, 'http://logs.s3.example/base/'],
    [
      { Endpoint: 'https://minio.example', BucketName: 'lo.gs' },
      'https://minio.example/lo.gs/',
    ],
    [{ Endpoint: `https://bucket.${vpce}` }, `https://logs.bucket.${vpce}/`],
    [
      { Endpoint: `https://accesspoint.${vpce}`, BucketName: POINT },
      `https://logs-123456789012.accesspoint.${vpce}/`,
    ],
  ] as const)
    await expectPlace(t, change, href)
})

t.test('the environment has its say, as the SDK reads it', async t => {
  const any = { AWS_ENDPOINT_URL: 'http://any.example' }
  const s3 = { AWS_ENDPOINT_URL_S3: 'http://s3.example' }
  const fips = { AWS_USE_FIPS_ENDPOINT: 'true' }
  for (const [env, href, change] of [
    [any, 'http://logs.any.example/'],
    [{ ...any, ...s3 }, 'http://logs.s3.example/'],
    [s3, 'http://s3.example/logs/', { ForcePathStyle: true }],
    [s3, 'http://logs.mine.example/', { Endpoint: 'http://mine.example' }],
    [{ ...any, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, AWS],
    [fips, AWS.replace('s3', 's3-fips')],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, AWS.replace('s3', 's3.dualstack')],
  ] as const) {
    emptyEnv(t, env)
    await expectPlace(t, change ?? {}, href)
  }
})

t.test('the profile that is named has its say too', async t => {
  emptyEnv(t)
  t.testdir({ '.aws': { config: '[profile fips]\nuse_fips_endpoint=true\n' } })
  const named = { Profile: 'fips' }
  const keyless = { AccessKeyId: '', SecretAccessKey: '' }
  await expectPlace(t, { ...named, ...keyless }, AWS.replace('s3', 's3-fips'))
  await expectPlace(t, named, AWS)
})

t.test('what the rules allow no address for is said', async t => {
  emptyEnv(t, { AWS_USE_FIPS_ENDPOINT: 'true' })
  for (const [change, text] of [
    [{ BucketName: 'arn:aws:s3:::logs' }, /Invalid ARN/],
    [{ BucketName: POINT, ForcePathStyle: true }, /Path-style/],
    [{ Endpoint: 'https://s3.example' }, /FIPS/],
  ] as const)
    await t.rejects(sdkEndpoint({ ...SETTINGS, ...change }), {
      name: 'SourceError',
      code: 'EndpointError',
      kind: 'access',
      affectsAll: true,
      message: text,
    })
})
