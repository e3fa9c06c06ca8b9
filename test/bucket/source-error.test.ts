import t from 'tap'
import {
  SourceError,
  sourceError,
  worthRetry,
} from '../../src/bucket/source-error.ts'

const DOING = 'listing s3://logs/AWSLogs/'

/** An error as the SDK throws it for an answer of S3. */
function answer(status: number, name: string, more: object = {}): Error {
  const error = Object.assign(new Error(`S3 says ${name}`), {
    name,
    Code: name,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
    ...more,
  })
  return error
}

/** An error as Node throws it for a connection. */
const connection = (code: string): Error =>
  Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code })

t.test('each code has its kind, its scope and its cure', t => {
  const everywhere = [
    [answer(403, 'InvalidAccessKeyId'), 'access', /AccessKeyId/],
    [answer(403, 'SignatureDoesNotMatch'), 'access', /SecretAccessKey/],
    [answer(400, 'ExpiredToken'), 'access', /renew/],
    [answer(403, 'RequestTimeTooSkewed'), 'access', /clock/],
    [answer(404, 'NoSuchBucket'), 'access', /BucketName/],
    [answer(301, 'PermanentRedirect'), 'access', /Region/],
    [answer(400, 'AuthorizationHeaderMalformed'), 'access', /Region/],
    [answer(407, 'ProxyAuthenticationRequired'), 'access', /proxy/],
    [connection('ENOTFOUND'), 'network', /DNS/],
    [connection('EAI_AGAIN'), 'network', /DNS/],
    [connection('ECONNREFUSED'), 'network', /Endpoint/],
    [connection('CERT_HAS_EXPIRED'), 'network', /NODE_EXTRA_CA_CERTS/],
  ] as const
  const here = [
    [answer(403, 'AccessDenied'), 'access', /s3:ListBucket/],
    [answer(403, 'AllAccessDisabled'), 'access', /permissions/],
    [answer(400, 'KMS.DisabledException'), 'access', /kms:Decrypt/],
    [answer(403, 'InvalidObjectState'), 'object', /archive/],
    [answer(404, 'NoSuchKey'), 'object', /deleted/],
    [answer(412, 'PreconditionFailed'), 'object', /changed/],
    [answer(416, 'InvalidRange'), 'object', /shorter/],
    [answer(503, 'SlowDown'), 'network', /next cycle/],
    [answer(500, 'InternalError'), 'network', /next cycle/],
    [answer(400, 'RequestTimeout'), 'network', /next cycle/],
    [connection('ECONNRESET'), 'network', /next cycle/],
    [new Error('aborted'), 'network', /next cycle/],
    ['thrown text', 'network', /thrown text/],
    [undefined, 'network', /next cycle/],
  ] as const
  for (const [scope, cases] of [
    [true, everywhere],
    [false, here],
  ] as const)
    for (const [cause, kind, cure] of cases) {
      const error = sourceError(cause, DOING)
      t.match(error, { kind, everywhere: scope, message: cure }, String(cause))
      t.ok(error.message.startsWith(`${DOING}: `))
      t.equal(worthRetry(error), kind === 'network')
    }
  t.end()
})

t.test('the message names the code, the status and the right region', t => {
  const { message } = sourceError(
    answer(301, 'PermanentRedirect', {
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    }),
    DOING,
  )
  t.match(message, /PermanentRedirect \(HTTP 301\): S3 says .*eu-west-1/)
  t.match(
    sourceError(
      answer(400, 'AuthorizationHeaderMalformed', { Region: 'eu-west-1' }),
      DOING,
    ).message,
    /eu-west-1/,
  )
  t.end()
})

t.test('a SourceError stays what it is', t => {
  const error = new SourceError('no page', { code: 'BadPage', kind: 'network' })
  t.equal(sourceError(error, DOING), error)
  t.equal(error.everywhere, false)
  t.equal(worthRetry(new Error('any other')), false)
  t.end()
})

t.test('a server may name its error as it likes', t => {
  for (const name of ['constructor', '__proto__', 'toString', ''])
    t.match(sourceError(answer(418, name), DOING), {
      kind: 'network',
      everywhere: false,
      message: /next cycle/,
    })
  t.end()
})

t.test('a message is one line of bounded length, without secrets', t => {
  const error = Object.assign(
    answer(403, 'SignatureDoesNotMatch', {
      StringToSign: 'AWS4-HMAC-SHA256 the-string',
      SignatureProvided: 'the-signature',
      $response: {
        headers: { authorization: 'the-header' },
        body: 'the-body',
      },
    }),
    {
      message: `does not match\nsecret=the-second-line ${'x'.repeat(100_000)}`,
    },
  )
  const { message, stack } = sourceError(error, DOING)
  t.notMatch(`${message} ${stack}`, /the-/)
  const long = sourceError(new Error('x'.repeat(100_000)), DOING).message
  t.ok(long.length < 1000, `${long.length} characters`)
  t.notMatch(long, /[\r\n]/)
  t.end()
})
