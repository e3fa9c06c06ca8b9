// Which setting is to blame for a refused LIST, and which permission it takes.

import t from 'tap'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { blame, checkAccess } from '../../../src/commands/check/check-access.ts'
import { getPermission, listPermission } from '../../../src/s3/permissions.ts'
import { checking, findings } from './checking.ts'

const keys = { AccessKeyId: 'AKIDTEST', SecretAccessKey: 'hush' }

t.test('blames what S3 blames', async t => {
  for (const [code, kind, name] of [
    ['InvalidAccessKeyId', 'access', 'credentials'],
    ['SignatureDoesNotMatch', 'access', 'credentials'],
    ['ExpiredToken', 'access', 'credentials'],
    ['NoSuchBucket', 'access', 'bucket'],
    ['PermanentRedirect', 'access', 'region'],
    ['AuthorizationHeaderMalformed', 'access', 'region'],
    ['RequestTimeTooSkewed', 'access', 'clock'],
    ['AccessDenied', 'access', 'list'],
    ['HTTP 404', 'access', 'endpoint'],
    ['ECONNREFUSED', 'network', 'endpoint'],
    ['BadPage', 'network', 'endpoint'],
    ['ProxyUnreachable', 'network', 'proxy'],
    ['ProxyAuthenticationRequired', 'access', 'proxy'],
    ['constructor', 'access', 'list'],
  ] as const)
    t.equal(blame(new SourceError('x', { code, kind })), name, code)
  const slow = { code: 'SlowDown', kind: 'network', throttled: true } as const
  t.equal(blame(new SourceError('x', slow)), 'list')
})

t.test('names the permission in the words of a policy', async t => {
  const place = { Region: 'us-east-1', BucketName: 'b', FilePath: 'p/' }
  t.equal(
    listPermission(place),
    's3:ListBucket on arn:aws:s3:::b with s3:prefix p/*',
  )
  t.equal(
    listPermission({ ...place, FilePath: '' }),
    's3:ListBucket on arn:aws:s3:::b',
  )
  for (const [Region, BucketName, arn] of [
    ['us-east-1', 'b', 'arn:aws:s3:::b/p/*'],
    ['cn-north-1', 'b', 'arn:aws-cn:s3:::b/p/*'],
    ['us-gov-west-1', 'b', 'arn:aws-us-gov:s3:::b/p/*'],
    [
      'us-east-1',
      'arn:aws:s3:us-east-1:1:accesspoint/x',
      'arn:aws:s3:us-east-1:1:accesspoint/x/object/p/*',
    ],
  ] as const)
    t.equal(
      getPermission({ ...place, Region, BucketName }),
      `s3:GetObject on ${arn}`,
    )
})

t.test('a granted LIST, in the region that S3 tells', async t => {
  const context = checking(keys)
  const right = await findings(checkAccess(context))
  t.strictSame(
    right.found.map(({ name, level }) => `${level} ${name}`),
    ['ok endpoint', 'ok credentials', 'ok bucket', 'ok region', 'ok list'],
  )
  t.strictSame(right.result?.folders, [])
  context.bucketRegion = () => 'eu-west-1'
  const elsewhere = await findings(checkAccess(context))
  t.match(elsewhere.lines[3], /^warn region: .*eu-west-1: set Region/)
})

t.test('what comes before the fault is not called wrong', async t => {
  for (const [code, names] of [
    ['ECONNREFUSED', 'ok credentials,fail endpoint'],
    ['ProxyUnreachable', 'ok credentials,fail proxy'],
    ['PermanentRedirect', 'ok endpoint,ok credentials,fail region'],
    ['InvalidAccessKeyId', 'ok endpoint,fail credentials'],
    ['NoSuchBucket', 'ok endpoint,ok credentials,fail bucket'],
    ['AccessDenied', 'ok endpoint,ok credentials,fail list'],
  ] as const) {
    const context = checking(keys)
    context.store.onList = () => {
      const kind = code === 'ECONNREFUSED' ? 'network' : 'access'
      throw new SourceError(`listing: ${code}; do`, { code, kind })
    }
    const { found, lines, result } = await findings(checkAccess(context))
    t.equal(found.map(({ name, level }) => `${level} ${name}`).join(), names)
    t.match(lines.at(-1), code)
    t.equal(result, undefined)
    t.notMatch(lines.join(), 'hush')
  }
})
