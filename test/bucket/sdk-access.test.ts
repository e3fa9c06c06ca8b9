// Where the SDK's rules send the requests to a bucket, and what it signs for.

import t from 'tap'
import { sdkAccess } from '../../src/bucket/sdk-access.ts'
import { SETTINGS, emptyEnv } from '../lib/access-settings.ts'

const POINT = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/logs'

t.test('each kind of bucket has its URL and region', async t => {
  emptyEnv(t, {})
  const cases = [
    [{}, 'https://logs.s3.eu-west-1.amazonaws.com/'],
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
    [{ Endpoint: 'http://s3.example:9000' }, 'http://logs.s3.example:9000/'],
    [
      { Endpoint: 'http://s3.example/base/', ForcePathStyle: true },
      'http://s3.example/base/logs/',
    ],
  ] as const
  for (const [change, href, region = 'eu-west-1'] of cases) {
    const access = await sdkAccess({ ...SETTINGS, ...change })
    t.equal(access.url.href, href)
    t.match(access, { region, service: 's3' }, href)
    t.match(await access.credentials(), { accessKeyId: 'AKID' })
  }
})

t.test('the environment has its say', async t => {
  emptyEnv(t, {
    AWS_ENDPOINT_URL_S3: 'http://s3.example',
    AWS_ACCESS_KEY_ID: 'ASIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 'token',
  })
  const keyless = { ...SETTINGS, AccessKeyId: '', SecretAccessKey: '' }
  const access = await sdkAccess(keyless)
  t.equal(access.url.href, 'http://logs.s3.example/')
  t.match(await access.credentials(), {
    accessKeyId: 'ASIA',
    sessionToken: 'token',
  })
})

t.test('without credentials the SDK says so', async t => {
  emptyEnv(t, { AWS_EC2_METADATA_DISABLED: 'true' })
  await t.rejects(
    sdkAccess({ ...SETTINGS, AccessKeyId: '', SecretAccessKey: '' }),
    { name: 'CredentialsProviderError' },
  )
})
