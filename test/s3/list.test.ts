// Pages of S3 and of nobody: each is read as the SDK reads it, or refused, and
// never is a part taken for the whole.

import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { newS3Client } from '../../src/s3/access/sdk-endpoint.ts'
import { readList } from '../../src/s3/list.ts'
import { SETTINGS } from '../lib/s3/access-settings.ts'
import type { StoredObject } from '../lib/s3/get-object.ts'
import { listXml } from '../lib/s3/s3-xml.ts'

const client = newS3Client({
  ...SETTINGS,
  Endpoint: 'http://127.0.0.1:1',
  ForcePathStyle: true,
})

/** Reads a page with the SDK. */
async function readBySdk(xml: string) {
  client.config.requestHandler = {
    handle: async () => ({
      response: {
        statusCode: 200,
        headers: {},
        body: Readable.from([Buffer.from(xml)]),
      },
    }),
  } as unknown as typeof client.config.requestHandler
  return client.send(new ListObjectsV2Command({ Bucket: 'logs' }))
}

const stored = (size: number, modified: number): StoredObject => ({
  body: Buffer.alloc(0),
  size,
  etag: `"${size}"`,
  modified,
  storageClass: 'STANDARD',
})
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const page = fc.record({
  name: fc.constant('logs'),
  prefix: text,
  delimiter: fc.constant('/'),
  maxKeys: fc.constant(1000),
  startAfter: text,
  token: fc.constant(undefined),
  nextToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
  encodeUrl: fc.boolean(),
  contents: fc.array(
    fc
      .tuple(text, fc.nat(), fc.integer({ min: 0, max: 2e12 }))
      .map(([key, size, time]) => [key, stored(size, time)] as const),
    { maxLength: 4 },
  ),
  commonPrefixes: fc.array(text, { maxLength: 3 }),
})

t.test('a page is read as the SDK reads it', async t => {
  await fc.assert(
    fc.asyncProperty(page, async page => {
      const xml = listXml(page)
      const sdk = await readBySdk(xml)
      const ours = readList(xml)
      const { Contents = [], CommonPrefixes = [] } = sdk
      t.strictSame(
        ours.Contents,
        Contents.map(({ Key, Size, ETag, LastModified }) => ({
          Key,
          LastModified,
          ETag,
          Size,
        })),
      )
      t.strictSame(ours.CommonPrefixes, CommonPrefixes)
      for (const name of [
        'Name',
        'KeyCount',
        'IsTruncated',
        'NextContinuationToken',
        'EncodingType',
        'Prefix',
        'StartAfter',
      ] as const)
        t.equal(ours[name], sdk[name], name)
    }),
    { numRuns: 100 },
  )
})

// What may stand around or inside an entry without changing it, or hide it.
const ENTRY = /<Contents>.*?<\/Contents>/gs
const rewritten = fc.constantFrom<(entry: string) => string>(
  entry => entry,
  entry => entry.replace('<Size>', '<ChecksumType>FULL</ChecksumType><Size>'),
  entry => entry.replaceAll('&#34;', '"'),
  entry => entry.replaceAll('&#34;', '&quot;'),
  entry => entry.replace('<Key>', '<!-- a key --><Key>'),
  entry => entry.replace('<Size>', '\n<Size>'),
  entry => entry.replace(/(<Key>.*<\/Key>)(.*)(?=<\/C)/s, '$2$1'),
  entry => entry.replace(/<StorageClass>.*<\/StorageClass>/, ''),
  entry => entry.replace('</Contents>', '<Owner><ID>1</ID></Owner></Contents>'),
  entry => `<!-- ${entry.replaceAll('-', '')} -->`,
  entry => `<Other><![CDATA[${entry}]]></Other>`,
)

t.test('entries are read as the SDK reads them, however written', async () => {
  await fc.assert(
    fc.asyncProperty(
      page,
      fc.array(rewritten, { minLength: 4, maxLength: 4 }),
      async (page, rewrite) => {
        let index = 0
        const xml = listXml(page).replace(ENTRY, entry =>
          (rewrite[index++] as (entry: string) => string)(entry),
        )
        const { Contents = [] } = await readBySdk(xml)
        const due = Contents.map(({ Key, Size, ETag, LastModified }) => ({
          Key,
          LastModified,
          ETag,
          Size,
        }))
        const got = readList(xml).Contents
        if (!isDeepStrictEqual(got, due)) throw new Error(xml)
      },
    ),
    { numRuns: 300 },
  )
})

const WHOLE =
  '<?xml version="1.0"?>\n<!-- a page --><ListBucketResult xmlns="x">' +
  '<Name>logs</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>\n' +
  '<Contents><Owner><ID>1</ID><Key>not this</Key></Owner><Key>a</Key>' +
  '<Size>1</Size><LastModified>2026-03-10T12:00:00.000Z</LastModified>' +
  '<Unheard><Of/></Unheard></Contents></ListBucketResult>\n'
const A = {
  Key: 'a',
  Size: 1,
  LastModified: new Date('2026-03-10T12:00:00Z'),
}

const changed = (from: string, to: string) => readList(WHOLE.replace(from, to))
const read = (key: string) =>
  changed('<Key>a<', `<Key>${key}<`).Contents?.[0]?.Key

t.test('words may be written in other ways', t => {
  const { IsTruncated } = changed('>false<', '> False\n<')
  t.equal(IsTruncated, false)
  t.equal(changed('>false<', '>0<').IsTruncated, false)
  t.equal(changed('>false<', '>1<').IsTruncated, true)
  const { Contents } = changed('<Size>1</Size>', '<Size> 1 </Size>')
  t.strictSame(Contents, [A])
  t.strictSame(changed('00.000Z<', '00<').Contents, [A], 'without a zone')
  const { CommonPrefixes } = changed(
    '<Contents>',
    '<CommonPrefixes><Prefix>b/</Prefix><Prefix>c/</Prefix></CommonPrefixes><CommonPrefixes/><Contents>',
  )
  t.strictSame(CommonPrefixes, [{ Prefix: 'b/' }, { Prefix: 'c/' }, {}])
  t.end()
})

t.test('what nobody knows is passed over, what is cut is nothing', t => {
  t.strictSame(readList(WHOLE), {
    Name: 'logs',
    KeyCount: 1,
    IsTruncated: false,
    Contents: [A],
    CommonPrefixes: [],
  })
  for (let length = 0; length < WHOLE.length - 1; length++)
    t.strictSame(readList(WHOLE.slice(0, length)), {}, `${length}`)
  t.end()
})

t.test('characters come by name, by number and as they are', t => {
  t.equal(read('&amp;lt;&lt;&gt;&quot;&apos;'), '&lt;<>"\'')
  t.equal(read('&#65;&#x42;&#x1F600;&#228;'), 'AB😀ä')
  t.equal(read('<![CDATA[<&amp;]]>x<!-- no -->y'), '<&amp;xy')
  for (const odd of ['&', '&nbsp;', '&#;', '&#x;', '&#x110000;', '&#9999999;'])
    t.equal(read(odd), undefined, odd)
  t.end()
})

t.test('what is no page is nothing', t => {
  for (const odd of [
    '',
    'text',
    '<html><body>Welcome<br></body></html>',
    '<!DOCTYPE html><ListBucketResult></ListBucketResult>',
    '<Error><Code>x</Code><Name>logs</Name></Error>',
    `${WHOLE}${WHOLE}`,
    `x${WHOLE}`,
    WHOLE.replace('</Key>', '</key>'),
    `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`,
    WHOLE.replace('<Size>', '<Key>b</Key><Size>'),
    WHOLE.replace('<Size>', '<Contents><Key>b</Key></Contents><Size>'),
    WHOLE.replace(/<Contents>.*<\/Contents>/, '<Other>$&</Other>'),
  ])
    t.strictSame(readList(odd), {}, odd.slice(0, 40))
  t.equal(changed('false', 'perhaps').IsTruncated, undefined)
  t.equal(changed('<KeyCount>1', '<KeyCount>1e3').KeyCount, undefined)
  t.equal(changed('<Size>1', '<Size>-1').Contents?.[0]?.Size, undefined)
  t.equal(
    changed('2026-03-10T12:00:00.000Z', 'June 1').Contents?.[0]?.LastModified,
    undefined,
  )
  t.end()
})

t.test('hostile text takes no longer than its length', t => {
  const many = 300_000
  for (const odd of [
    '<'.repeat(many),
    '<a '.repeat(many),
    `<a>${'&'.repeat(many)}</a>`,
    `<a>${'&#1'.repeat(many)}</a>`,
    `<a${' b="'.repeat(many)}`,
    `<${'a'.repeat(many)}`,
    `<a>${'<![CDATA['.repeat(many)}`,
    `<a>${'<!--'.repeat(many)}`,
    `<a>${'<![CDATA[x]]>'.repeat(many)}</a>`,
    '<a>'.repeat(many),
    `<a>${'<b/>'.repeat(many)}</a>`,
  ]) {
    const began = process.cpuUsage()
    t.strictSame(readList(odd), {}, odd.slice(0, 12))
    const { user } = process.cpuUsage(began)
    t.ok(user < 2e6, `${user / 1000} ms`)
  }
  t.end()
})
