// A leaf that is gone or out of scope for a while: nothing of it is missed or
// repeated when it comes back, whatever happened meanwhile.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { dayOf, dayPrefix } from '../../src/find/day-folders.ts'
import { activeLeaves } from '../../src/find/window.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const DAY = 1440
const trail = (region: string): string =>
  `AWSLogs/111122223333/CloudTrail/${region}/`
type Tap = Parameters<typeof SimulatedSearch.start>[0]

const day = (sim: SimulatedSearch, region: string, name: string): string =>
  `${dayPrefix(trail(region), 'date', dayOf(sim.now))}${name}.gz`

/** The regions that a cycle's cursor knows as there. */
const active = ({ cursor }: SimulatedSearch): string[] =>
  activeLeaves(cursor.state, cursor.state.discovery.shape)
    .map(({ prefix }) => prefix.split('/')[3] ?? '')
    .toSorted()

async function oneRegion(t: Tap): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t)
  sim.put(day(sim, 'us-east-1', 'first'))
  await sim.cycle()
  return sim
}

for (const [name, mistyped] of [
  ['a mistyped FilePath', { FilePath: 'awslogs/' }],
  ['narrowed RegionFolders', { RegionFolders: ['eu-west-1'] }],
  ['a wrong exclusion', { ExclusionDirectories: ['Trail'] }],
] satisfies [string, Partial<SimulatedSearch['settings']>][])
  t.test(`${name} after an outage of 8 days loses no day`, async t => {
    const sim = await oneRegion(t)
    const right = sim.settings
    const keys: string[] = []
    for (let days = 0; days < 8; days++) {
      sim.wait(DAY)
      keys.push(day(sim, 'us-east-1', 'a'))
      sim.put(keys.at(-1) ?? '')
    }
    sim.settings = { ...right, ...mistyped }
    for (let cycle = 0; cycle < 2; cycle++) {
      t.strictSame((await sim.cycle()).taken, [])
      await sim.reopen()
      sim.wait(20)
    }
    t.strictSame(active(sim), [])
    sim.settings = right
    // A leaf that came meanwhile has the same open days.
    const late = keys.map(key => key.replace('us-east-1', 'ap-east-1'))
    sim.put(...late)
    t.strictSame(
      (await sim.cycle()).taken.toSorted(),
      [...keys, ...late].toSorted(),
    )
    t.strictSame((await sim.cycle()).taken, [])
  })

t.test('a leaf out of scope for 20 days takes its open days up', async t => {
  const sim = await oneRegion(t)
  const { settings } = sim
  sim.settings = { ...settings, RegionFolders: ['eu-west-1'] }
  sim.put(day(sim, 'eu-west-1', 'a'))
  await sim.cycle()
  const keys: string[] = []
  for (let days = 0; days < 20; days++) {
    sim.wait(DAY)
    keys.push(day(sim, 'us-east-1', 'a'))
    sim.put(keys.at(-1) ?? '')
    await sim.cycle()
  }
  sim.settings = settings
  // Of a leaf that nobody knew, the older days are history.
  const news = keys.map(key => key.replace('us-east-1', 'ap-east-1'))
  sim.put(...news)
  for (const key of news) sim.store.put(key, sim.now - 60 * DAY * 60_000)
  t.strictSame(
    (await sim.cycle()).taken.toSorted(),
    [...keys, ...news.slice(-2)].toSorted(),
  )
})

t.test('a leaf that is gone is dropped after 30 days, not before', async t => {
  const sim = await oneRegion(t)
  sim.settings = { ...sim.settings, LateArrivalDays: 2 }
  sim.put(day(sim, 'eu-west-1', 'a'))
  sim.wait(61)
  await sim.cycle()
  sim.store.delete(day(sim, 'eu-west-1', 'a'))
  const known = (): boolean =>
    sim.cursor.state.leaves.has(`date ${trail('eu-west-1')}`)
  for (let days = 0; days < 32; days++) {
    sim.wait(days === 0 ? 61 : DAY)
    await sim.cycle()
    t.strictSame(active(sim), ['us-east-1'])
    t.equal(known(), days <= 30, `after ${days} days`)
  }
})

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-east-1']
const step = fc.record({
  regions: fc.subarray(REGIONS),
  path: fc.constantFrom('', 'AWSLogs/', 'awslogs/', trail('eu-west-1')),
  minutes: fc.constantFrom(1, 70, DAY, 3 * DAY, 8 * DAY),
  runs: fc.boolean(),
  arrivals: fc.array(
    fc.tuple(fc.constantFrom(...REGIONS), fc.constantFrom('a', 'b', 'c')),
    { maxLength: 5 },
  ),
  take: fc.constantFrom(1, 1e9, 1e9),
  killed: fc.nat({ max: 4 }).map(dice => dice === 0),
})

// All regions are known from the first cycle on; each history ends with all in
// scope again, within the 30 days that a leaf is kept.
t.test('settings back and forth miss nothing and repeat nothing', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async steps => {
      const sim = await SimulatedSearch.start(t, { DiscoveryMinutes: 0 })
      const all = sim.settings
      const began = sim.now
      const taken = new Set<string>()
      const stored = new Set<string>()
      const arrive = (region: string, name: string): void => {
        const key = day(sim, region, name)
        if (!stored.has(key)) sim.put(key)
        stored.add(key)
      }
      const cycle = async (take = 1e9, killed = false): Promise<void> => {
        const { committed } = await sim.cycle({ take, killed })
        if (killed) return sim.crash()
        for (const key of committed) {
          assert(!taken.has(key), `${key} came twice`)
          taken.add(key)
        }
        return sim.reopen()
      }
      for (const region of REGIONS) arrive(region, '0')
      await cycle()
      for (const { regions, path, minutes, ...step } of steps) {
        sim.settings = { ...all, RegionFolders: regions, FilePath: path }
        for (const [region, name] of step.arrivals) arrive(region, name)
        if (step.runs) await cycle(step.take, step.killed)
        if (sim.now - began < 20 * DAY * 60_000) sim.wait(minutes)
      }
      sim.settings = all
      for (let last = 0; last < 3; last++) {
        await cycle()
        sim.wait(16)
      }
      assert.deepEqual(
        [...stored].filter(key => !taken.has(key)),
        [],
        'missed',
      )
      await sim.cursor.close()
    }),
    { numRuns: Number(process.env['RUNS'] ?? 15) },
  )
})
