// Every other test trusts the stand-in, so it is held to the AWS SDK's client
// and to an oracle that knows nothing of pages.

import { HeadObjectCommand } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import fc from 'fast-check'
import t from 'tap'
import { sdkClient, startS3 } from './sdk-client.ts'

const bytes = (a: string, b: string) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b))
const plain = (encoded = '') => decodeURIComponent(encoded.replaceAll('+', ' '))

interface Listing {
  prefix: string
  delimiter: string | undefined
  startAfter: string | undefined
}

/** Lists in one go what S3 would list, keys as `K…`, prefixes as `P…`. */
function oracle(keys: string[], { prefix, delimiter, startAfter }: Listing) {
  const entries = keys
    .toSorted(bytes)
    .filter(key => startAfter === undefined || bytes(key, startAfter) > 0)
    .filter(key => key.startsWith(prefix))
    .map(key => {
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      return cut === -1 ? `K${key}` : `P${key.slice(0, cut)}${delimiter}`
    })
  return [...new Set(entries)]
}

t.test('pages of any size add up to the plain sorted list', async t => {
  const s3 = await startS3(t)
  const { list } = sdkClient(t, s3)
  const unit = fc.constantFrom(...'ab/-+ %&"\n\u0001é\uffff', '😀')
  const words = fc.string({ unit, minLength: 1, maxLength: 5 })
  const listings = fc.record({
    prefix: fc.oneof(fc.constant(''), fc.string({ unit, maxLength: 2 })),
    delimiter: fc.constantFrom(undefined, '/', '/', '-', 'b/', 'é'),
    startAfter: fc.option(words, { nil: undefined }),
  })
  const property = fc.asyncProperty(
    fc.uniqueArray(words, { maxLength: 20 }),
    listings,
    fc.constantFrom(1, 2, 3, 7, 1000),
    async (keys, listing, size) => {
      for (const key of s3.objects.keys()) s3.delete(key)
      for (const key of keys) s3.put(key, key)
      const expected = oracle(keys, listing)
      let token: string | undefined
      do {
        const page = await list({
          Prefix: listing.prefix,
          Delimiter: listing.delimiter,
          StartAfter: listing.startAfter,
          MaxKeys: size,
          ContinuationToken: token,
          EncodingType: 'url',
        })
        const due = expected.splice(0, size)
        const found = [
          ...(page.Contents ?? []).map(({ Key }) => `K${plain(Key)}`),
          ...(page.CommonPrefixes ?? []).map(p => `P${plain(p.Prefix)}`),
        ]
        assert.deepEqual(found, [
          ...due.filter(entry => entry.startsWith('K')),
          ...due.filter(entry => entry.startsWith('P')),
        ])
        assert.equal(page.KeyCount, due.length)
        assert.equal(page.IsTruncated, expected.length > 0)
        token = page.NextContinuationToken
      } while (token)
      assert.equal(expected.length, 0)
    },
  )
  await t.resolves(fc.assert(property, { numRuns: 100 }))
})

t.test('a listing carries what S3 says of each object', async t => {
  const s3 = await startS3(t)
  s3.put('k', 'hello', { modified: 1689000000999, storageClass: 'GLACIER_IR' })
  const page = await sdkClient(t, s3).list({ StartAfter: 'a', Delimiter: '/' })
  t.match(page, { Name: 'logs', Prefix: '', Delimiter: '/', StartAfter: 'a' })
  t.strictSame(page.Contents, [
    {
      Key: 'k',
      LastModified: new Date('2023-07-10T14:40:00Z'),
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      Size: 5,
      StorageClass: 'GLACIER_IR',
    },
  ])
})

t.test('encoding-type=url encodes as S3 was measured to', async t => {
  const s3 = await startS3(t)
  const keys = ['a b.txt', 'a+b.txt', '100%.csv', '한글/x.txt', 'ctl\u0001']
  for (const key of keys) s3.put(key, '')
  const { list } = sdkClient(t, s3)
  const { Contents = [] } = await list({ EncodingType: 'url' })
  t.strictSame(
    Contents.map(object => object.Key),
    [
      '100%25.csv',
      'a+b.txt',
      'a%2Bb.txt',
      'ctl%01',
      '%ED%95%9C%EA%B8%80/x.txt',
    ],
  )
  await t.rejects(list(), { name: 'InternalError' }, 'XML cannot hold a key')
})

t.test('a token holds for the listing that it came from', async t => {
  const s3 = await startS3(t)
  for (const key of ['a/1', 'a/2', 'a/3']) s3.put(key, '')
  const { list } = sdkClient(t, s3)
  const first = await list({ Prefix: 'a', MaxKeys: 1 })
  const ContinuationToken = first.NextContinuationToken ?? ''
  const second = await list({ Prefix: 'a', MaxKeys: 2, ContinuationToken })
  t.match(second.Contents, [{ Key: 'a/2' }, { Key: 'a/3' }])
  for (const other of [
    { Prefix: 'a/' },
    { Prefix: 'a', Delimiter: '/' },
    { Prefix: 'a', ContinuationToken: `A${ContinuationToken}` },
  ]) {
    const refused = list({ ContinuationToken, ...other })
    await t.rejects(refused, { name: 'InvalidArgument' })
  }
})

t.test('any key can be read back, and is logged as it is', async t => {
  const s3 = await startS3(t)
  const { get } = sdkClient(t, s3)
  const keys = ['a b', 'a+b', '100%', 'a&b=c?d#e', `"quotes'`, 'new\nline']
  keys.push('한글', '😀', '\uffff', "(~*!')", 'a//b', 'a/../b', '/a', 'a/')
  for (const key of keys) s3.put(key, `body of ${key}`)
  for (const key of keys) {
    const { Body } = await get(key)
    t.equal(await Body?.transformToString(), `body of ${key}`)
    t.match(s3.requests.at(-1), { kind: 'GET', key, status: 200 })
  }
})

t.test('ranges and conditions are honoured', async t => {
  const s3 = await startS3(t)
  s3.put('k', '0123456789', { etag: 'multi-2' })
  s3.put('large', {
    size: 5e12,
    read: (start, end) => [Buffer.from(`${start} to ${end}`.padEnd(30))],
  })
  s3.put('cold', '', { storageClass: 'DEEP_ARCHIVE' })
  const { get } = sdkClient(t, s3)
  const ranges: [string, string, string][] = [
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
  ]
  for (const [Range, body, ContentRange] of ranges) {
    const part = await get('k', { Range, IfMatch: '"multi-2"' })
    t.equal(await part.Body?.transformToString(), body)
    t.match(part, { ContentRange, ContentLength: body.length })
  }
  const end = await get('large', { Range: 'bytes=4999999999970-' })
  t.match(await end.Body?.transformToString(), /^4999999999970 to 50{12} *$/)

  const refusals: [string, object, string][] = [
    ['k', { Range: 'bytes=10-' }, 'InvalidRange'],
    ['k', { Range: 'bytes=5-4' }, 'InvalidArgument'],
    ['k', { IfMatch: '"multi-1"' }, 'PreconditionFailed'],
    ['cold', {}, 'InvalidObjectState'],
    ['none', {}, 'NoSuchKey'],
    ['k', { Bucket: 'other' }, 'NoSuchBucket'],
  ]
  for (const [key, rest, name] of refusals) {
    await t.rejects(get(key, rest), { name }, name)
  }
  const unchanged = await get('k', { IfNoneMatch: '"multi-2"' }).catch(e => e)
  t.match(unchanged, { $metadata: { httpStatusCode: 304 } })
})

t.test('what this project has no need for is refused', async t => {
  const s3 = await startS3(t)
  const { client, change, list } = sdkClient(t, s3)
  const head = new HeadObjectCommand({ Bucket: 'logs', Key: 'k' })
  await t.rejects(client.send(head))
  t.match(s3.requests, [{ method: 'HEAD', kind: 'other', status: 405 }])
  change('build', request => (request.query['versions'] = ''))
  await t.rejects(list(), { name: 'InvalidArgument' })
})

t.test('a bucket can be addressed by host name', async t => {
  const s3 = await startS3(t)
  s3.put('k', 'body')
  const { get, list } = sdkClient(t, s3, {
    endpoint: s3.endpoint.replace('127.0.0.1', 'localhost'),
    forcePathStyle: false,
    requestHandler: {
      httpAgent: new Agent({
        lookup: (_host, _options, done) =>
          done(null, [{ address: '127.0.0.1', family: 4 }]),
      }),
    },
  })
  t.equal((await get('k')).ContentLength, 4)
  t.match((await list()).Contents, [{ Key: 'k' }])
  t.match(s3.requests, [
    { kind: 'GET', key: 'k', host: /^logs\.localhost:/ },
    { kind: 'LIST' },
  ])
  t.equal(s3.count('LIST'), 1)
  s3.resetRequests()
  t.equal(s3.count('LIST'), 0)
})

t.test('answers carry the date of the clock, or none', async t => {
  const s3 = await startS3(t)
  s3.clock = () => Date.parse('2024-02-29T23:59:59.999Z')
  const date = async () => (await fetch(s3.endpoint)).headers.get('date')
  t.equal(await date(), 'Thu, 29 Feb 2024 23:59:59 GMT')
  s3.sendDate = false
  t.equal(await date(), null)
})
