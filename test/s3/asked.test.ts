// Pages that answer another request, and pages that only say in their own way
// what was asked for.

import fc from 'fast-check'
import t from 'tap'
import { askedOtherwise, decodeKey } from '../../src/s3/asked.ts'
import { readList } from '../../src/s3/list.ts'
import { listXml } from '../lib/s3/s3-xml.ts'

const PREFIX = 'AWSLogs/1/CloudTrail/us-east-1/2026/11/30/'
const ASKED = { prefix: PREFIX, delimiter: false, startAfter: '' }

t.test('the answer to another request is told', async t => {
  const name = `${PREFIX}a.json.gz`
  for (const [answer, asked] of [
    [{ Prefix: PREFIX.replace('30', '29') }, ASKED],
    [{ Prefix: 'AWSLogs/' }, ASKED],
    [{ Prefix: encodeURIComponent('AWSLogs/2/') }, ASKED],
    [{ Prefix: `${PREFIX}00/` }, ASKED],
    [{ Prefix: PREFIX, StartAfter: name }, ASKED],
    [{ StartAfter: `${PREFIX}b` }, { ...ASKED, startAfter: name }],
    [{ ContinuationToken: 'x' }, ASKED],
    [{ CommonPrefixes: [{ Prefix: `${PREFIX}00/` }] }, ASKED],
  ] as const)
    t.match(
      askedOtherwise(
        { ...answer, CommonPrefixes: [...(answer.CommonPrefixes ?? [])] },
        asked,
      ),
      /^it (says (Prefix|StartAfter|ContinuationToken) "|gives folders)/,
      JSON.stringify(answer),
    )
})

t.test('what may be meant is not', async t => {
  const asked = { prefix: 'lögs//a b+c%/2026/11/30/', startAfter: '' }
  const { prefix } = asked
  for (const Prefix of [
    undefined,
    '',
    prefix,
    prefix.normalize('NFD'),
    Buffer.from(prefix).toString('latin1'),
    prefix.replace('ö', '?'),
    prefix.replace('//', '/'),
    prefix.slice(0, -1),
    `/${prefix}`,
    `tenants/acme/${prefix}`,
    'a b+c%/2026/11/30/',
    encodeURIComponent(prefix),
    encodeURIComponent(encodeURIComponent(prefix)),
    encodeURIComponent(prefix).replaceAll('%20', '+').replaceAll('%2F', '/'),
    ` ${prefix}\n`,
  ])
    t.equal(askedOtherwise({ Prefix }, asked), '', String(Prefix))
  for (const answer of [
    { Prefix: PREFIX, ContinuationToken: 'x', NextContinuationToken: 'x' },
    { Name: 'an-alias-s3alias', Prefix: PREFIX },
  ])
    t.equal(askedOtherwise(answer, ASKED), '')
  t.equal(askedOtherwise({ Prefix: 'tenants/acme/' }, { prefix: '' }), '')
  const later = { ...ASKED, token: 't' }
  t.equal(
    askedOtherwise({ ContinuationToken: 'T', StartAfter: 'x' }, later),
    '',
  )
})

t.test('a page of S3 is its own', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 })
  fc.assert(
    fc.property(text, text, fc.boolean(), (prefix, rest, encodeUrl) => {
      const startAfter = rest && prefix + rest
      const xml = listXml({
        name: 'logs',
        prefix,
        delimiter: undefined,
        maxKeys: 1000,
        startAfter,
        token: undefined,
        nextToken: undefined,
        encodeUrl,
        contents: [],
        commonPrefixes: [],
      })
      const asked = { prefix, delimiter: false, startAfter }
      return askedOtherwise(readList(xml), asked) === ''
    }),
  )
})

t.test('a key is decoded as S3 encodes it', async t => {
  t.equal(decodeKey('a+b%2Bc%C3%A9%25/%ff'), 'a b+cé%/\uFFFD')
})
