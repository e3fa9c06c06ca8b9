import t from 'tap'
import { listPage, readList } from '../../src/s3/list.ts'
import type { SourceError } from '../../src/s3/errors/source-error.ts'
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
    message: /more follows.*no token.*tell the operator of the store/,
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
  const odd: [object, string][] = [
    [{ Key: undefined }, 'one without a key'],
    [{ Key: '' }, 'one without a key'],
    [{ Size: undefined }, '"o" without a size'],
    [
      { Size: undefined, said: { Size: ' 9223372036854775808 ' } },
      '"o" with the impossible size "9223372036854775808"',
    ],
    [{ LastModified: undefined }, '"o" without a time'],
    [{ LastModified: new Date('x') }, '"o" without a time'],
    [
      { LastModified: new Date(0) },
      '"o" with the impossible time "1970-01-01T00:00:00.000Z"',
    ],
    [
      { LastModified: undefined, said: { LastModified: '1764460800' } },
      '"o" with the impossible time "1764460800"',
    ],
  ]
  for (const [changes, what] of odd) {
    const entry = { ...A, Key: 'o', ...changes }
    const page = listPage({ ...sound, Contents: [entry, A] }, ALL, 'listing x')
    t.strictSame(
      page.objects.map(({ key }) => key),
      ['a'],
    )
    t.match(page.fault, { code: 'BadEntry', kind: 'object' })
    t.match(
      page.fault?.message,
      `listing x: entries that the store gave cannot be read and were passed over: 1, the first ${what}; check the store behind Endpoint`,
    )
    const key = what.startsWith('one') ? undefined : 'o'
    t.equal((page.fault as SourceError).key, key)
  }
  for (const Prefix of ['', undefined]) {
    const CommonPrefixes = [{ Prefix }, { Prefix: 'b/' }]
    const page = listPage({ ...sound, CommonPrefixes }, ALL, 'listing x')
    t.strictSame(page.folders, ['b/'])
    t.match(page.fault, { code: 'BadEntry' })
  }
  t.end()
})

t.test(
  'a long key is cut in the message, with a mark, and whole beside it',
  t => {
    const Key = 'k'.repeat(1000)
    const Contents = [{ ...A, Key, Size: undefined }]
    const { fault } = listPage({ ...sound, Contents }, ALL, 'listing x')
    t.match(fault?.message, `the first "${'k'.repeat(100)}…" without a size`)
    t.equal((fault as SourceError).key, Key)
    t.end()
  },
)

const pageOf = (fields: string): string =>
  `<ListBucketResult><Name>l</Name><IsTruncated>false</IsTruncated><Contents><Key>o</Key>${fields}</Contents></ListBucketResult>`

t.test('what a store wrote for a size or a time is kept for the message', t => {
  const time = '<LastModified>2026-11-30T00:00:00Z</LastModified>'
  for (const [fields, what] of [
    [`${time}<Size>-1</Size>`, /impossible size "-1"/],
    [`${time}<Size/>`, /without a size/],
    [
      '<Size>1</Size><LastModified>0001-01-01T00:00:00.000Z</LastModified>',
      /impossible time "0001-01-01T00:00:00.000Z"/,
    ],
    [
      '<Size>1</Size><LastModified>2026-13-41T00:00:00Z</LastModified>',
      /impossible time "2026-13-41T00:00:00Z"/,
    ],
  ] as const)
    t.match(listPage(readList(pageOf(fields)), ALL, 'x').fault?.message, what)
  t.end()
})

t.test('what lies outside the prefix makes no page', t => {
  for (const prefix of ['b', 'a/'])
    t.throws(() => listPage(sound, { prefix }, 'listing s3://l/b'), {
      code: 'BadPage',
      message: /"a", which does not begin with the requested prefix/,
    })
  const CommonPrefixes = [{ Prefix: 'b/' }]
  const itself = { ...sound, Contents: [], CommonPrefixes }
  t.throws(() => listPage(itself, { prefix: 'b/' }, 'listing s3://l/b/'), {
    code: 'BadPage',
    message: /seems to ignore the requested prefix/,
  })
  const beside = { ...itself, Contents: [{ ...A, Key: 'b/a' }] }
  t.strictSame(listPage(beside, { prefix: 'b/' }, 'x').folders, ['b/'])
  t.end()
})
