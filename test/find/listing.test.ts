// One folder: which of its objects are new, and where the next listing begins.

import t from 'tap'
import { isFolderMarker } from '../../src/s3/object-store.ts'
import {
  SimulatedSearch,
  type CycleOptions,
  type CycleResult,
} from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const TODAY = `${LEAF}2026/03/10/`
const FLAT = 'logs/'
const DAY = 1440

/** Gives the keys after which today's folder was listed. */
const starts = ({ lists }: CycleResult): string[] =>
  lists
    .filter(({ prefix }) => prefix === TODAY)
    .map(({ startAfter }) => startAfter)

/** A bucket whose leaf, today's folder, is known and was found empty yesterday. */
async function oneFolder(t: Tap, now = '2026-03-10T12:00:00Z') {
  const sim = await SimulatedSearch.start(t, { DiscoveryMinutes: 1440 }, now)
  sim.put(`${LEAF}2020/01/01/old.gz`)
  await sim.cycle()
  sim.wait(2)
  return { sim }
}
type Tap = Parameters<typeof SimulatedSearch.start>[0]

/** Fails every page of today's folder but the first so many. */
const cutAfter = (pages: number): NonNullable<CycleOptions['fails']> => {
  let seen = 0
  return (_, { prefix }) => prefix === TODAY && ++seen > pages
}

const keys = (...names: string[]): string[] =>
  names.map(name => `${TODAY}${name}.gz`)

t.test('an object is new until it is committed or failed', async t => {
  const { sim } = await oneFolder(t)
  sim.put(...keys('a', 'b', 'c'), `${TODAY}d.txt`)
  sim.store.put(`${TODAY}sub/`, sim.now, '')
  const fates = ['commit', 'fail', 'leave'] as const
  const first = await sim.cycle({
    settle: (_, index) => fates[index] ?? 'leave',
  })
  t.strictSame(first.taken, keys('a', 'b', 'c'))
  t.strictSame(first.counts, { objects_found: 3, objects_filtered: 1 })
  t.strictSame((await sim.cycle()).taken, keys('c'))
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('an object of another size is another object', async t => {
  const { sim } = await oneFolder(t)
  sim.store.put(`${TODAY}a.gz`, sim.now, 'x')
  await sim.cycle()
  sim.store.put(`${TODAY}a.gz`, sim.now, 'y')
  t.strictSame((await sim.cycle()).taken, [], 'encrypted anew, say')
  sim.store.put(`${TODAY}a.gz`, sim.now, 'yy')
  t.strictSame((await sim.cycle()).taken, keys('a'))
})

t.test('a listing cut by its taker goes on before what was left', async t => {
  const { sim } = await oneFolder(t)
  sim.store.pageSize = 2
  sim.put(...keys('a', 'b', 'c', 'd', 'e'))
  t.strictSame((await sim.cycle({ take: 1 })).taken, keys('a'))
  sim.put(`${TODAY}0.gz`)
  const next = await sim.cycle({ take: 3 })
  t.strictSame(next.taken, keys('b', 'c', 'd'))
  t.equal(starts(next)[0], `${TODAY}a.gz`)
  t.strictSame((await sim.cycle()).taken, keys('e'))
  sim.wait(15)
  t.strictSame((await sim.cycle()).taken, keys('0'), 'by the sweep')
})

t.test('an object taken and not settled is listed again', async t => {
  const { sim } = await oneFolder(t)
  sim.put(...keys('a', 'b', 'c'))
  await sim.cycle({
    settle: ({ key }) => (key.endsWith('b.gz') ? 'leave' : 'commit'),
  })
  const cut = await sim.cycle({ settle: () => 'leave', take: 1 })
  t.strictSame(cut.taken, keys('b'))
  t.strictSame(starts(cut), [''], 'all is fresh')
  const next = await sim.cycle()
  t.strictSame(next.taken, keys('b'))
  t.strictSame(starts(next), keys('a'))
})

t.test('a listing cut between pages goes on at its last key', async t => {
  const { sim } = await oneFolder(t)
  sim.store.pageSize = 2
  sim.put(...keys('a', 'b', 'c', 'd', 'e'))
  const cut = await sim.cycle({ fails: cutAfter(1) })
  t.strictSame(cut.taken, keys('a', 'b'))
  t.equal(cut.search.errors.length, 1)
  sim.wait(1)
  const next = await sim.cycle()
  t.strictSame(next.taken, keys('c', 'd', 'e'))
  t.equal(starts(next)[0], `${TODAY}b.gz`)
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('a sweep counts from its first page, however cut', async t => {
  const { sim } = await oneFolder(t)
  sim.settings = { ...sim.settings, SweepMinutes: 180 }
  sim.store.pageSize = 1
  sim.put(...keys('a', 'b', 'c'))
  await sim.cycle()
  sim.wait(180)
  for (const start of ['', `${TODAY}a.gz`]) {
    const cut = await sim.cycle({ fails: cutAfter(1) })
    t.equal(starts(cut)[0], start)
    sim.wait(60)
  }
  t.equal(starts(await sim.cycle())[0], `${TODAY}b.gz`, 'its last page')
  sim.wait(59)
  t.equal(starts(await sim.cycle())[0], `${TODAY}c.gz`, 'a tail')
  sim.wait(1)
  t.equal(starts(await sim.cycle())[0], '', 'the next sweep')
})

t.test('a first page that fails loses nothing', async t => {
  const { sim } = await oneFolder(t)
  sim.put(...keys('a'))
  await sim.cycle()
  sim.wait(121)
  sim.put(...keys('b'))
  await sim.cycle()
  sim.put(...keys('c'))
  sim.put(`AWSLogs/111122223333/CloudTrail/x/2026/03/10/a.gz`)
  const failed = await sim.cycle({
    fails: (_, { prefix }) => prefix === TODAY,
  })
  t.strictSame(failed.taken, [])
  const next = await sim.cycle()
  t.strictSame(next.taken, keys('c'))
  t.strictSame(starts(next), keys('a'), 'where the tail began before')
})

t.test('a day stays open after a cut tail until a sweep is clean', async t => {
  const { sim } = await oneFolder(t)
  sim.store.pageSize = 1
  const [left = ''] = keys('b')
  sim.put(...keys('a', 'b', 'c', 'd'))
  sim.wait(2 * DAY)
  await sim.cycle({
    settle: ({ key }) => (key === left ? 'leave' : 'commit'),
  })
  sim.store.delete(left)
  for (const options of [{ fails: cutAfter(1) }, {}])
    t.strictSame((await sim.cycle(options)).taken, [])
  t.strictSame(starts(await sim.cycle()), [], 'nothing waits in it')
  sim.wait(15)
  t.equal(starts(await sim.cycle())[0], '', 'the next sweep')
  sim.wait(15)
  t.strictSame(starts(await sim.cycle()), [], 'it is closed')
})

t.test('the tail start of a cut listing outlives the cut', async t => {
  const { sim } = await oneFolder(t)
  sim.store.pageSize = 1
  sim.put(...keys('a'))
  sim.wait(121)
  sim.put(...keys('b', 'c', 'd'))
  await sim.cycle({ fails: cutAfter(3) })
  t.equal(starts(await sim.cycle())[0], `${TODAY}c.gz`)
  t.equal(starts(await sim.cycle())[0], `${TODAY}a.gz`, 'before what is fresh')
})

/** A bucket with a leaf without dates. */
async function flatLeaf(t: Tap): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, { FilePath: FLAT })
  sim.put(`${FLAT}old.gz`)
  sim.wait(3 * DAY)
  sim.put(`${FLAT}a.gz`, `${FLAT}z.gz`)
  return sim
}

t.test('a leaf without dates goes by Last-Modified', async t => {
  const sim = await flatLeaf(t)
  const first = await sim.cycle()
  t.strictSame(first.taken, [`${FLAT}a.gz`, `${FLAT}z.gz`])
  t.ok(first.lists.at(-1)?.delimiter)
  sim.wait(2)
  t.equal((await sim.cycle()).lists.length, 1)
  sim.store.put(`${FLAT}a.gz`, sim.now)
  sim.wait(DAY)
  sim.store.put(`${FLAT}z.gz`, sim.now)
  t.strictSame((await sim.cycle()).taken, [], 'encrypted anew on other days')
  sim.put(`${FLAT}y.gz`)
  t.strictSame((await sim.cycle()).taken, [`${FLAT}y.gz`])
})

t.test('subfolders of a flat leaf are leaves of their own', async t => {
  const sim = await flatLeaf(t)
  sim.put(`${FLAT}b/c/d.gz`, `${FLAT}b/2026/03/13/e.gz`, `${FLAT}~/f.gz`)
  sim.store.put(`${FLAT}marker/`, sim.now, '')
  const { taken } = await sim.cycle()
  const names = taken.map(key => key.slice(FLAT.length)).toSorted()
  t.strictSame(names, [
    'a.gz',
    'b/2026/03/13/e.gz',
    'b/c/d.gz',
    'z.gz',
    '~/f.gz',
  ])
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('pages of folders alone are progress too', async t => {
  const sim = await flatLeaf(t)
  sim.store.pageSize = 1
  await sim.cycle()
  for (let folder = 100; folder < 120; folder++)
    sim.put(`${FLAT}m${folder}/x.txt`)
  sim.put(`${FLAT}y.gz`)
  sim.settings = { ...sim.settings, DiscoveryMinutes: 1440 }
  sim.wait(15)
  const taken: string[] = []
  for (let cycle = 0; cycle < 8; cycle++) {
    const result = await sim.cycle({ fails: index => index > 4 })
    taken.push(...result.taken)
  }
  t.strictSame(taken, [`${FLAT}y.gz`])
})

t.test('a folder marker is empty and ends in a slash', t => {
  t.ok(isFolderMarker({ key: 'a/', size: 0 }))
  t.notOk(isFolderMarker({ key: 'a/', size: 1 }))
  t.notOk(isFolderMarker({ key: 'a', size: 0 }))
  t.end()
})
