// The bytes of a digest are read strictly.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import {
  digestLogs,
  DigestError,
  readDigest,
} from '../../../src/verify/digests/digest.ts'
import { makeChain, signingKey } from '../../lib/verify/chain-maker.ts'

const [made] = makeChain({
  key: signingKey(),
  start: Date.parse('2026-11-28T00:01:31Z'),
  hours: 1,
})
if (made === undefined) throw new Error('no digest was made')
const { fields, logs } = made
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

t.test('a digest is read with its range, logs and predecessor', async t => {
  const plain = gunzipSync(made.body)
  t.match(readDigest(plain), {
    account: '111122223333',
    start: made.start,
    end: made.end,
    endText: '2026-11-28T01:01:31Z',
    key: made.key,
    bucket: 'logs',
    previous: undefined,
    logs: 2,
  })
  t.strictSame(
    [...digestLogs(plain)],
    logs.map(({ key, hash }) => ({ bucket: 'logs', key, hash })),
  )
})

t.test('white space, escapes and any order of members are read', async t => {
  const odd = Object.fromEntries(Object.entries(fields).toReversed())
  const text = JSON.stringify(odd, null, '\t').replaceAll(
    'AWSLogs',
    '\\u0041WSLogs',
  )
  t.equal(readDigest(Buffer.from(` ${text}\n`)).key, made.key)
  t.equal([...digestLogs(Buffer.from(text))][0]?.key, logs[0]?.key)
})

t.test('a wrong digest is rejected, and its wrong field is named', async t => {
  const log = (fields['logFiles'] as object[])[0]
  const bad: [unknown, RegExp][] = [
    [[], /no JSON object/],
    ['x', /no JSON object/],
    [{}, /logFiles/],
    [{ ...fields, logFiles: {} }, /logFiles is no list/],
    [{ ...fields, logFiles: 'x' }, /logFiles is no list/],
    [{ ...fields, logFiles: [1] }, /no object/],
    [{ ...fields, logFiles: [log, { ...log, hashValue: 'x' }] }, /hash/],
    [{ ...fields, logFiles: [{ ...log, hashAlgorithm: 'MD5' }] }, /hash/],
    [{ ...fields, logFiles: [{ ...log, s3Object: 7 }] }, /s3Object/],
    [{ ...fields, digestEndTime: '2026-11-31T00:00:00Z' }, /digestEndTime/],
    [{ ...fields, digestEndTime: 1 }, /digestEndTime/],
    [{ ...fields, digestS3Object: 'x'.repeat(5000) }, /digestS3Object/],
    [{ ...fields, digestS3Bucket: null }, /digestS3Bucket is missing/],
    [{ ...fields, awsAccountId: true }, /awsAccountId/],
    [{ ...fields, previousDigestS3Object: 'x' }, /previousDigest/],
  ]
  for (const [value, message] of bad)
    t.throws(() => readDigest(bytesOf(value)), message)
  t.throws(() => readDigest(Buffer.from(`${JSON.stringify(fields)}x`)), {
    name: 'DigestError',
  })
})

t.test(
  'a list of a hundred thousand logs is read without a tree of objects',
  async t => {
    const [log] = fields['logFiles'] as object[]
    const one = JSON.stringify(log)
    const head = JSON.stringify({ ...fields, logFiles: [] }).slice(0, -2)
    const count = 100_000
    const plain = Buffer.from(`${head}${`${one},`.repeat(count - 1)}${one}]}`)
    t.equal(readDigest(plain).logs, count)
    let read = 0
    for (const { key } of digestLogs(plain)) if (key !== '') read++
    t.equal(read, count)
    const empties = Buffer.from(`${head}${'{},'.repeat(1_000_000)}{}]}`)
    t.throws(() => readDigest(empties), DigestError)
  },
)

t.test('any bytes give a digest or a DigestError', async t => {
  const plain = gunzipSync(made.body)
  const place = fc.record({
    at: fc.nat(plain.length - 1),
    byte: fc.nat(255),
    cut: fc.option(fc.nat(plain.length)),
  })
  fc.assert(
    fc.property(place, ({ at, byte, cut }) => {
      const changed = Buffer.from(plain.subarray(0, cut ?? plain.length))
      if (at < changed.length) changed[at] = byte
      try {
        readDigest(changed)
        for (const log of digestLogs(changed)) if (!log.key) return false
        return true
      } catch (error) {
        return error instanceof DigestError
      }
    }),
    { numRuns: 500 },
  )
  t.pass('nothing else was thrown')
})

t.test('the sample digests are read', async t => {
  const folder = 'test/fixtures/made/made-digest-chain'
  const objects = JSON.parse(
    readFileSync(`${folder}/objects.json`, 'utf8'),
  ) as { key: string }[]
  const digests = objects.filter(({ key }) => key.includes('-Digest'))
  t.equal(digests.length, 4)
  for (const { key } of digests) {
    const plain = gunzipSync(readFileSync(`${folder}/${key}`))
    t.equal(readDigest(plain).key, key)
    for (const log of digestLogs(plain)) {
      const stored = gunzipSync(readFileSync(`${folder}/${log.key}`))
      t.equal(log.hash, createHash('sha256').update(stored).digest('hex'))
    }
  }
})
