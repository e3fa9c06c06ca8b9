import t from 'tap'
import {
  SourceError,
  sourceError,
  isRetryable,
} from '../../../src/s3/errors/source-error.ts'

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

/** An error that is known by its name alone. */
const named = (name: string): Error => Object.assign(new Error('no'), { name })

/** An error as Node throws it for a connection. */
const connection = (code: string): Error =>
  Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code })

/** What OpenSSL says of a handshake, as Node throws it. */
const tls = (words: string): Error =>
  Object.assign(
    new Error(
      `write EPROTO 80BC:error:0A00042E:SSL routines:ssl3_read_bytes:${words}:../ssl/record/rec_layer_s3.c:1601:SSL alert number 70\n`,
    ),
    { code: 'EPROTO' },
  )

/** What Node throws for a host that has an address of each family. */
const both = (first: string, second: string): Error =>
  Object.assign(new AggregateError([connection(first), connection(second)]), {
    code: first,
  })

const moved = (region: string) => ({
  $response: { headers: { 'x-amz-bucket-region': region } },
})

const redirect = (
  status: number,
  location = 'https://user:hush@s3.corp:9000/logs/?X-Amz-Signature=hush',
): Error => answer(status, 'Unknown', { $response: { headers: { location } } })

t.test('each failure has its kind, its scope and its cure', t => {
  const everywhere = [
    [answer(403, 'InvalidAccessKeyId'), 'access', /AccessKeyId/],
    [answer(403, 'SignatureDoesNotMatch'), 'access', /SecretAccessKey/],
    [answer(400, 'ExpiredToken'), 'access', /renew/],
    [answer(403, 'RequestTimeTooSkewed'), 'access', /clock/],
    [answer(404, 'NoSuchBucket'), 'access', /BucketName/],
    [answer(301, 'PermanentRedirect'), 'access', /Region/],
    [answer(400, 'AuthorizationHeaderMalformed'), 'access', /Region/],
    [answer(307, 'TemporaryRedirect'), 'access', /Region/],
    [answer(301, 'Unknown', moved('eu-west-1')), 'access', /Region to eu-west/],
    [
      redirect(301),
      'access',
      /redirects to https:\/\/s3.corp:9000: set Endpoint/,
    ],
    [redirect(302), 'access', /redirects to https:/],
    [redirect(307), 'access', /redirects to https:/],
    [redirect(308, '/login?secret'), 'access', /redirects to \/login: /],
    [both('ECONNREFUSED', 'ECONNREFUSED'), 'network', /ECONNREFUSED.*Endpoint/],
    [
      both('ENETUNREACH', 'ECONNREFUSED'),
      'network',
      /: ECONNREFUSED: connect E/,
    ],
    [tls('tlsv13 alert certificate required'), 'network', /of the client/],
    [
      connection('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      'network',
      /of the client/,
    ],
    [
      connection('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'),
      'network',
      /of the cli/,
    ],
    [tls('tlsv1 alert protocol version'), 'network', /TLS 1.2 or newer/],
    [connection('ERR_SSL_UNSUPPORTED_PROTOCOL'), 'network', /TLS 1.2 or newer/],
    [
      tls('unsafe legacy renegotiation disabled'),
      'network',
      /TLS 1.2 or newer/,
    ],
    [
      tls('sslv3 alert handshake failure'),
      'network',
      /no cipher.*of the client/,
    ],
    [tls('dh key too small'), 'network', /too weak/],
    [connection('ERR_SSL_EE_KEY_TOO_SMALL'), 'network', /too weak/],
    [
      Object.assign(new Error('EE certificate key too weak'), {
        code: 'UNSPECIFIED',
      }),
      'network',
      /too weak/,
    ],
    [tls('wrong version number'), 'network', /https:/],
    [answer(400, 'ExpiredTokenException'), 'access', /renew/],
    [answer(403, 'InvalidClientTokenId'), 'access', /AccessKeyId/],
    [named('CredentialsProviderError'), 'access', /AccessKeyId/],
    [answer(407, 'ProxyAuthenticationRequired'), 'access', /proxy.*Password/],
    [answer(401, 'Unknown'), 'access', /proxy/],
    [connection('ENOTFOUND'), 'network', /DNS/],
    [connection('EAI_AGAIN'), 'network', /DNS/],
    [connection('ECONNREFUSED'), 'network', /Endpoint/],
    [connection('EHOSTUNREACH'), 'network', /network/],
    [connection('CERT_HAS_EXPIRED'), 'network', /renewed/],
    [connection('CERT_NOT_YET_VALID'), 'network', /clock/],
    [connection('DEPTH_ZERO_SELF_SIGNED_CERT'), 'network', /NODE_EXTRA_CA/],
    [connection('SELF_SIGNED_CERT_IN_CHAIN'), 'network', /NODE_EXTRA_CA/],
    [connection('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'network', /NODE_EXTRA/],
    [connection('ERR_TLS_CERT_ALTNAME_INVALID'), 'network', /ForcePathStyle/],
    [connection('ERR_SSL_WRONG_VERSION_NUMBER'), 'network', /https:/],
    [connection('EPROTO'), 'network', /https:/],
  ] as const
  const here = [
    [answer(403, 'AccessDenied'), 'access', /s3:ListBucket/],
    [answer(403, 'AllAccessDisabled'), 'access', /permissions/],
    [answer(403, 'Unknown'), 'access', /permissions.*proxy/],
    [answer(404, 'NotFound'), 'access', /Endpoint/],
    [answer(400, 'KMS.DisabledException'), 'access', /kms:Decrypt/],
    [answer(400, 'InvalidRequest'), 'access', /credentials/],
    [answer(405, 'MethodNotAllowed'), 'access', /Endpoint/],
    [answer(403, 'InvalidObjectState'), 'object', /archive/],
    [answer(404, 'NoSuchKey'), 'object', /deleted/],
    [answer(412, 'PreconditionFailed'), 'object', /changed/],
    [answer(412, 'Unknown'), 'object', /changed/],
    [answer(416, 'InvalidRange'), 'object', /shorter/],
    [answer(416, 'Unknown'), 'object', /shorter/],
    [answer(500, 'KMS.KMSInternalException'), 'network', /next cycle/],
    [answer(400, 'KMS.ThrottlingException'), 'network', /next cycle/],
    [answer(429, 'Unknown'), 'network', /next cycle/],
    [answer(301, 'Unknown'), 'network', /Endpoint and any proxy/],
    [answer(302, 'Unknown'), 'network', /proxy/],
    [
      Object.assign(answer(400, 'InvalidRequest'), {
        message:
          'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
      }),
      'object',
      /SSE-C.*Exclusion/,
    ],
    [answer(200, 'Error'), 'network', /proxy/],
    [connection('HPE_INVALID_CONSTANT'), 'network', /proxy/],
    [connection('ETIMEDOUT'), 'network', /port, the network and any firewall/],
    [answer(503, 'SlowDown'), 'network', /next cycle/],
    [answer(500, 'InternalError'), 'network', /next cycle/],
    [answer(400, 'RequestTimeout'), 'network', /next cycle/],
    [connection('ECONNRESET'), 'network', /next cycle/],
    [named('Stalled'), 'network', /next cycle/],
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
      t.match(error, { kind, affectsAll: scope, message: cure }, String(cause))
      t.ok(error.message.startsWith(`${DOING}: `))
      t.equal(isRetryable(error), kind === 'network')
    }
  t.end()
})

t.test('the message names the code, the status and the right region', t => {
  const $response = { headers: { 'x-amz-bucket-region': 'eu-west-1' } }
  const moved = answer(301, 'PermanentRedirect', { $response })
  t.equal(
    sourceError(moved, DOING).message,
    `${DOING}: PermanentRedirect (HTTP 301): S3 says PermanentRedirect; set Region to eu-west-1`,
  )
  const malformed = answer(400, 'AuthorizationHeaderMalformed', {
    Region: 'eu-west-1',
  })
  t.match(sourceError(malformed, DOING).message, /set Region to eu-west-1$/)
  const denied = answer(403, 'AccessDenied', { $response })
  t.notMatch(sourceError(denied, DOING).message, /eu-west-1/, 'it is right')
  t.end()
})

t.test("S3's request id is said, whoever told it", async t => {
  const headers = { 'x-amz-request-id': '79104EXAMPLEB723' }
  const said = (more: object, name = 'AccessDenied'): string =>
    sourceError(answer(403, name, more), DOING).message
  const told = `${DOING}: AccessDenied (HTTP 403, request 79104EXAMPLEB723): `
  for (const more of [
    { $response: { headers } },
    { RequestId: '79104EXAMPLEB723' },
    { $metadata: { httpStatusCode: 403, requestId: '79104EXAMPLEB723' } },
  ])
    t.ok(said(more).startsWith(told), said(more))
  t.match(
    said({ $response: { headers } }, 'Unknown'),
    `${DOING}: HTTP 403 (request 79104EXAMPLEB723): `,
  )
  for (const odd of ['a b', 'x'.repeat(65), '<b>', '\u001b[2J', 7, undefined])
    t.match(said({ RequestId: odd }), `${DOING}: AccessDenied (HTTP 403): S3`)
})

t.test('AccessDenied that names a key of KMS is a matter of KMS', t => {
  for (const message of [
    'User: x is not authorized to perform: kms:Decrypt on resource: y',
    'The ciphertext refers to a customer master key that does not exist',
  ]) {
    const denied = Object.assign(answer(403, 'AccessDenied'), { message })
    t.match(sourceError(denied, DOING), {
      code: 'AccessDenied',
      kind: 'access',
      affectsAll: false,
      message: /allow kms:Decrypt/,
    })
  }
  t.end()
})

t.test('an answer that asks for fewer requests is known as such', t => {
  for (const [status, name] of [
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [503, 'Unknown'],
    [429, 'Unknown'],
    [400, 'ThrottlingException'],
    [400, 'RequestLimitExceeded'],
  ] as const)
    t.equal(sourceError(answer(status, name), DOING).throttled, true, name)
  for (const [status, name] of [
    [500, 'InternalError'],
    [403, 'AccessDenied'],
  ] as const)
    t.equal(sourceError(answer(status, name), DOING).throttled, false, name)
  t.end()
})

t.test('a failure without a name of its own is called by its status', t => {
  for (const name of ['Unknown', 'NotFound', 'Error'])
    t.match(sourceError(answer(502, name), DOING).code, 'HTTP 502')
  const reset = Object.assign(connection('ECONNRESET'), {
    name: 'TimeoutError',
  })
  t.equal(sourceError(reset, DOING).code, 'ECONNRESET')
  const tls = Object.assign(connection('EPROTO'), {
    message:
      'write EPROTO 809C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/ssl3_record.c:350:\n',
  })
  t.match(sourceError(tls, DOING).message, /: EPROTO: wrong version number; /)
  t.end()
})

t.test('a SourceError stays what it is', t => {
  const error = new SourceError('no page', { code: 'BadPage', kind: 'network' })
  t.equal(sourceError(error, DOING), error)
  t.equal(error.affectsAll, false)
  t.equal(isRetryable(new Error('any other')), false)
  t.end()
})

t.test('a server may name its error as it likes', t => {
  for (const name of ['constructor', '__proto__', 'toString', ''])
    t.match(sourceError(answer(500, name), DOING), {
      kind: 'network',
      affectsAll: false,
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

t.test('credentials that are no JSON are not quoted', t => {
  let cause: unknown
  try {
    JSON.parse('hushhushhushhush')
  } catch (error) {
    cause = error
  }
  t.match(String(cause), /hush/, 'as Node does')
  const error = sourceError(cause, DOING)
  t.match(error, { kind: 'access', message: /not JSON.*credentials/ })
  t.notMatch(error.message, /hush/)
  t.end()
})

/** An error as Node throws it for a header. */
const invalid = (name: string): Error =>
  Object.assign(
    new TypeError(`Invalid character in header content ["${name}"]`),
    { code: 'ERR_INVALID_CHAR' },
  )

t.test('what is in no header is a matter of the keys', t => {
  t.match(sourceError(invalid('authorization'), DOING), {
    kind: 'access',
    affectsAll: true,
  })
  t.end()
})

t.test('nothing of a Location is shown but where it leads', t => {
  t.notMatch(sourceError(redirect(302), DOING).message, /hush|user|Signature/)
  t.end()
})

t.test('what is met at all addresses is said', t => {
  const addresses = [new Error('connect A'), new Error('connect B')]
  t.match(sourceError(new AggregateError(addresses), DOING), {
    message: `${DOING}: UnknownError: connect A, connect B; `,
  })
  const wrapped = Object.assign(new Error(''), {
    name: 'CredentialsProviderError',
    code: 'ECONNREFUSED',
  })
  t.match(sourceError(wrapped, DOING).message, /Error: ECONNREFUSED; /)
  t.end()
})

t.test('what was not reached is named with its port', t => {
  for (const [error, said] of [
    [connection('ENOTFOUND'), /DNS: no address is known for s3.corp:9000$/],
    [connection('EAI_AGAIN'), /DNS: no address is known for s3.corp:9000$/],
    [connection('ECONNREFUSED'), /its port, .*refused by s3.corp:9000$/],
    [both('ECONNREFUSED', 'ECONNREFUSED'), /refused by s3.corp:9000$/],
    [
      connection('EHOSTUNREACH'),
      /firewall: there is no route to s3.corp:9000$/,
    ],
    [connection('ENETUNREACH'), /firewall: there is no route to s3.corp:9000$/],
    [connection('ETIMEDOUT'), /firewall .*: no answer came from s3.corp:9000$/],
  ] as const)
    t.match(
      sourceError(Object.assign(error, { place: 's3.corp:9000' }), DOING)
        .message,
      said,
    )
  t.end()
})
