// Which days are due, when a day leaves the window for good, and what the end
// of a cycle notes of it all.

import t from 'tap'
import { byFairness, firstDay } from '../../src/find/window.ts'
import { newPartition, type Partition } from '../../src/cursor/cursor-state.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { leaf as aLeaf } from '../lib/cursor/cursor-operations.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const key = (day: number, name = 'a'): string =>
  `${LEAF}2026/03/${String(day).padStart(2, '0')}/${name}.gz`
const DAY = 1440

type Tap = Parameters<typeof SimulatedSearch.start>[0]

/** A leaf that is collected up to the noon of the 10th. */
async function collected(
  t: Tap,
  settings: Parameters<typeof SimulatedSearch.start>[1] = {},
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, settings, '2026-03-10T12:00:00Z')
  sim.put(key(9), key(10))
  await sim.cycle()
  return sim
}

const from = (sim: SimulatedSearch): string | undefined =>
  sim.cursor.state.leaves.get(`date ${LEAF}`)?.from

t.test('the window is today and so many days back, in UTC', t => {
  const settings = {
    NoOfBackDaysData: 1,
    SweepMinutes: 15,
    LateArrivalDays: 30,
  }
  const at = (time: string): string => firstDay(Date.parse(time), settings)
  t.equal(at('2026-03-10T00:00:00Z'), '2026-03-09')
  t.equal(at('2026-03-10T23:59:59.999Z'), '2026-03-09')
  t.equal(at('2026-01-01T00:00:00Z'), '2025-12-31')
  t.equal(at('2024-03-01T12:00:00Z'), '2024-02-29')
  t.end()
})

t.test('a day is closed by a clean listing after its last day', async t => {
  const sim = await collected(t)
  t.equal(from(sim), '2026-03-09')
  sim.wait(11 * 60 + 59)
  await sim.cycle()
  t.equal(from(sim), '2026-03-09', 'the 9th is in the window to the end')
  sim.wait(1)
  await sim.cycle()
  t.equal(from(sim), '2026-03-09', 'nothing was listed whole since')
  sim.wait(15)
  await sim.cycle()
  t.equal(from(sim), '2026-03-10')
})

t.test('a day that fails for ever costs no more with each day', async t => {
  const sim = await collected(t, { DiscoveryMinutes: 1e9 })
  const list = sim.store.list.bind(sim.store)
  let bad = `${LEAF}2026/03/11/`
  sim.store.list = async request => {
    const page = await list(request)
    if (request.prefix !== bad) return page
    throw new SourceError('listing', { code: 'AccessDenied', kind: 'access' })
  }
  const costs: number[] = []
  for (let day = 11; day < 31; day++) {
    sim.wait(DAY)
    sim.put(key(day))
    const { lists, taken } = await sim.cycle()
    t.strictSame(taken, day === 11 ? [] : [key(day)])
    costs.push(lists.length)
  }
  t.equal(from(sim), '2026-03-11')
  t.equal(costs.at(-1), costs[5], `${costs}`)
  const late = [key(12, 'late'), key(20, 'late')]
  sim.put(...late)
  sim.wait(DAY)
  t.strictSame((await sim.cycle()).taken, late, 'found as in closed days')
  bad = ''
  sim.wait(20)
  t.strictSame((await sim.cycle()).taken, [key(11)])
  sim.wait(20)
  t.strictSame((await sim.cycle()).taken, [])
  t.equal(from(sim), '2026-03-30', 'all others had come to rest')
})

t.test('new objects keep a day open', async t => {
  const sim = await collected(t)
  sim.wait(DAY)
  for (const name of ['b', 'c', 'd']) {
    sim.put(key(9, name))
    t.strictSame((await sim.cycle()).taken, [key(9, name)])
    t.equal(from(sim), '2026-03-09', 'something was found')
    sim.wait(15)
  }
  await sim.cycle()
  t.equal(from(sim), '2026-03-10')
  sim.put(key(9, 'e'))
  sim.wait(15)
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('a pending object keeps its day open', async t => {
  const sim = await SimulatedSearch.start(t, {}, '2026-03-10T12:00:00Z')
  sim.put(key(9), key(10))
  for (let day = 10; day < 20; day++) {
    const { taken } = await sim.cycle({ settle: () => 'leave' })
    t.strictSame(taken.toSorted(), [key(9), key(10)])
    t.equal(from(sim), '2026-03-09')
    sim.wait(DAY)
  }
  await sim.cycle({ settle: () => 'fail' })
  sim.wait(15)
  await sim.cycle()
  t.equal(from(sim), '2026-03-19', 'a failed object is settled')
})

t.test('a pending object of an old day is listed next time', async t => {
  const sim = await collected(t)
  sim.wait(15)
  sim.put(key(9, 'b'))
  await sim.cycle({ settle: () => 'leave' })
  sim.wait(1)
  const { taken, lists } = await sim.cycle()
  t.strictSame(taken, [key(9, 'b')])
  t.equal(lists.length, 2)
  sim.wait(1)
  t.equal((await sim.cycle()).lists.length, 1)
})

t.test('a page that fails keeps its day open', async t => {
  const sim = await collected(t)
  for (let day = 0; day < 5; day++) {
    sim.wait(DAY)
    await sim.cycle({ fails: (_, { prefix }) => prefix.endsWith('/09/') })
    t.equal(from(sim), '2026-03-09')
  }
  sim.put(key(9, 'b'))
  t.strictSame((await sim.cycle()).taken, [key(9, 'b')])
})

t.test('a day that comes back brings its set along', async t => {
  const sim = await collected(t)
  for (let day = 11; day <= 14; day++) {
    sim.put(key(day))
    sim.wait(DAY)
    await sim.cycle()
    sim.wait(15)
    await sim.cycle()
  }
  t.equal(from(sim), '2026-03-13')
  sim.put(key(8), key(9, 'b'), key(12, 'b'))
  sim.settings = { ...sim.settings, NoOfBackDaysData: 5 }
  t.strictSame((await sim.cycle()).taken.toSorted(), [
    key(9, 'b'),
    key(12, 'b'),
  ])
  sim.settings = { ...sim.settings, NoOfBackDaysData: 1 }
  sim.wait(15)
  await sim.cycle()
  sim.wait(15)
  await sim.cycle()
  t.equal(from(sim), '2026-03-13')
})

t.test('sets go by age, and not while their day is open', async t => {
  const sim = await collected(t, { LateArrivalDays: 0 })
  const days = (): string[] =>
    [...sim.cursor.state.byId.values()]
      .filter(({ sets }) => sets.size > 0)
      .map(({ day }) => day)
  sim.put(key(10, 'b'))
  for (let day = 11; day <= 30; day++) {
    await sim.cycle({ settle: () => 'leave' })
    sim.wait(DAY)
  }
  t.strictSame(days(), ['2026-03-10'], 'open, so kept; the 9th went')
  t.strictSame((await sim.cycle()).taken, [key(10, 'b')])
  t.strictSame(days(), ['2026-03-10'], 'open until a clean listing')
  sim.wait(15)
  t.strictSame((await sim.cycle()).taken, [])
  t.strictSame(days(), [])
  await sim.reopen()
  t.strictSame(days(), [])
  t.equal(sim.cursor.state.partitions.has(`${LEAF}2026/03/10/`), false)
})

const setsIn = (folders: ReadonlyMap<string, Partition>): number =>
  [...folders.values()].reduce((count, { sets }) => count + sets.size, 0)

t.test('the days before the window keep their sets for a while', async t => {
  const sim = await collected(t, { LateArrivalDays: 2 })
  const kept: number[] = []
  const here: number[] = []
  for (let day = 11; day <= 21; day++) {
    sim.wait(DAY)
    await sim.cycle()
    await sim.reopen()
    const { partitions } = (await sim.cursor.older()).state
    kept.push(setsIn(sim.cursor.state.partitions) + setsIn(partitions))
    here.push(setsIn(sim.cursor.state.partitions))
  }
  // A day is closed by a listing begun after it.
  t.strictSame(here, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'in the cursor')
  // The widest window reaches back seven days, LateArrivalDays two more.
  t.strictSame(kept, [2, 2, 2, 2, 2, 2, 2, 2, 1, 0, 0])
})

t.test('an idle cycle notes little', async t => {
  const sim = await SimulatedSearch.start(t)
  for (let region = 10; region < 90; region++)
    sim.put(key(10).replace('us-east-1', `r-${region}`))
  await sim.cycle()
  sim.wait(121)
  await sim.cycle()
  const recorded: unknown[] = []
  const { cursor } = sim
  const record = cursor.record.bind(cursor)
  cursor.record = (...entries) => {
    recorded.push(...entries)
    record(...entries)
  }
  sim.wait(2)
  await sim.cycle()
  t.ok(JSON.stringify(recorded).length < 80 * 8, JSON.stringify(recorded))
})

t.test('least recently listed first, then by day and name', t => {
  const leaf = aLeaf('')
  const folders = [
    { ...newPartition('b', '2026-03-10'), listed: 1 },
    { ...newPartition('c', '2026-03-09'), listed: 1 },
    { ...newPartition('d', '2026-03-10'), listed: 0 },
    { ...newPartition('a', '2026-03-10'), listed: 1 },
  ]
  t.strictSame(
    folders
      .map(partition => ({ partition, leaf }))
      .toSorted(byFairness)
      .map(({ partition }) => partition.prefix),
    ['d', 'c', 'a', 'b'],
  )
  t.end()
})

t.test('an outage widens the window, for new leaves too', async t => {
  const sim = await collected(t)
  const other = LEAF.replace('us-east-1', 'eu-west-1')
  const wanted: string[] = []
  for (let day = 11; day <= 20; day++) {
    sim.wait(DAY)
    wanted.push(key(day), key(day).replace(LEAF, other))
    sim.put(...wanted.slice(-2))
  }
  sim.put(key(8).replace(LEAF, other))
  t.strictSame((await sim.cycle()).taken.toSorted(), wanted.toSorted())
  sim.wait(16)
  t.strictSame((await sim.cycle()).taken, [])
  sim.wait(16)
  t.ok((await sim.cycle()).lists.length <= 4, 'the days are closed again')
})

t.test('a leaf without dates keeps its window open in an outage', async t => {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  sim.put('logs/a.gz')
  await sim.cycle()
  const wanted: string[] = []
  for (let day = 0; day < 9; day++) {
    wanted.push(`logs/${9 - day}.gz`)
    sim.put(...wanted.slice(-1))
    sim.wait(DAY)
  }
  const half = await sim.cycle({
    settle: (_, index) => (index % 2 ? 'leave' : 'commit'),
  })
  t.strictSame(half.taken.toSorted(), wanted.toSorted())
  const from = () => sim.cursor.state.leaves.get('flat logs/')?.from
  t.equal(from(), '2026-03-09')
  sim.wait(DAY)
  t.equal((await sim.cycle()).taken.length, 4, 'what was left')
  t.equal(from(), '2026-03-11', 'the oldest day that had something')
  sim.wait(15)
  t.equal((await sim.cycle()).taken.length, 0)
  t.equal(from(), '2026-03-19')
})
