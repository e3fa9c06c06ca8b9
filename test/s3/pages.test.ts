// Listings of several pages: what is asked for, when, and what ends them.

import t from 'tap'
import type {
  ListPage,
  ListRequest,
  ObjectStore,
} from '../../src/s3/object-store.ts'
import { firstPage, lastName, pages } from '../../src/s3/pages.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { MemoryStore } from '../lib/s3/memory-store.ts'

const request = { prefix: '', delimiter: true, startAfter: '' }

const page = (
  keys: string[],
  folders: string[],
  next: string | undefined,
): ListPage => ({
  objects: keys.map(key => ({ key, size: 1, etag: '"e"', modified: 1 })),
  folders,
  next,
})

/** A store that answers with these pages in turn, the last ones for ever. */
function scripted(answer: (request: ListRequest, count: number) => ListPage) {
  const asked: ListRequest[] = []
  const store: Pick<ObjectStore, 'list'> = {
    list: async request => answer(request, asked.push(request)),
  }
  return { store, asked }
}

async function taken(listing: AsyncIterable<ListPage>): Promise<string[]> {
  const names: string[] = []
  for await (const { objects, folders } of listing)
    names.push(...objects.map(({ key }) => key), ...folders)
  return names
}

const refused = (code: string): SourceError =>
  new SourceError('no', { code, kind: 'access' })

/** Answers with three empty pages and one that holds `a`. */
const lateAnswer = (_: ListRequest, count: number): ListPage =>
  count < 4 ? page([], [], `t${count}`) : page(['a'], [], undefined)

const after = (startAfter: string): ListRequest => ({ ...request, startAfter })

t.test('every page comes, each by the token of the one before', async t => {
  const store = new MemoryStore()
  store.pageSize = 2
  for (const key of ['a', 'b', 'c/1', 'c/2', 'd']) store.put(key, 1)
  t.strictSame(await taken(pages(store, request)), ['a', 'b', 'd', 'c/'])
  t.equal(store.lists.length, 2)
  t.equal(store.lists[0]?.token, undefined)
  t.equal(store.lists[1]?.startAfter, 'b')
  t.ok(store.lists[1]?.token)
})

t.test('a page is asked for only when it is taken', async t => {
  const store = new MemoryStore()
  store.pageSize = 1
  for (const key of ['a', 'b', 'c', 'd']) store.put(key, 1)
  for await (const _ of pages(store, request)) if (store.lists.length > 1) break
  t.equal(store.lists.length, 2)
  store.lists.length = 0
  t.strictSame(await taken(pages(store, request, 3)), ['a', 'b', 'c'])
  t.equal(store.lists.length, 3)
})

t.test('an empty page with a token is no end', async t => {
  const whole = scripted(lateAnswer)
  t.strictSame(await taken(pages(whole.store, request)), ['a'])
  t.strictSame(
    whole.asked.map(({ token }) => token),
    [undefined, 't1', 't2', 't3'],
  )
  const first = scripted(lateAnswer)
  const { objects } = await firstPage(first.store, request)
  t.equal(objects[0]?.key, 'a')
  const none = scripted(() => page([], [], undefined))
  t.strictSame((await firstPage(none.store, request)).objects, [])
  t.equal(none.asked.length, 1)
})

t.test('tokens that lead in a circle end a listing as an error', async t => {
  for (const length of [1, 2, 3, 7]) {
    const { store, asked } = scripted((_, count) =>
      page([], [], `t${count < 5 ? count : 100 + (count % length)}`),
    )
    const error = await taken(pages(store, request)).catch(e => e as unknown)
    t.ok(error instanceof SourceError, `a circle of ${length}`)
    t.match(error, { code: 'BadPage', kind: 'network' })
    t.ok(asked.length < 40, `seen after ${asked.length} pages`)
  }
})

t.test('pages that come again under new tokens are named, and end', async t => {
  for (const length of [1, 2, 3, 7]) {
    const { store, asked } = scripted((_, count) =>
      page([`k${count % length}`, `l${count % length}`], [], `t${count}`),
    )
    const error = await taken(pages(store, request)).catch(e => e as unknown)
    t.match(error, {
      code: 'BadPage',
      message:
        /same names came again and again.*tell the operator of the store/,
    })
    t.ok(asked.length < 100, `seen after ${asked.length} pages`)
  }
  const twice = scripted((_, count) =>
    page([`${1000 + (count >> 1)}`], [], count < 500 ? `t${count}` : undefined),
  )
  const names = await taken(pages(twice.store, request))
  t.equal(new Set(names).size, 251, 'a page that comes twice is no circle')
})

const last = (keys: string[], next: string | undefined): ListPage => ({
  ...page(keys, [], next),
  ...(next !== undefined && { isCalledLast: true }),
})
const ends = async (
  answers: (ListPage | SourceError)[],
): Promise<[string[], boolean]> => {
  const { store } = scripted((_, count) => {
    const answer = answers[count - 1]
    if (answer === undefined) throw new Error('asked too often')
    if (answer instanceof SourceError) throw answer
    return answer
  })
  const names: string[] = []
  let isEnd = false
  for await (const { objects, next } of pages(store, request)) {
    names.push(...objects.map(({ key }) => key))
    isEnd = next === undefined
  }
  return [names, isEnd]
}

t.test('what follows a page that is called the last', async t => {
  const first = last(['a', 'b'], 't')
  t.strictSame(await ends([first, last(['c'], undefined)]), [
    ['a', 'b', 'c'],
    true,
  ])
  const ab: [string[], boolean] = [['a', 'b'], true]
  t.strictSame(await ends([first, last([], undefined)]), ab)
  t.strictSame(await ends([first, last(['a', 'b'], 'u')]), ab, 'the same again')
  t.strictSame(await ends([first, refused('InvalidArgument')]), ab)
  await t.rejects(ends([first, refused('AccessDenied')]), {
    code: 'AccessDenied',
  })
})

t.test('an error of the store is passed on', async t => {
  const store = new MemoryStore()
  store.onList = () => {
    throw new SourceError('no', { code: 'AccessDenied', kind: 'access' })
  }
  await t.rejects(taken(pages(store, request)), { code: 'AccessDenied' })
  await t.rejects(firstPage(store, request), { code: 'AccessDenied' })
})

t.test('a page ends at its last key or behind all of its last folder', t => {
  t.equal(lastName(page([], [], undefined)), '')
  t.equal(lastName(page(['a', 'b'], ['a/'], 'x')), 'b')
  t.ok(lastName(page(['a'], ['b/'], 'x')) > 'b/\u{10FFFE}')
  t.end()
})

const judged = async (
  answers: ListPage[],
  request: ListRequest,
): Promise<unknown[]> => {
  const { store } = scripted(
    (_, count) => answers[count - 1] ?? page([], [], ''),
  )
  const seen: unknown[] = []
  for await (const { objects, folders, inOrder } of pages(store, request))
    seen.push([...objects.map(({ key }) => key), ...folders, inOrder])
  return seen
}

t.test('names up to StartAfter are passed over', async t => {
  const answers = [page(['a', 'b', 'c'], ['a/', 'd/'], undefined)]
  t.strictSame(await judged(answers, after('b')), [['c', 'd/', false]])
  const itself = [page(['b', 'c'], [], undefined)]
  t.strictSame(await judged(itself, after('b')), [['c', true]], 'no fault')
  const leapt = [page([], ['d/', 'e/'], undefined)]
  t.strictSame(await judged(leapt, after('d/\u{10FFFF}')), [['e/', true]])
})

t.test('names out of order, or again, are told of', async t => {
  const cases: [ListPage[], unknown[]][] = [
    [
      [page(['a', 'b'], [], 't'), page(['c'], [], undefined)],
      [
        ['a', 'b', true],
        ['c', true],
      ],
    ],
    [
      [page(['a', 'b'], [], 't'), page(['b', 'c'], [], undefined)],
      [
        ['a', 'b', true],
        ['b', 'c', false],
      ],
    ],
    [[page(['b', 'a'], [], undefined)], [['b', 'a', false]]],
    [[page(['a', 'a'], [], undefined)], [['a', 'a', false]]],
    [
      [page(['\u{1F600}', '\uFB01'], [], undefined)],
      [['\u{1F600}', '\uFB01', false]],
    ],
    [
      [page(['\uFB01', '\u{1F600}'], [], undefined)],
      [['\uFB01', '\u{1F600}', true]],
    ],
    [
      [page([], ['b/'], 't'), page(['a'], [], undefined)],
      [
        ['b/', true],
        ['a', false],
      ],
    ],
  ]
  for (const [answers, expected] of cases)
    t.strictSame(await judged(answers, request), expected)
})

t.test('a kept token is tried once, then the name', async t => {
  const expired = new SourceError('no', {
    code: 'InvalidArgument',
    kind: 'object',
  })
  const { store, asked } = scripted(({ token }) => {
    if (token === 'old') throw expired
    return page(['c'], [], undefined)
  })
  const from = { ...after('b'), token: 'old' }
  t.strictSame(await taken(pages(store, from)), ['c'])
  t.match(asked, [{ token: 'old' }, { token: undefined, startAfter: 'b' }])
  asked.length = 0
  await taken(pages(store, from, Infinity, () => ''))
  t.match(asked[1], { token: undefined, startAfter: '' })
  const down = scripted(() => {
    throw new SourceError('no', { code: 'HTTP503', kind: 'network' })
  })
  await t.rejects(taken(pages(down.store, from)), { code: 'HTTP503' })
  t.equal(down.asked.length, 1, 'which says nothing of the token')
})
