// When leaves are looked for, what is kept of a search that was cut, and when
// a leaf is given up.

import t from 'tap'
import type { ListRequest } from '../../src/s3/object-store.ts'
import { activeLeaves } from '../../src/find/window.ts'
import {
  SimulatedSearch,
  type CycleResult,
} from '../lib/cycle/simulated-search.ts'

const trail = (region: string, account = '111122223333'): string =>
  `AWSLogs/${account}/CloudTrail/${region}/`
const DAY = '2026/03/10/'

const walked = ({ lists }: CycleResult): number =>
  lists.filter(({ delimiter }) => delimiter).length
const leaves = ({ cursor }: SimulatedSearch): string[] =>
  activeLeaves(cursor.state, cursor.state.discovery.shape)
    .map(({ prefix }) => prefix)
    .toSorted()

/** The regions whose days a cycle listed. */
const listed = (result: CycleResult): string[] => [
  ...new Set(
    result.lists
      .filter(({ delimiter }) => !delimiter)
      .map(({ prefix }) => prefix.split('/')[3] ?? ''),
  ),
]

// Root, AWSLogs, account and CloudTrail; of each region itself, year and month.
const WALKED = 4 + 2 * 3

async function twoRegions(t: Tap): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${trail('us-east-1')}${DAY}a.gz`, `${trail('eu-west-1')}${DAY}a.gz`)
  return sim
}
type Tap = Parameters<typeof SimulatedSearch.start>[0]

t.test('leaves are looked for every DiscoveryMinutes', async t => {
  const sim = await twoRegions(t)
  t.equal(walked(await sim.cycle()), WALKED)
  sim.wait(59)
  t.equal(walked(await sim.cycle()), 0)
  sim.wait(1)
  t.equal(walked(await sim.cycle()), WALKED)
  sim.settings = { ...sim.settings, DiscoveryMinutes: 0 }
  t.equal(walked(await sim.cycle()), WALKED)
})

t.test('a clock that was far ahead does not put discovery off', async t => {
  const sim = await twoRegions(t)
  sim.skew = 300 * 86_400_000
  await sim.cycle()
  sim.skew = 0
  t.equal(walked(await sim.cycle()), 1, 'a suspect clock ends it')
  t.equal(walked(await sim.cycle()), WALKED)
  t.equal(leaves(sim).length, 2)
})

t.test('a search that was cut goes on in the next cycle', async t => {
  const sim = await twoRegions(t)
  sim.store.pageSize = 1
  const limits = { seconds: 5, listMs: 1000 }
  let pages = 0
  let cycles = 0
  while (sim.cursor.state.discovery.complete === 0 && cycles < 20) {
    const result = await sim.cycle(limits)
    pages += walked(result)
    cycles++
    await sim.reopen()
  }
  t.ok(cycles > 1)
  // With one name to a page, CloudTrail has two.
  t.equal(pages, WALKED + 1)
  t.equal(leaves(sim).length, 2)
})

t.test('only a complete search gives a leaf up', async t => {
  const sim = await twoRegions(t)
  await sim.cycle()
  sim.store.delete(`${trail('eu-west-1')}${DAY}a.gz`)
  sim.put(`${trail('ap-south-1')}${DAY}a.gz`)
  const denied = (_: number, { prefix, delimiter }: ListRequest): boolean =>
    delimiter && prefix === trail('us-east-1')
  sim.wait(61)
  const failing = await sim.cycle({ fails: denied })
  t.equal(failing.search.errors.length, 1)
  t.equal(leaves(sim).length, 3, 'two kept, one found')
  for (let cycle = 0; cycle < 3; cycle++) {
    sim.wait(5)
    t.equal(walked(await sim.cycle({ fails: denied })), 1, 'that one again')
  }
  sim.put(`${trail('ap-east-1')}${DAY}a.gz`)
  sim.wait(61)
  await sim.cycle({ fails: denied })
  t.equal(leaves(sim).length, 4, 'new ones are found all the same')
  await sim.cycle()
  t.strictSame(leaves(sim), [
    trail('ap-east-1'),
    trail('ap-south-1'),
    trail('us-east-1'),
  ])
})

t.test('a search whose first page fails begins again', async t => {
  const sim = await twoRegions(t)
  await sim.cycle()
  sim.wait(61)
  await sim.cycle({ fails: (_, { delimiter }) => delimiter })
  t.equal(leaves(sim).length, 2)
  t.equal(walked(await sim.cycle()), WALKED)
})

t.test('settings that shape the leaves are followed at once', async t => {
  const sim = await twoRegions(t)
  const { settings } = sim
  await sim.cycle()
  sim.settings = { ...settings, RegionFolders: ['eu-west-1'] }
  t.strictSame(listed(await sim.cycle()), ['eu-west-1'])
  t.strictSame(leaves(sim), [trail('eu-west-1')])
  sim.settings = { ...settings, ExclusionDirectories: ['eu-'] }
  t.strictSame(listed(await sim.cycle()), ['us-east-1'])
  sim.settings = { ...settings, FilePath: trail('eu-west-1') }
  t.strictSame(listed(await sim.cycle()), ['eu-west-1'])
  sim.settings = settings
  const all = await sim.cycle()
  t.strictSame(listed(all).toSorted(), ['eu-west-1', 'us-east-1'])
  t.strictSame(all.taken, [], 'what was collected stays collected')
})

t.test('only a first discovery is noted before the end', async t => {
  const sim = await twoRegions(t)
  const { cursor, settings } = sim
  const flush = cursor.flush.bind(cursor)
  let flushes = 0
  cursor.flush = () => {
    flushes++
    return flush()
  }
  const flushesOfCycle = async (): Promise<number> => {
    flushes = 0
    await sim.cycle()
    sim.wait(61)
    return flushes
  }
  t.equal(await flushesOfCycle(), 3, 'the clock is noted, too')
  t.equal(await flushesOfCycle(), 1)
  sim.settings = { ...settings, RegionFolders: ['eu-west-1'] }
  t.equal(await flushesOfCycle(), 2)
  sim.put(`${trail('eu-west-1')}${DAY}b.gz`)
  t.equal(await flushesOfCycle(), 1)
  sim.settings = { ...sim.settings, NoOfBackDaysData: 3 }
  t.equal(await flushesOfCycle(), 2)
})

t.test('discovery gets a tenth even in a backlog, and goes on', async t => {
  const sim = await SimulatedSearch.start(t, { SweepMinutes: 0 })
  sim.store.pageSize = 1
  for (let name = 100; name < 400; name++)
    sim.put(`${trail('us-east-1')}${DAY}${name}.gz`)
  await sim.cycle({ take: 0 })
  sim.wait(61)
  for (let region = 10; region < 40; region++)
    sim.put(`${trail(`r-${region}`)}${DAY}a.gz`)
  let cycles = 0
  for (; sim.cursor.state.leaves.size < 31 && cycles < 30; cycles++) {
    const began = sim.clock.elapsed()
    let walked = 0
    const { taken } = await sim.cycle({
      seconds: 20,
      listMs: 100,
      fails: (_, { delimiter }) => {
        if (delimiter) walked = sim.clock.elapsed() - began
        return false
      },
    })
    t.ok(walked > 0 && walked < 2200, `${walked} ms`)
    t.ok(taken.length > 10)
    sim.wait(1)
  }
  t.ok(cycles > 1, `after ${cycles} cycles`)
})

t.test('a new region and a new account are listed when found', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${trail('us-east-1')}${DAY}a.gz`)
  await sim.cycle()
  const others = [
    `${trail('eu-west-1')}2026/03/09/a.gz`,
    `${trail('us-east-1', '444455556666')}2026/03/10/a.gz`,
  ]
  sim.put(...others)
  sim.wait(59)
  t.strictSame((await sim.cycle()).taken, [], 'nobody looked yet')
  sim.wait(1)
  t.strictSame((await sim.cycle()).taken.toSorted(), others.toSorted())
})

t.test('one folder under two names is known by both', async t => {
  const sim = await SimulatedSearch.start(t)
  const leaf = trail('us-east-1')
  const { settings } = sim
  for (const [FilePath, name] of [
    ['', 'a'],
    [leaf + DAY, 'b'],
    [leaf, 'c'],
    [leaf + DAY, 'd'],
  ] as const) {
    sim.settings = { ...settings, FilePath }
    sim.put(`${leaf}${DAY}${name}.gz`)
    const { taken } = await sim.cycle()
    t.strictSame(taken, [`${leaf}${DAY}${name}.gz`], FilePath)
  }
})
