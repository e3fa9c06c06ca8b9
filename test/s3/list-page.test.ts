import t from 'tap'
import { listPage } from '../../src/s3/list.ts'
import type { ListAnswer } from '../../src/s3/list.ts'

const LastModified = new Date('2026-03-10T12:00:00Z')
const A = { Key: 'a', Size: 1, ETag: '"1"', LastModified }
const sound: ListAnswer = {
  Name: 'logs',
  KeyCount: 2,
  IsTruncated: false,
  Contents: [A],
  CommonPrefixes: [{ Prefix: 'b+c/' }],
}
const more = { IsTruncated: true, NextContinuationToken: 'more' }

t.test('a page is read, as plain or as encoded as it says', t => {
  const objects = [
    { key: 'a', size: 1, etag: '"1"', modified: LastModified.getTime() },
  ]
  const plain = { objects, folders: ['b+c/'], next: undefined }
  t.strictSame(listPage(sound, undefined, 'listing'), plain)
  t.strictSame(
    listPage(
      { ...sound, ...more, EncodingType: 'url' },
      'the one before',
      'listing',
    ),
    { objects, folders: ['b c/'], next: 'more' },
  )
  t.end()
})

t.test('an empty page is a page, an empty answer is none', t => {
  const empty = { Name: 'logs', KeyCount: 0, IsTruncated: false }
  t.strictSame(listPage(empty, undefined, 'listing'), {
    objects: [],
    folders: [],
    next: undefined,
  })
  t.throws(() => listPage({}, undefined, 'listing'), {
    code: 'BadPage',
    kind: 'network',
  })
  t.end()
})

t.test('what would hide or invent objects is refused', t => {
  const cases: [string, object][] = [
    ['no name', { Name: undefined }],
    ['no count', { KeyCount: undefined }],
    ['not said whether there is more', { IsTruncated: undefined }],
    ['more, but not where', { IsTruncated: true }],
    ['the same page again', { ...more, NextContinuationToken: 'this one' }],
    ['no key', { Contents: [A, { ...A, Key: undefined }] }],
    ['an empty key', { Contents: [{ ...A, Key: '' }] }],
    ['no size', { Contents: [{ ...A, Size: undefined }] }],
    ['no time', { Contents: [{ ...A, LastModified: undefined }] }],
    ['an odd time', { Contents: [{ ...A, LastModified: new Date('x') }] }],
    ['an empty folder name', { CommonPrefixes: [{ Prefix: '' }] }],
    ['no folder name', { CommonPrefixes: [{}] }],
  ]
  for (const [name, change] of cases)
    t.throws(
      () => listPage({ ...sound, ...change }, 'this one', 'listing s3://l/'),
      {
        code: 'BadPage',
        kind: 'network',
        message: /^listing s3:\/\/l\/: .*Endpoint/,
      },
      name,
    )
  t.end()
})
