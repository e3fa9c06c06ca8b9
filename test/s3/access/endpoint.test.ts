// What is plain must be what the SDK would find; the rest is its own.

import fc from 'fast-check'
import t from 'tap'
import { plainEndpoint } from '../../../src/s3/access/endpoint.ts'
import type { AccessSettings } from '../../../src/s3/access/endpoint.ts'
import { sdkEndpoint } from '../../../src/s3/access/sdk-endpoint.ts'
import { SETTINGS, emptyEnv } from '../../lib/s3/access-settings.ts'

const AWS = 'https://logs.s3.eu-west-1.amazonaws.com/'

t.test('what is plain is what the SDK finds', async t => {
  const env = emptyEnv(t)
  const settings = fc.record({
    Region: fc.constantFrom(
      ...'us-east-1 eu-west-3 ap-southeast-5 me-south-1 mx-central-1'.split(
        ' ',
      ),
      ...'us-gov-west-1 cn-north-1 us-iso-east-1 eusc-de-east-1'.split(' '),
    ),
    BucketName: fc.oneof(
      fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,12}[a-z0-9]$/),
      fc.constantFrom('logs', 'lo.gs', 'Logs', 'a', 'x--op-s3', 'x-s3alias'),
      fc.constant('arn:aws:s3:eu-west-1:123456789012:accesspoint/logs'),
    ),
    Endpoint: fc.constantFrom(
      '',
      'http://127.0.0.1:9000',
      'https://minio.example:443/',
      'http://[::1]:80',
      'https://s3.example/base/',
    ),
    ForcePathStyle: fc.boolean(),
  })
  let plainOnes = 0
  await fc.assert(
    fc.asyncProperty(settings, async settings => {
      const all = { ...SETTINGS, ...settings }
      const plain = plainEndpoint(all, env)
      if (plain === undefined) return
      plainOnes++
      const sdk = await sdkEndpoint(all)
      for (const name of ['region', 'service'] as const)
        t.equal(plain[name], sdk[name])
      t.equal(plain.url.href, sdk.url.href, JSON.stringify(settings))
    }),
    { numRuns: 200 },
  )
  t.ok(plainOnes > 0, `${plainOnes} were plain`)
})

t.test('what is not plain is left to the SDK', t => {
  const env = emptyEnv(t)
  t.equal(plainEndpoint(SETTINGS, env)?.url.href, AWS)
  const changes: Partial<AccessSettings>[] = [
    { Region: 'us-gov-west-1' },
    { Region: 'cn-north-1' },
    { BucketName: 'lo.gs' },
    { BucketName: 'logs--x-s3' },
    { BucketName: 'arn:aws:s3:eu-west-1:1:accesspoint/logs' },
    { Endpoint: 'https://s3.example' },
    { Endpoint: 'https://user@s3.example', ForcePathStyle: true },
    { Endpoint: 'https://s3.example:x', ForcePathStyle: true },
  ]
  for (const change of changes) {
    const access = plainEndpoint({ ...SETTINGS, ...change }, env)
    t.equal(access, undefined, JSON.stringify(change))
  }
  for (const name of [
    'AWS_PROFILE',
    'AWS_ENDPOINT_URL_S3',
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_WHATEVER_COMES',
  ])
    t.equal(plainEndpoint(SETTINGS, { ...env, [name]: 'x' }), undefined, name)
  // Who asks is another question.
  for (const name of ['AWS_ROLE_ARN', 'AWS_ENDPOINT_URL_STS'])
    t.ok(plainEndpoint(SETTINGS, { ...env, [name]: 'x' }), name)
  const HOME = t.testdir({ '.aws': {} })
  t.equal(plainEndpoint(SETTINGS, { ...env, HOME }), undefined, '~/.aws')
  t.end()
})

t.test(
  'a tenant of Ceph, in path style and encoded, whatever else is set',
  t => {
    for (const [Endpoint, url] of [
      ['https://ceph.example', 'https://ceph.example/acme%3Alogs/'],
      ['https://ceph.example:8443/', 'https://ceph.example:8443/acme%3Alogs/'],
      ['http://10.0.0.1/rgw/', 'http://10.0.0.1/rgw/acme%3Alogs/'],
    ] as const)
      for (const ForcePathStyle of [true, false]) {
        const settings = { ...SETTINGS, Endpoint, ForcePathStyle }
        const all = { ...settings, BucketName: 'acme:logs' }
        const found = plainEndpoint(all, { AWS_USE_FIPS_ENDPOINT: 'true' })
        t.strictSame(
          { ...found, url: String(found?.url) },
          { url, region: 'eu-west-1', service: 's3' },
        )
      }
    t.end()
  },
)
