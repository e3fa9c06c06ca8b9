// Which setting is to blame for a refused LIST, and which permission it takes.

import t from 'tap'
import {
  SourceError,
  sourceError,
} from '../../../src/s3/errors/source-error.ts'
import { ProxyError } from '../../../src/s3/proxy/proxy-error.ts'
import { blame, checkAccess } from '../../../src/commands/check/check-access.ts'
import { getPermission, listPermission } from '../../../src/s3/permissions.ts'
import { checking, findings } from './checking.ts'

const keys = { AccessKeyId: 'AKIDTEST', SecretAccessKey: 'hush' }

/** An answer as S3 gives it, or one without S3's words. */
const answer = (status: number, name = 'Unknown'): Error =>
  Object.assign(new Error('no'), {
    name,
    $metadata: { httpStatusCode: status },
  })
const connection = (code: string): Error =>
  Object.assign(new Error('no'), { code })
const proxy = (code: string): Error =>
  new ProxyError(code, 'the proxy does not', 'access', 'check it')

t.test('blames what S3 blames', async t => {
  for (const [cause, name] of [
    [answer(403, 'InvalidAccessKeyId'), 'credentials'],
    [answer(403, 'SignatureDoesNotMatch'), 'credentials'],
    [answer(400, 'ExpiredToken'), 'credentials'],
    [answer(404, 'NoSuchBucket'), 'bucket'],
    [answer(301, 'PermanentRedirect'), 'region'],
    [answer(301), 'endpoint'],
    [answer(400, 'AuthorizationHeaderMalformed'), 'region'],
    [answer(403, 'RequestTimeTooSkewed'), 'clock'],
    [answer(403, 'AccessDenied'), 'list'],
    [answer(403, 'AllAccessDisabled'), 'list'],
    [answer(403), 'endpoint'],
    [answer(404), 'endpoint'],
    [answer(500, 'InternalError'), 'endpoint'],
    [connection('ECONNREFUSED'), 'endpoint'],
    [proxy('ProxyUnreachable'), 'proxy'],
    [proxy('ProxyAuthenticationRequired'), 'proxy'],
    [answer(400, 'constructor'), 'list'],
    [answer(503, 'SlowDown'), 'list'],
  ] as const) {
    const error = sourceError(cause, 'listing')
    t.equal(blame(error), name, error.code)
  }
  const page = new SourceError('x', { code: 'BadPage', kind: 'network' })
  t.equal(blame(page), 'endpoint')
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
  const right = await findings(checkAccess(context, context.bucketRegion))
  t.strictSame(
    right.found.map(({ name, level }) => `${level} ${name}`),
    ['ok endpoint', 'ok credentials', 'ok bucket', 'ok region', 'ok list'],
  )
  t.strictSame(right.result?.folders, [])
  context.bucketRegion = () => 'eu-west-1'
  const elsewhere = await findings(checkAccess(context, context.bucketRegion))
  t.match(elsewhere.lines[3], /^warn region: .*eu-west-1: set Region/)
})

t.test('what comes before the fault is not called wrong', async t => {
  for (const [cause, names] of [
    [connection('ECONNREFUSED'), 'ok credentials,fail endpoint'],
    [proxy('ProxyUnreachable'), 'ok credentials,fail proxy'],
    [
      answer(301, 'PermanentRedirect'),
      'ok endpoint,ok credentials,fail region',
    ],
    [answer(403, 'InvalidAccessKeyId'), 'ok endpoint,fail credentials'],
    [answer(404, 'NoSuchBucket'), 'ok endpoint,ok credentials,fail bucket'],
    [answer(403, 'AccessDenied'), 'ok endpoint,ok credentials,fail list'],
  ] as const) {
    const context = checking(keys)
    const error = sourceError(cause, 'listing')
    context.store.onList = () => {
      throw error
    }
    const { found, lines, result } = await findings(
      checkAccess(context, context.bucketRegion),
    )
    t.equal(found.map(({ name, level }) => `${level} ${name}`).join(), names)
    t.match(lines.at(-1), error.code)
    t.equal(result, undefined)
    t.notMatch(lines.join(), 'hush')
  }
})
