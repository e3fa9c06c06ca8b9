import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { sdkClient, startS3 } from './sdk-client.ts'
import type { WireRequest } from './sdk-client.ts'
import { signature } from './sigv4.ts'

const EMPTY = createHash('sha256').digest('hex')

function sign(path: string, query: [string, string][], more = {}) {
  const headers = {
    host: ['examplebucket.s3.amazonaws.com'],
    'x-amz-content-sha256': [EMPTY],
    'x-amz-date': ['20130524T000000Z'],
    ...more,
  }
  return signature(
    { method: 'GET', path, query, headers },
    Object.keys(headers).toSorted(),
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'us-east-1',
  )
}

t.test('signatures equal those that AWS publishes for S3', async t => {
  t.equal(
    sign('/test.txt', [], { range: ['bytes=0-9'] }),
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
  t.equal(
    sign('/', [['lifecycle', '']]),
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  )
  const list: [string, string][] = [
    ['prefix', 'J'],
    ['max-keys', '2'],
  ]
  t.equal(
    sign('/', list),
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  )
})

t.test('a request signed otherwise is refused as S3 refuses it', async t => {
  const s3 = await startS3(t)
  s3.put('key', 'body')
  s3.fault = () => ({ kind: 'empty' })
  const refused = (error: unknown, status: number, name: string) =>
    t.match(error, { name, $metadata: { httpStatusCode: status } }, name)
  const id = 'AKIDEXAMPLE'

  const clients: [object, number, string][] = [
    [{ accessKeyId: id, secretAccessKey: 'x' }, 403, 'SignatureDoesNotMatch'],
    [{ accessKeyId: 'x', secretAccessKey: 'x' }, 403, 'InvalidAccessKeyId'],
  ]
  for (const [credentials, status, name] of clients) {
    const config = { credentials: credentials as never }
    const { get } = sdkClient(t, s3, config)
    refused(await get('key').catch(e => e), status, name)
  }

  const away = sdkClient(t, s3, { region: 'eu-west-1' })
  const wrongRegion = await away.list().catch(e => e)
  refused(wrongRegion, 400, 'AuthorizationHeaderMalformed')
  t.equal(wrongRegion.Region, 'us-east-1', 'the right region is told')

  type Change = (request: WireRequest) => void
  const changes: [Change, number, string][] = [
    [r => delete r.headers['authorization'], 403, 'AccessDenied'],
    [r => (r.path += 's'), 403, 'SignatureDoesNotMatch'],
    [r => (r.query['prefix'] = 'p'), 403, 'SignatureDoesNotMatch'],
    [r => (r.headers['range'] = 'bytes=1-'), 403, 'SignatureDoesNotMatch'],
    [r => (r.headers['x-amz-more'] = '1'), 403, 'AccessDenied'],
    [
      r => (r.headers['x-amz-content-sha256'] = '0'.repeat(64)),
      400,
      'XAmzContentSHA256Mismatch',
    ],
    [
      r => {
        const header = r.headers['authorization'] ?? ''
        r.headers['authorization'] = header.replace(/.{64}$/, '0'.repeat(64))
      },
      403,
      'SignatureDoesNotMatch',
    ],
  ]
  for (const [by, status, name] of changes) {
    const { change, get } = sdkClient(t, s3)
    change('deserialize', by)
    refused(await get('key', { Range: 'bytes=0-' }).catch(e => e), status, name)
  }
  const answer = await fetch(`${s3.endpoint}/logs/key?X-Amz-Signature=0`)
  t.equal(answer.status, 403, 'the query form is refused')
  t.match(await answer.text(), '<Code>AccessDenied</Code>')
  t.notOk(
    s3.requests.some(r => r.status === 200),
    'no fault lets a request in',
  )
})

t.test('a session token is required where the key has one', async t => {
  const s3 = await startS3(t)
  s3.put('key', 'body')
  s3.credentials.set('ASIA', { secret: 's', token: 'a/token+=' })
  const get = (sessionToken?: string) => {
    const key = { accessKeyId: 'ASIA', secretAccessKey: 's' }
    const credentials = sessionToken ? { ...key, sessionToken } : key
    return sdkClient(t, s3, { credentials }).get('key')
  }
  t.equal((await get('a/token+=')).ContentLength, 4)
  await t.rejects(get('another'), { name: 'InvalidToken' })
  await t.rejects(get(), { name: 'InvalidToken' })
})

t.test('a request may be 15 minutes from the clock and no more', async t => {
  const s3 = await startS3(t)
  s3.put('key', 'body')
  const now = Date.now()
  for (const minutes of [-14, 14]) {
    s3.clock = () => now + minutes * 60_000
    const { Body } = await sdkClient(t, s3).get('key')
    t.equal(Body && (await text(Body as never)), 'body')
  }
  for (const minutes of [-16, 16]) {
    s3.clock = () => now + minutes * 60_000
    const name = 'RequestTimeTooSkewed'
    await t.rejects(sdkClient(t, s3).get('key'), { name })
  }
})
