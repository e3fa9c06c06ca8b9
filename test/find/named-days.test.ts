// Folders of days that are named otherwise than AWS does it: each is a leaf of
// its own, and what a cycle asks for must not grow by one a day for ever.

import t, { type Test } from 'tap'
import { DAY_MS, dayOf } from '../../src/find/day-folders.ts'
import { namedDate, NamedDays } from '../../src/find/named-days.ts'
import { newLeaf } from '../lib/cycle/new-leaf.ts'
import {
  SimulatedSearch,
  type SearchSettings,
} from '../lib/cycle/simulated-search.ts'

type Name = (day: string) => string

/** Fills numbers in as people do who write no leading zeros. */
const numbers = (day: string): number[] => day.split('-').map(Number)

const NAMES: Readonly<Record<string, Name>> = {
  'dt=2026-03-10/': day => `logs/dt=${day}/`,
  'day=2026-03-10/ in a month=2026-03/': day =>
    `logs/month=${day.slice(0, 7)}/day=${day}/`,
  'year=2026/month=3/dt=2026-03-10/': day =>
    `logs/year=${day.slice(0, 4)}/month=${Number(day.slice(5, 7))}/dt=${day}/`,
  'year=2026/month=3/day=1/': day => {
    const [year, month, date] = numbers(day)
    return `logs/year=${year}/month=${month}/day=${date}/`
  },
  '2026/3/1/': day => `logs/${numbers(day).join('/')}/`,
  '20260310/, and a folder in it': day => `logs/${day.replaceAll('-', '')}/eu/`,
  'logs-2026.03.10/': day => `logs/logs-${day.replaceAll('-', '.')}/`,
  'dt=2026-03-10/hour=01/': day => `logs/dt=${day}/hour=01/`,
}

/** A bucket with an object in each of so many days, collected for three days. */
async function start(
  t: Test,
  name: Name,
  days: number,
  settings: Partial<SearchSettings> = {},
) {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/', ...settings })
  const taken: string[] = []
  const put = (time: number, file: string): string => {
    const key = `${name(dayOf(time))}${file}.gz`
    sim.store.put(key, time)
    return key
  }
  for (let ago = 1; ago <= days; ago++) put(sim.now - ago * DAY_MS, 'old')
  const cycle = async () => {
    const result = await sim.cycle()
    taken.push(...result.taken)
    await sim.reopen()
    return result
  }
  const pass = async (count: number, minutes = 360) => {
    for (let time = 0; time < count * 1440; time += minutes) {
      put(sim.now, 'new')
      await cycle()
      sim.wait(minutes)
    }
  }
  return { sim, taken, put, cycle, pass }
}

/** LISTs of a cycle that looks for leaves, and of one that does not. */
async function idle({ sim, cycle }: Awaited<ReturnType<typeof start>>) {
  await cycle()
  sim.wait(61)
  const search = (await cycle()).lists.length
  sim.wait(16)
  return { search, sweep: (await cycle()).lists.length }
}

for (const [title, name] of Object.entries(NAMES))
  t.test(`an idle cycle costs the same at any age: ${title}`, async t => {
    const costs = []
    for (const days of [60, 900]) {
      const world = await start(t, name, days)
      await world.pass(3)
      costs.push(await idle(world))
      const { leaves, partitions } = world.sim.cursor.state
      t.ok(leaves.size < 50, `${leaves.size} leaves are known`)
      t.ok(partitions.size < 50, `${partitions.size} folders are known`)
    }
    const [young, old] = costs
    t.strictSame(young?.sweep, old?.sweep)
    t.ok((old?.sweep ?? 9) <= 4, `${old?.sweep} LISTs`)
    t.equal(old?.search, young?.search, 'a search for leaves')
  })

t.test('a bucket grows old, and its cycles cost the same', async t => {
  const world = await start(t, NAMES['dt=2026-03-10/'] as Name, 0)
  await world.pass(40, 1440)
  const young = await idle(world)
  await world.pass(30, 1440)
  t.strictSame(await idle(world), young)
  t.equal(new Set(world.taken).size, 70)
  t.equal(world.taken.length, 70, 'each once')
})

for (const [title, name] of Object.entries(NAMES))
  t.test(`what comes late is found within a day: ${title}`, async t => {
    const { sim, taken, put, pass } = await start(t, name, 40)
    await pass(3)
    const late = [4, 10, 28].map(ago => {
      const key = put(sim.now - ago * DAY_MS, 'late')
      sim.store.put(key, sim.now)
      return key
    })
    await pass(2)
    t.strictSame(
      taken.filter(key => key.includes('late')).toSorted(),
      late.toSorted(),
    )
    t.notOk(taken.some(key => key.includes('old') && !isRecent(key, sim.now)))
  })

// In the window, where it is news.
const isRecent = (key: string, now: number): boolean =>
  [1, 2, 3, 4, 5, 6].some(ago =>
    Object.values(NAMES).some(name =>
      key.startsWith(name(dayOf(now - ago * DAY_MS))),
    ),
  )

t.test('after an outage each day is listed whole before it rests', async t => {
  const settings = { LateArrivalDays: 0 }
  const { sim, taken, put, cycle, pass } = await start(
    t,
    NAMES['dt=2026-03-10/'] as Name,
    5,
    settings,
  )
  await pass(2)
  const keys: string[] = []
  for (let day = 0; day < 8; day++) {
    keys.push(put(sim.now, 'while nothing ran'))
    sim.wait(1440)
  }
  await cycle()
  await cycle()
  t.strictSame(
    keys.filter(key => !taken.includes(key)),
    [],
  )
})

t.test('an object is listed until it is settled', async t => {
  const name = NAMES['dt=2026-03-10/'] as Name
  const { sim, put, pass, cycle } = await start(t, name, 5)
  const key = put(sim.now, 'left')
  const leave = { settle: () => 'leave' as const }
  for (let day = 0; day < 45; day++) {
    if (day > 0) put(sim.now, 'new')
    await sim.cycle({
      settle: candidate => (candidate.key === key ? 'leave' : 'commit'),
    })
    await sim.reopen()
    sim.wait(1440)
  }
  const { taken } = await sim.cycle(leave)
  t.ok(taken.includes(key), 'after six weeks')
  await pass(1)
  t.notOk((await cycle()).taken.includes(key))
})

t.test('a folder that only has a date in its name is filled on', async t => {
  const { sim, cycle } = await start(t, () => 'logs/since-2025-11-02/', 3)
  for (let count = 0; count < 60; count++) {
    sim.wait(1440)
    const key = `logs/since-2025-11-02/${count}.gz`
    sim.put(key)
    t.strictSame((await cycle()).taken, [key])
  }
})

t.test('other folders in old years are walked on', async t => {
  const name = NAMES['2026/3/1/'] as Name
  const { sim, pass, cycle } = await start(t, name, 900)
  sim.put('logs/2024/trail/a.gz')
  await pass(3)
  for (let day = 0; day < 45; day++) {
    sim.wait(1440)
    sim.put(`logs/2024/trail/${day}.gz`)
    t.ok((await cycle()).taken.includes(`logs/2024/trail/${day}.gz`))
  }
})

t.test('dates in names, and other text', t => {
  const days: [prefix: string, last: string][] = [
    ['a/dt=2026-11-30/', '2026-11-30'],
    ['a/dt=2026-11-30-07/x/', '2026-11-30'],
    ['a/2026113007/', '2026-11-30'],
    ['a/2026-1-5/', '2026-01-05'],
    ['2026/Jan/5/', '2026-01-05'],
    ['a/2026-11/30/', '2026-11-30'],
    ['a/year=2026/month=2026-11/day=2026-11-30/', '2026-11-30'],
    ['2024/trail/dt=2026-11-30/', '2026-11-30'],
  ]
  for (const [prefix, last] of days)
    t.match(namedDate(prefix), { last, isDay: true }, prefix)
  for (const [prefix, last] of [
    ['a/2026/', '2026-12-31'],
    ['a/2026/2/', '2026-02-31'],
    ['a/month=2026-11/', '2026-11-31'],
  ] as const)
    t.match(namedDate(prefix), { last, isDay: false }, prefix)
  for (const prefix of [
    '',
    'a/',
    'a/2026-02-31/',
    'AWSLogs/201511301230/CloudTrail/',
    'a/20261/',
    'a/2026/13/5/',
    'a/12026-11-30/',
    'a/2026-11-30b/',
    'a/2026/b/',
  ])
    t.equal(namedDate(prefix), undefined, prefix)
  t.end()
})

t.test('only a later day of the same kind says that a day is over', t => {
  const leaf = newLeaf
  const named = new NamedDays([
    leaf('a/dt=2026-03-01/'),
    leaf('a/2026-03-09/'),
    { ...leaf('b/dt=2026-03-09/'), missed: 1 },
    leaf('2025/4/1/'),
  ])
  t.notOk(named.isBefore('a/dt=2026-03-01/', '2026-03-05'))
  named.add('a/dt=2026-03-02/')
  t.ok(named.isBefore('a/dt=2026-03-01/', '2026-03-05'))
  t.notOk(named.isBefore('a/dt=2026-03-01/', '2026-03-01'))
  t.notOk(named.isBefore('b/dt=2026-03-01/', '2026-03-05'), 'it is gone')
  t.ok(named.isBefore('2025/3/', '2026-03-05'))
  named.add('2026/1/1/')
  t.notOk(named.isBefore('2025/4/', '2026-03-05'), 'not known before')
  t.end()
})
