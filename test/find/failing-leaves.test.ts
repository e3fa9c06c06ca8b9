// Leaves whose LISTs fail, for whatever reason, beside others that answer: they
// block nobody, however much was open; a bucket that is down is given up soon.

import t from 'tap'
import type { ListRequest } from '../../src/s3/object-store.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const DAYS = 16
const NEVER = 1e9
const leafOf = (region: string): string =>
  `AWSLogs/111122223333/CloudTrail/${region}/`
const dayOf = (region: string, date: number): string =>
  `${leafOf(region)}2026/03/${date}/`

type Tap = Parameters<typeof SimulatedSearch.start>[0]
type Fails = (request: ListRequest) => boolean

/** Leaves of which nothing was listed for 16 days; no search for leaves is due from then on. */
async function standStill(t: Tap, regions: readonly string[]) {
  const settings = {
    DiscoveryMinutes: NEVER,
    SweepMinutes: NEVER,
    LateArrivalDays: 0,
  }
  const sim = await SimulatedSearch.start(t, settings)
  for (const region of regions) sim.put(`${dayOf(region, 10)}a.gz`)
  await sim.cycle()
  sim.wait(DAYS * 1440)
  const cycle = (fails: Fails, limits: { seconds?: number } = {}) => {
    sim.wait(1)
    return sim.cycle({
      ...limits,
      listMs: 10,
      fails: (_, request) => {
        if (!fails(request)) return false
        throw new SourceError('listing: InternalError', {
          code: 'InternalError',
          kind: 'network',
        })
      },
    })
  }
  return { sim, cycle }
}

const inLeaf =
  (regions: readonly string[]): Fails =>
  ({ prefix }) =>
    regions.some(region => prefix.startsWith(leafOf(region)))

for (const [good, bad] of [
  ['us-east-1', ['eu-west-1']],
  ['eu-west-1', ['us-east-1']],
  ['eu-west-1', ['ap-1', 'ap-2', 'us-east-1', 'us-east-2']],
  ['m', [...'abcdefghijklnopqrstuvwx']],
] as const)
  t.test(`${bad.length} leaves that fail do not hide ${good}`, async t => {
    const { sim, cycle } = await standStill(t, [good, ...bad])
    for (let number = 0; number < 5; number++) {
      const key = `${dayOf(good, 26)}${number}.gz`
      sim.put(key)
      const { taken, search, lists } = await cycle(inLeaf(bad))
      t.strictSame(taken, [key])
      t.equal(search.reached, true)
      t.equal(search.errors.length, bad.length, 'each is told of once')
      const asked = lists.filter(inLeaf(bad)).length
      t.ok(asked <= 2 * bad.length, `${asked} LISTs in vain`)
    }
  })

t.test('days that fail hide no other day of their leaf', async t => {
  const { sim, cycle } = await standStill(t, ['r'])
  const bad = [dayOf('r', 10), dayOf('r', 26)]
  const dates = Array.from({ length: DAYS + 1 }, (_, n) => 10 + n)
  for (const date of dates) sim.put(`${dayOf('r', date)}b.gz`)
  const found = new Set<string>()
  for (let number = 0; number < 20; number++) {
    const { taken } = await cycle(({ prefix }) => bad.includes(prefix))
    for (const key of taken) found.add(key)
  }
  t.equal(found.size, DAYS - 1)
})

t.test('a leaf that hangs holds up nobody', async t => {
  const { sim, cycle } = await standStill(t, ['a', 'b', 'c'])
  const list = sim.store.list.bind(sim.store)
  sim.store.list = async request => {
    if (inLeaf(['a', 'c'])(request)) await sim.clock.sleep(15_000)
    return list(request)
  }
  for (let number = 0; number < 5; number++) {
    const key = `${dayOf('b', 26)}${number}.gz`
    sim.put(key)
    const { taken } = await cycle(inLeaf(['a', 'c']), { seconds: 20 })
    t.strictSame(taken, [key])
  }
})

t.test('a bucket that is down is given up soon', async t => {
  const regions = Array.from({ length: 30 }, (_, n) => `r-${10 + n}`)
  for (const some of [regions.slice(0, 1), regions.slice(0, 3), regions]) {
    const { sim, cycle } = await standStill(t, some)
    const asked = new Set<string>()
    for (let number = 0; number < 4; number++) {
      const { lists, search } = await cycle(() => true)
      t.equal(search.reached, false)
      t.ok(lists.length <= 9, `${lists.length} LISTs`)
      for (const { prefix } of lists) asked.add(prefix)
    }
    t.ok(some.length < 30 || asked.size > 10, 'not the same in each cycle')
    sim.put(...some.map(region => `${dayOf(region, 26)}b.gz`))
    const { taken } = await cycle(() => false)
    t.equal(taken.length, some.length)
  }
})

t.test('a leaf that answers again is listed whole at once', async t => {
  const { sim, cycle } = await standStill(t, ['a', 'b'])
  for (let date = 11; date < 27; date++) sim.put(`${dayOf('a', date)}b.gz`)
  for (let number = 0; number < 3; number++) await cycle(inLeaf(['a']))
  t.equal((await cycle(() => false)).taken.length, DAYS)
})
