// The objects in the days of a leaf are compared with the logs that digests name.

import t from 'tap'
import { LeafDays } from '../../../src/verify/logs/leaf-days.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const log = (day: string, name: string): string =>
  `${LEAF}${day.replaceAll('-', '/')}/${name}.json.gz`

function setUp(days = ['2026-03-10', '2026-03-11']) {
  const store = new MemoryStore()
  const { signal } = new AbortController()
  return { store, leaf: new LeafDays([LEAF], days, { store, signal }) }
}

const sure = (key: string, hash = 'a') => ({ key, hash, isSure: true })

const unsure = (key: string) => ({ key, hash: 'z', isSure: false })

async function restOf(leaf: LeafDays): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of leaf.rest()) keys.push(key)
  return keys
}

t.test('logs are present, missing, or named by no digest', async t => {
  const { store, leaf } = setUp()
  for (const name of ['a', 'b', 'c']) store.put(log('2026-03-10', name), 5)
  store.put(log('2026-03-11', 'd'), 7)
  store.put(`${LEAF}2026/03/11/`, 7, '')
  const a = log('2026-03-10', 'a')
  t.match(await leaf.take(sure(a)), { log: { key: a, size: 1, modified: 5 } })
  t.equal(await leaf.take(sure(a)), 'again')
  t.match(await leaf.take(sure(log('2026-03-10', 'c'))), {
    log: { modified: 5 },
  })
  t.match(await leaf.take(sure(log('2026-03-10', 'none'))), {
    log: undefined,
  })
  t.equal(store.lists.length, 2, 'the day, and the one that is missing')
  t.strictSame(await restOf(leaf), [
    log('2026-03-10', 'b'),
    log('2026-03-11', 'd'),
  ])
})

t.test(
  'days that the digests have passed leave memory, and are reported',
  async t => {
    const { store, leaf } = setUp()
    for (const name of ['a', 'b', 'c']) store.put(log('2026-03-10', name), 5)
    store.put(log('2026-03-11', 'd'), 7)
    await leaf.take(sure(log('2026-03-10', 'a')))
    await leaf.take(sure(log('2026-03-11', 'd')))
    leaf.letGo('2026-03-11')
    t.match(await leaf.take(sure(log('2026-03-10', 'b'))), {
      log: { size: 1, modified: 5 },
    })
    t.match(await leaf.take(sure(log('2026-03-10', 'x'))), { log: undefined })
    const { length } = store.lists
    t.strictSame(await restOf(leaf), [log('2026-03-10', 'c')])
    t.equal(
      store.lists.length - length,
      1,
      'a day of which all is named is not',
    )
  },
)

t.test('logs of other days, leaves and places are found', async t => {
  const { store, leaf } = setUp([])
  const others = [log('2026-03-01', 'a'), 'b.gz', log('2026-03-10', 'x')]
  for (const key of others) {
    store.put(key, 5)
    store.put(`${key}-longer`, 5)
    t.match(await leaf.take(sure(key)), { log: { key } })
  }
  t.match(
    await leaf.take(sure('b')),
    { log: undefined },
    'a longer key is another',
  )
  t.strictSame(await restOf(leaf), [])
})

t.test('a day that cannot be listed is requested once', async t => {
  const { store, leaf } = setUp()
  store.put(log('2026-03-10', 'a'), 5)
  store.onList = () => {
    throw new Error('refused')
  }
  for (const name of ['a', 'b'])
    await t.rejects(leaf.take(sure(log('2026-03-10', name))), /refused/)
  t.equal(store.lists.length, 1)
})

t.test('a digest without proof claims no log', async t => {
  const { store, leaf } = setUp()
  const areRead = true
  const { signal } = new AbortController()
  const days = ['2026-03-10']
  const read = new LeafDays([LEAF], days, { store, signal, areRead })
  const [a, b] = [log('2026-03-10', 'a'), log('2026-03-10', 'b')]
  for (const key of [a, b]) store.put(key, 5)
  for (const one of [leaf, read]) {
    t.match(await one.take(unsure(a)), { log: { key: a }, isAgain: false })
    t.equal(await one.take(unsure(a)), 'again')
    t.match(await one.take(unsure(b)), { log: { key: b }, isAgain: false })
    const again = await one.take(sure(a))
    if (one === leaf) t.equal(again, 'again')
    else t.match(again, { log: { key: a }, isAgain: true })
    t.equal(await one.take(sure(a)), 'again')
    const left = []
    for await (const { key, isNamed } of one.rest()) left.push([key, isNamed])
    t.strictSame(left, [[b, true]])
  }
  const c = log('2026-03-10', 'a')
  t.match(await read.take(sure(c, 'y')), { isAgain: true }, 'each hash counts')
})
