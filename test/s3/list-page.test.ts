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
const ALL = { prefix: '' }
const more = { IsTruncated: true, NextContinuationToken: 'more' }

t.test('a page is read, as plain or as encoded as it says', t => {
  const objects = [
    { key: 'a', size: 1, etag: '"1"', modified: LastModified.getTime() },
  ]
  const plain = { objects, folders: ['b+c/'], next: undefined }
  t.strictSame(listPage(sound, ALL, 'listing'), plain)
  const bare = { ...sound, CommonPrefixes: [{ Prefix: 'b+c' }] }
  t.strictSame(listPage(bare, ALL, 'listing'), plain, 'without its delimiter')
  t.strictSame(
    listPage(
      { ...sound, ...more, EncodingType: 'url' },
      { prefix: '', token: 'the one before' },
      'listing',
    ),
    { objects, folders: ['b c/'], next: 'more' },
  )
  t.end()
})

t.test('an empty page is a page, an empty answer is none', t => {
  const empty = { Name: 'logs', KeyCount: 0, IsTruncated: false }
  t.strictSame(listPage(empty, ALL, 'listing'), {
    objects: [],
    folders: [],
    next: undefined,
  })
  t.throws(() => listPage({}, ALL, 'listing'), {
    code: 'BadPage',
    kind: 'network',
  })
  t.end()
})

t.test('what would hide or invent objects is refused', t => {
  const cases: [string, object][] = [
    ['no name', { Name: undefined }],
    ['not said whether there is more', { IsTruncated: undefined }],
    ['more, but not where', { IsTruncated: true }],
    ['the same page again', { ...more, NextContinuationToken: 'this one' }],
  ]
  const asked = { prefix: '', token: 'this one' }
  for (const [name, change] of cases)
    t.throws(
      () => listPage({ ...sound, ...change }, asked, 'listing s3://l/'),
      {
        code: 'BadPage',
        kind: 'network',
        message: /^listing s3:\/\/l\/: .*Endpoint/,
      },
      name,
    )
  t.throws(() => listPage({ ...sound, IsTruncated: true }, asked, 'x'), {
    message: /more follows.*no token.*tell whoever runs the store/,
  })
  t.end()
})

t.test('a token is followed though nothing is said to follow', t => {
  const both = { IsTruncated: false, NextContinuationToken: 'more' }
  const read = (change: object, token?: string) =>
    listPage({ ...sound, ...both, ...change }, { prefix: '', token }, 'x')
  t.match(read({}), { next: 'more', isCalledLast: true })
  t.match(read({}, 'the one before'), { next: 'more', isCalledLast: true })
  for (const [name, page] of [
    ['the same token', read({}, 'more')],
    ['no token', read({ NextContinuationToken: '' })],
    ['an empty answer', read({ Contents: [], CommonPrefixes: [] })],
  ] as const)
    t.equal(page.next, undefined, name)
  t.end()
})

t.test('KeyCount, ETag and quotes are not required', t => {
  const Contents = [
    { ...A, ETag: undefined },
    { ...A, Key: 'b', ETag: 'x' },
  ]
  const page = listPage({ ...sound, KeyCount: undefined, Contents }, ALL, 'x')
  t.strictSame(
    page.objects.map(({ key, etag }) => [key, etag]),
    [
      ['a', 'size=1 modified=1773144000'],
      ['b', 'x'],
    ],
  )
  t.end()
})

t.test('an entry that cannot be read is passed over, and told of', t => {
  const odd: object[] = [
    { ...A, Key: undefined },
    { ...A, Key: '' },
    { ...A, Size: undefined },
    { ...A, LastModified: undefined },
    { ...A, LastModified: new Date('x') },
    { ...A, LastModified: new Date(0) },
  ]
  for (const entry of odd) {
    const page = listPage({ ...sound, Contents: [entry, A] }, ALL, 'listing x')
    t.strictSame(
      page.objects.map(({ key }) => key),
      ['a'],
    )
    t.match(page.fault, { code: 'BadEntry', kind: 'object' })
    t.match(page.fault?.message, /^listing x: .*passed over: 1, .*Endpoint/)
  }
  for (const Prefix of ['', undefined]) {
    const CommonPrefixes = [{ Prefix }, { Prefix: 'b/' }]
    const page = listPage({ ...sound, CommonPrefixes }, ALL, 'listing x')
    t.strictSame(page.folders, ['b/'])
    t.match(page.fault, { code: 'BadEntry' })
  }
  t.end()
})

t.test('what lies outside the prefix makes no page', t => {
  for (const prefix of ['b', 'a/'])
    t.throws(() => listPage(sound, { prefix }, 'listing s3://l/b'), {
      code: 'BadPage',
      message: /"a", which does not begin with the prefix/,
    })
  const CommonPrefixes = [{ Prefix: 'b/' }]
  const itself = { ...sound, Contents: [], CommonPrefixes }
  t.throws(() => listPage(itself, { prefix: 'b/' }, 'listing s3://l/b/'), {
    code: 'BadPage',
    message: /does not seem to look at the prefix/,
  })
  const beside = { ...itself, Contents: [{ ...A, Key: 'b/a' }] }
  t.strictSame(listPage(beside, { prefix: 'b/' }, 'x').folders, ['b/'])
  t.end()
})
