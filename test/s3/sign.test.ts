// Our signatures against those of the SDK, for the very request that it signed,
// and against the example of AWS's own page.

import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import t from 'tap'
import type { AccessSettings } from '../../src/s3/access/endpoint.ts'
import { newS3Client } from '../../src/s3/access/sdk-endpoint.ts'
import { getRequest, listRequest } from '../../src/s3/request.ts'
import { requestSigner } from '../../src/s3/sign.ts'
import { SETTINGS as PLAIN } from '../lib/s3/access-settings.ts'

interface WireRequest {
  path: string
  query: Record<string, string>
  headers: Record<string, string>
}

const KEYS = { accessKeyId: 'AKID', secretAccessKey: 'a secret' }
const SETTINGS: AccessSettings = {
  ...PLAIN,
  Region: 'us-east-1',
  AccessKeyId: '',
  SecretAccessKey: '',
  Endpoint: 'http://127.0.0.1:9000',
  ForcePathStyle: true,
}

/** Signs with the SDK, and catches what it would send. */
async function signedBySdk(
  command: GetObjectCommand | ListObjectsV2Command,
  sessionToken: string | undefined,
): Promise<WireRequest> {
  const client = newS3Client(SETTINGS)
  client.config.credentials = async () => ({
    ...KEYS,
    ...(sessionToken && { sessionToken }),
  })
  let caught: WireRequest | undefined
  client.middlewareStack.add(
    () => async args => {
      caught = args.request as WireRequest
      return { response: undefined, output: { $metadata: {} } }
    },
    { step: 'deserialize', priority: 'high' },
  )
  await client.send(command as GetObjectCommand)
  if (caught === undefined) throw new Error('the SDK sent nothing')
  return caught
}

const sign = requestSigner({
  url: new URL('http://127.0.0.1:9000/logs/'),
  region: 'us-east-1',
  service: 's3',
})

const authorizationOf = (lines: string): string | undefined =>
  /^authorization: (.*)\r$/m.exec(lines)?.[1]

/** Signs what the SDK signed, at its time and with all of its headers. */
function signedAlike(
  request: { path: string; query: string },
  wire: WireRequest,
  sessionToken: string | undefined,
): string | undefined {
  const { authorization = '', 'x-amz-date': stamp = '' } = wire.headers
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? []
  const headers = Object.fromEntries(
    names.split(';').map(name => [name, wire.headers[name] ?? '']),
  )
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? []
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  const keys = { ...KEYS, ...(sessionToken && { sessionToken }) }
  return authorizationOf(sign({ ...request, headers }, keys, time))
}

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.constantFrom('a b+c%20', "~*()!'", '/leading', 'a//b', '../x', 'ä😀', '='),
)
const token = fc.option(fc.base64String({ minLength: 4 }), { nil: undefined })

t.test('a GET is signed as the SDK signs it', async t => {
  await fc.assert(
    fc.asyncProperty(text, token, fc.nat(5), async (key, session, from) => {
      const etag = '"a  b"'
      const { path } = getRequest({ key, etag, from })
      const command = new GetObjectCommand({
        Bucket: 'logs',
        Key: key,
        IfMatch: etag,
        ...(from > 0 && { Range: `bytes=${from}-` }),
      })
      const wire = await signedBySdk(command, session)
      t.equal(`/logs/${path}`, wire.path)
      const request = { path: wire.path, query: 'x-id=GetObject' }
      const ours = signedAlike(request, wire, session)
      t.equal(ours, wire.headers['authorization'])
    }),
    { numRuns: 40 },
  )
})

t.test('a LIST is signed as the SDK signs it', async t => {
  const page = fc.record({
    prefix: text,
    startAfter: text,
    delimiter: fc.boolean(),
    token: fc.option(text, { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(page, token, async (page, session) => {
      const command = new ListObjectsV2Command({
        Bucket: 'logs',
        Prefix: page.prefix,
        MaxKeys: 7,
        EncodingType: 'url',
        ...(page.delimiter && { Delimiter: '/' }),
        ...(page.token === undefined
          ? { StartAfter: page.startAfter }
          : { ContinuationToken: page.token }),
      })
      const wire = await signedBySdk(command, session)
      const { query } = listRequest(page, 7)
      t.strictSame(Object.fromEntries(new URLSearchParams(query)), wire.query)
      const ours = signedAlike({ path: '/logs/', query }, wire, session)
      t.equal(ours, wire.headers['authorization'])
    }),
    { numRuns: 40 },
  )
})

t.test("AWS's own example, and a key for each day, secret and region", t => {
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }
  const url = new URL('https://examplebucket.s3.amazonaws.com/')
  const example = requestSigner({ url, region: 'us-east-1', service: 's3' })
  const request = { path: '/', query: 'max-keys=2&prefix=J', headers: {} }
  const time = Date.parse('2013-05-24T00:00:00Z')
  const due =
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
    'SignedHeaders=host;x-amz-content-sha256;x-amz-date, ' +
    'Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'
  const signed = (time: number, secretAccessKey: string) =>
    authorizationOf(example(request, { ...keys, secretAccessKey }, time))
  t.equal(signed(time, secretAccessKey), due)
  t.not(signed(time + 86_400_000, secretAccessKey), due)
  t.not(signed(time, 'another'), due)
  t.equal(signed(time, secretAccessKey), due, 'whatever was signed before')
  t.end()
})

t.test('what was kept of one request is in no other', t => {
  const url = new URL('https://examplebucket.s3.amazonaws.com/')
  const place = { url, region: 'us-east-1', service: 's3' }
  const kept = requestSigner(place)
  const payer = { 'x-amz-request-payer': 'requester' }
  const others = [
    { path: '/a' },
    { path: '/b' },
    { query: 'list-type=2' },
    { headers: payer },
    { headers: { ...payer, range: 'bytes=7-' } },
    { keys: { ...KEYS, sessionToken: 'a token' } },
    { keys: { ...KEYS, accessKeyId: 'AKID2' } },
    { time: 999 },
    { time: 1000 },
    { time: 86_400_000 },
  ]
  const plain = { path: '/a', query: '', headers: {}, keys: KEYS, time: 0 }
  for (const other of others.flatMap(one => [one, {}])) {
    const { keys, time, ...request } = { ...plain, ...other }
    t.strictSame(
      kept(request, keys, time),
      requestSigner(place)(request, keys, time),
      JSON.stringify(other),
    )
  }
  t.end()
})
