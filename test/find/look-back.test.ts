// The daily look at older days: when, at what cost, what it finds and what it
// leaves alone, and how it goes on.

import t from 'tap'
import {
  SimulatedSearch,
  type CycleOptions,
  type CycleResult,
} from '../lib/cycle/simulated-search.ts'

const trail = (region: string): string =>
  `AWSLogs/111122223333/CloudTrail/${region}/`
const LEAF = trail('us-east-1')
const OTHER = trail('eu-west-1')
const HOUR = 60
const DAY = 24 * HOUR

type Tap = Parameters<typeof SimulatedSearch.start>[0]

const key = (day: string, name = 'a', leaf = LEAF): string =>
  `${leaf}2026/${day.replace('-', '/')}/${name}.gz`

/** The LISTs of a look back, which alone ask for a leaf without a delimiter. */
const looks = ({ lists }: CycleResult, leaf = LEAF) =>
  lists.filter(({ prefix, delimiter }) => prefix === leaf && !delimiter)

/** A leaf whose first cycle is at noon of March 10, and the next day's first. */
async function nextDay(
  t: Tap,
  settings: Parameters<typeof SimulatedSearch.start>[1] = {},
  leaves = [LEAF],
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, settings)
  for (const leaf of leaves)
    sim.put(key('03-10', 'a', leaf), key('02-20', 'history', leaf))
  // What has the second of the first cycle is taken for new.
  sim.clock.advance(1000)
  await sim.cycle()
  sim.wait(DAY)
  return sim
}

t.test('once a day, and not in the first cycle', async t => {
  const sim = await SimulatedSearch.start(t, {}, '2026-03-10T22:30:00Z')
  sim.put(key('03-10'))
  const counts: number[] = []
  for (let hour = 22; hour < 50; hour += 1) {
    counts.push(looks(await sim.cycle()).length)
    await sim.reopen()
    sim.wait(HOUR)
  }
  const once = [1, ...Array.from({ length: 23 }, () => 0)]
  t.strictSame(counts, [0, 0, ...once, 1, 0])
})

t.test('a quiet leaf costs one LIST, however many days', async t => {
  const leaves = Array.from({ length: 20 }, (_, at) => trail(`r-${at + 10}`))
  const sim = await nextDay(t, { LateArrivalDays: 90 }, leaves)
  const result = await sim.cycle()
  for (const leaf of leaves) t.equal(looks(result, leaf).length, 1)
  t.strictSame(result.taken, [])
})

t.test('finds what was put into any of the days before', async t => {
  const sim = await nextDay(t, { LateArrivalDays: 30 })
  const late = [key('02-08'), key('02-20', 'b'), key('03-08')]
  sim.put(key('02-07'), ...late)
  t.strictSame((await sim.cycle()).taken, late, 'thirty days')
  t.equal(sim.cursor.state.lookBack.found, 3)
  for (let day = 0; day < 3; day++) {
    sim.wait(DAY)
    t.strictSame((await sim.cycle()).taken, [], 'and only once')
    await sim.reopen()
  }
})

t.test('an object that a page names twice is handed on once', async t => {
  const sim = await nextDay(t)
  const late = [key('03-01', 'b'), key('03-01', 'c')]
  sim.put(...late)
  const list = sim.store.list.bind(sim.store)
  sim.store.list = async request => {
    const page = await list(request)
    return { ...page, objects: page.objects.flatMap(one => [one, one]) }
  }
  t.strictSame((await sim.cycle()).taken, late)
})

t.test('a replica keeps its time: what was listed decides', async t => {
  const sim = await nextDay(t)
  for (let day = 0; day < 5; day++) {
    await sim.cycle()
    sim.wait(DAY)
  }
  const put = (day: string): string => {
    sim.store.put(key(day, 'r'), Date.parse(`2026-${day}T12:00:00Z`))
    return key(day, 'r')
  }
  put('03-08')
  const wanted = ['03-09', '03-10', '03-11'].map(put)
  t.strictSame((await sim.cycle()).taken, wanted, 'the 8th was never open')
})

t.test('folders that are no days are folders like any', async t => {
  const sim = await nextDay(t)
  sim.put(`${LEAF}2026/02/31/x.gz`, `${LEAF}2026/02/2x/x.gz`)
  sim.put(`${LEAF}2026/02/20x/x.gz`, `${LEAF}2026/x.gz`, key('02-20', 'é'))
  sim.store.put(`${LEAF}2026/02/20/sub/`, sim.now, '')
  sim.put(`${LEAF}2026/02/20/b.txt`, key('02-21', '07/in an hour'))
  t.strictSame((await sim.cycle()).taken.toSorted(), [
    key('02-20', 'é'),
    `${LEAF}2026/02/20x/x.gz`,
    key('02-21', '07/in an hour'),
    `${LEAF}2026/02/2x/x.gz`,
    `${LEAF}2026/02/31/x.gz`,
    `${LEAF}2026/x.gz`,
  ])
})

t.test(
  'an object that was left is found again, a failed one is not',
  async t => {
    const sim = await nextDay(t)
    const names = ['c', 'f', 'l', 'm']
    sim.put(...names.map(name => key('02-20', name)))
    const fates = { c: 'commit', f: 'fail', l: 'leave', m: 'commit' } as const
    const first = await sim.cycle({
      settle: ({ key }) => fates[key.at(-4) as keyof typeof fates],
    })
    t.equal(first.taken.length, 4)
    sim.wait(1)
    await sim.reopen()
    const { lookBack } = sim.cursor.state
    t.equal(lookBack.found, 3)
    t.ok(lookBack.ended < lookBack.began, 'under way')
    const second = await sim.cycle()
    t.strictSame(second.taken, [key('02-20', 'l')])
    t.equal(looks(second)[0]?.startAfter, key('02-20', 'history'))
    t.equal(sim.cursor.state.lookBack.ended, sim.now)
    sim.wait(DAY)
    t.strictSame((await sim.cycle()).taken, [])
    const failed = sim.cursor.state.failed.get(key('02-20', 'f'))
    if (failed) sim.cursor.record({ k: 'failed', ...failed, quarantined: true })
    sim.wait(DAY)
    t.strictSame((await sim.cycle()).taken, [], 'nor what is quarantined')
  },
)

t.test('nothing more is taken: goes on there next time', async t => {
  const sim = await nextDay(t)
  sim.put(...['b', 'c', 'd'].map(name => key('02-20', name)))
  t.strictSame((await sim.cycle({ take: 1 })).taken, [key('02-20', 'b')])
  t.equal((await sim.cycle({ take: 0 })).taken.length, 0)
  const rest = await sim.cycle()
  t.strictSame(rest.taken, [key('02-20', 'c'), key('02-20', 'd')])
})

t.test('a page in each cycle at least, in a backlog of slow LISTs', async t => {
  const sim = await nextDay(t, { SweepMinutes: 0 })
  sim.store.pageSize = 1
  for (let name = 100; name < 200; name++) sim.put(key('03-11', `${name}`))
  const late = Array.from({ length: 5 }, (_, at) => key('02-20', `i${at}`))
  sim.put(...late)
  const taken = new Set<string>()
  const slow: CycleOptions = { seconds: 20, listMs: 1000 }
  for (let cycle = 0; cycle < 9 && !taken.has(late[4] ?? ''); cycle++) {
    const result = await sim.cycle(slow)
    t.ok(looks(result).length >= 1 && looks(result).length <= 3)
    for (const one of result.taken) taken.add(one)
    await sim.reopen()
    sim.wait(1)
  }
  t.strictSame(
    [...taken].filter(one => late.includes(one)),
    late,
  )
})

t.test('with nothing new it gets a quarter of the cycle', async t => {
  const sim = await nextDay(t)
  sim.store.pageSize = 1
  for (let name = 100; name < 300; name++)
    sim.store.put(key('02-20', `${name}`), 0)
  const began = sim.clock.elapsed()
  const result = await sim.cycle({ seconds: 20, listMs: 100 })
  const spent = sim.clock.elapsed() - began
  t.ok(spent >= 5000 && spent < 5300, `${spent} ms`)
  t.ok(looks(result).length > 30)
})

t.test('a leaf that fails holds up nobody and is tried again', async t => {
  const leaves = Array.from({ length: 9 }, (_, at) => trail(`r-${at}`))
  const sim = await nextDay(t, {}, [...leaves, OTHER])
  const late = [...leaves, OTHER].map(leaf => key('02-20', 'late', leaf))
  sim.put(...late)
  const fails: CycleOptions['fails'] = (_, { prefix, delimiter }) =>
    prefix === OTHER && !delimiter
  const first = await sim.cycle({ fails })
  t.strictSame(first.taken.toSorted(), late.slice(0, -1))
  t.equal(first.search.errors.length, 1)
  sim.wait(1)
  const second = await sim.cycle({ fails })
  t.equal(looks(second, OTHER).length, 1)
  t.equal(second.search.looks.length, 1, 'the others are done')
  sim.wait(DAY)
  const third = await sim.cycle({ fails })
  t.equal(third.search.looks.length, 10)
  sim.wait(1)
  t.strictSame((await sim.cycle()).taken, late.slice(-1))
})

t.test('slow leaves take turns', async t => {
  const leaves = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(trail)
  const sim = await nextDay(t, {}, leaves)
  const seen = new Set<string>()
  for (let cycle = 0; cycle < 9; cycle++) {
    const result = await sim.cycle({
      seconds: 5,
      listMs: 1000,
      fails: (_, { prefix, delimiter }) =>
        !delimiter && leaves.includes(prefix),
    })
    for (const leaf of leaves)
      if (looks(result, leaf).length > 0) seen.add(leaf)
    sim.wait(1)
  }
  t.equal(seen.size, 9, 'though every look fails')
})

t.test('0 days: no look, and no late object of a flat leaf', async t => {
  const sim = await nextDay(t, { LateArrivalDays: 0 })
  sim.store.put(`${LEAF}flat.gz`, sim.now)
  await sim.cycle()
  sim.put(key('02-20', 'late'))
  for (let day = 0; day < 5; day++) {
    sim.wait(DAY)
    await sim.cycle()
  }
  sim.store.put(`${LEAF}replica.gz`, sim.now - 4 * 86_400_000)
  t.strictSame((await sim.cycle()).taken, [])
  sim.wait(DAY)
  t.strictSame((await sim.cycle()).taken, [])
  sim.settings = { ...sim.settings, LateArrivalDays: 30 }
  sim.wait(15)
  t.strictSame((await sim.cycle()).taken.toSorted(), [
    key('02-20', 'late'),
    `${LEAF}replica.gz`,
  ])
})

t.test('more late days bring nothing again', async t => {
  const sim = await nextDay(t, { LateArrivalDays: 2 })
  const all: string[] = []
  for (let day = 11; day < 31; day++) {
    sim.store.put(key(`03-${day}`), sim.now)
    all.push(...(await sim.cycle()).taken)
    await sim.reopen()
    sim.wait(DAY)
  }
  t.equal(all.length, 20)
  // Of the days before the 20th no sets are left.
  sim.settings = { ...sim.settings, LateArrivalDays: 30 }
  sim.put(key('03-18', 'b'), key('03-25', 'b'))
  t.strictSame((await sim.cycle()).taken, [key('03-25', 'b')])
})

t.test('a leaf of a changed setting has a history of its own', async t => {
  const sim = await nextDay(t, { RegionFolders: ['us-east-1'] })
  sim.put(key('03-01', 'late'), key('03-01', 'history', OTHER))
  sim.put(key('03-11', 'a', OTHER))
  t.strictSame((await sim.cycle()).taken, [key('03-01', 'late')])
  sim.wait(DAY)
  sim.settings = { ...sim.settings, RegionFolders: [] }
  t.strictSame((await sim.cycle()).taken, [key('03-11', 'a', OTHER)])
  sim.put(key('03-01', 'late', OTHER))
  sim.wait(DAY)
  t.strictSame((await sim.cycle()).taken, [key('03-01', 'late', OTHER)])
  for (const RegionFolders of [['eu-west-1'], []]) {
    sim.settings = { ...sim.settings, RegionFolders }
    sim.wait(61)
    t.strictSame((await sim.cycle()).taken, [])
    sim.wait(DAY)
    t.strictSame((await sim.cycle()).taken, [], 'and gone, and back')
  }
})

t.test('a leaf without dates is looked at by its sweep', async t => {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  const put = (name: string, daysAgo: number): string => {
    sim.store.put(`logs/${name}.gz`, sim.now - daysAgo * 86_400_000)
    return `logs/${name}.gz`
  }
  put('history', 5)
  put('a', 0)
  await sim.cycle()
  for (let day = 0; day < 6; day++) {
    sim.wait(DAY)
    await sim.cycle()
  }
  const replica = put('0-replica', 5)
  put('older', 9)
  const left = await sim.cycle({ settle: () => 'leave' })
  t.strictSame(left.taken, [], 'by the next sweep')
  sim.wait(15)
  t.strictSame((await sim.cycle({ settle: () => 'leave' })).taken, [replica])
  t.equal(sim.cursor.state.lookBack.found, 0)
  sim.wait(1)
  t.strictSame((await sim.cycle()).taken, [replica])
  t.equal(sim.cursor.state.lookBack.found, 1)
  t.equal(sim.cursor.state.leaves.get('flat logs/')?.from, '2026-03-15')
  sim.wait(15)
  t.strictSame((await sim.cycle()).taken, [])
})
