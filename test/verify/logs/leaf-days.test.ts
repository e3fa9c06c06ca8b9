// What lies in the days of a leaf, against what digests name.

import t from 'tap'
import { LeafDays } from '../../../src/verify/logs/leaf-days.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const log = (day: string, name: string): string =>
  `${LEAF}${day.replaceAll('-', '/')}/${name}.json.gz`

function setUp(days = ['2026-03-10', '2026-03-11']) {
  const store = new MemoryStore()
  const { signal } = new AbortController()
  return { store, leaf: new LeafDays({ store, signal, leaves: [LEAF], days }) }
}

async function restOf(leaf: LeafDays): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of leaf.rest()) keys.push(key)
  return keys
}

t.test(
  'what is named and there, named and gone, there and unnamed',
  async t => {
    const { store, leaf } = setUp()
    for (const name of ['a', 'b', 'c']) store.put(log('2026-03-10', name), 5)
    store.put(log('2026-03-11', 'd'), 7)
    store.put(`${LEAF}2026/03/11/`, 7, '')
    const a = log('2026-03-10', 'a')
    t.match(await leaf.take(a), { key: a, size: 1, modified: 5 })
    t.equal(await leaf.take(a), 'again')
    t.match(await leaf.take(log('2026-03-10', 'c')), { modified: 5 })
    t.equal(await leaf.take(log('2026-03-10', 'none')), undefined)
    t.equal(store.lists.length, 2, 'the day, and the one that is missing')
    t.strictSame(await restOf(leaf), [
      log('2026-03-10', 'b'),
      log('2026-03-11', 'd'),
    ])
  },
)

t.test(
  'days that digests are past are let go, and told of all the same',
  async t => {
    const { store, leaf } = setUp()
    for (const name of ['a', 'b', 'c']) store.put(log('2026-03-10', name), 5)
    store.put(log('2026-03-11', 'd'), 7)
    await leaf.take(log('2026-03-10', 'a'))
    await leaf.take(log('2026-03-11', 'd'))
    leaf.letGo('2026-03-11')
    t.match(await leaf.take(log('2026-03-10', 'b')), { size: 1, modified: 5 })
    t.equal(await leaf.take(log('2026-03-10', 'x')), undefined)
    const { length } = store.lists
    t.strictSame(await restOf(leaf), [log('2026-03-10', 'c')])
    t.equal(
      store.lists.length - length,
      1,
      'a day of which all is named is not',
    )
  },
)

t.test('logs of other days, of other leaves and anywhere else', async t => {
  const { store, leaf } = setUp([])
  const others = [log('2026-03-01', 'a'), 'b.gz', log('2026-03-10', 'x')]
  for (const key of others) {
    store.put(key, 5)
    store.put(`${key}-longer`, 5)
    t.match(await leaf.take(key), { key })
  }
  t.equal(await leaf.take('b'), undefined, 'a longer key is another')
  t.strictSame(await restOf(leaf), [])
})

t.test('a day that cannot be listed is asked for once', async t => {
  const { store, leaf } = setUp()
  store.put(log('2026-03-10', 'a'), 5)
  store.onList = () => {
    throw new Error('refused')
  }
  for (const name of ['a', 'b'])
    await t.rejects(leaf.take(log('2026-03-10', name)), /refused/)
  t.equal(store.lists.length, 1)
})
