// Listings of several pages: what is asked for, when, and what ends them.

import t from 'tap'
import type {
  ListPage,
  ListRequest,
  ObjectStore,
} from '../../src/s3/object-store.ts'
import { firstPage, lastName, nextAfter, pages } from '../../src/s3/pages.ts'
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

t.test('going on by name demands progress', t => {
  t.equal(nextAfter(page(['b'], [], 'x'), after('a')), 'b')
  for (const name of ['b', 'c'])
    t.throws(() => nextAfter(page(['b'], [], 'x'), after(name)), {
      code: 'BadPage',
    })
  t.throws(() => nextAfter(page([], [], 'x'), after('')), SourceError)
  t.end()
})
