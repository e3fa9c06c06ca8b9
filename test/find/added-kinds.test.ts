// Kinds of CloudTrail folders that are added, taken out and added again, held
// to an oracle that knows days alone: what lay in the window while its kind was
// wanted comes once, what lay in older days before the kind was wanted never.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addDays, dayOf, dayPrefix } from '../../src/find/day-folders.ts'
import { serviceOf } from '../../src/normalize/log-types.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const DAY_MINUTES = 1440
const DAY_MS = DAY_MINUTES * 60_000
const KINDS = ['CloudTrail', 'CloudTrail-Insight', 'CloudTrail-Aggregated']
const ROOTS = ['AWSLogs/111122223333/', 'x/AWSLogs/o-abc/444455556666/']

const leafOf = (root: string, kind: string): string => `${root}${kind}/r/`

/** Gives a search with objects of the last so many days in each leaf of each kind. */
async function start(
  test: Tap,
  days: number,
  settings: Parameters<typeof SimulatedSearch.start>[1] = {},
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(test, settings)
  for (let daysAgo = 0; daysAgo < days; daysAgo++)
    for (const kind of KINDS) putAll(sim, kind, daysAgo, 'a')
  return sim
}

type Tap = Parameters<typeof SimulatedSearch.start>[0]

function keysOf(
  sim: SimulatedSearch,
  kind: string,
  daysAgo: number,
  name: string,
): string[] {
  const day = dayOf(sim.now - daysAgo * DAY_MS)
  return ROOTS.map(
    root => `${dayPrefix(leafOf(root, kind), 'date', day)}${name}.gz`,
  )
}

function putAll(
  sim: SimulatedSearch,
  kind: string,
  daysAgo: number,
  name: string,
): string[] {
  const keys = keysOf(sim, kind, daysAgo, name)
  for (const key of keys) sim.store.put(key, sim.now - daysAgo * DAY_MS)
  return keys
}

t.test('a kind that is added starts with the window', async t => {
  const sim = await start(t, 12)
  const first = await sim.cycle()
  t.equal(first.taken.length, 2 * ROOTS.length)
  for (let day = 0; day < 3; day++) {
    sim.wait(DAY_MINUTES)
    await sim.cycle()
  }
  // What came in between, of all kinds; days are left as they are.
  for (const daysAgo of [0, 1, 2, 3])
    for (const kind of KINDS) putAll(sim, kind, daysAgo, 'b')
  sim.service = serviceOf(KINDS.slice(0, 2))
  const added = await sim.cycle()
  const wanted = [
    ...[0, 1].flatMap(daysAgo =>
      keysOf(sim, 'CloudTrail-Insight', daysAgo, 'b'),
    ),
    ...[0, 1].flatMap(daysAgo => keysOf(sim, 'CloudTrail', daysAgo, 'b')),
  ]
  const insight = added.taken.filter(key => key.includes('-Insight/'))
  t.strictSame(
    insight.toSorted(),
    wanted.filter(key => key.includes('-Insight/')).toSorted(),
  )
  for (let cycle = 0; cycle < 30; cycle++) {
    sim.wait(DAY_MINUTES / 4)
    const { taken } = await sim.cycle()
    t.notOk(taken.some(key => key.includes('-Insight/')))
  }
  await sim.cursor.close()
})

t.test('one taken out and added again loses and repeats nothing', async t => {
  for (const away of [1, 200, 3000]) {
    const sim = await start(t, 1)
    sim.service = serviceOf(KINDS)
    t.equal((await sim.cycle()).taken.length, KINDS.length * ROOTS.length)
    sim.service = serviceOf(['CloudTrail'])
    const b = KINDS.flatMap(kind => putAll(sim, kind, 0, 'b'))
    sim.wait(1)
    const without = await sim.cycle()
    t.strictSame(
      without.taken.toSorted(),
      b.filter(key => key.includes('/CloudTrail/')).toSorted(),
    )
    sim.wait(away)
    await sim.cycle()
    const c = KINDS.flatMap(kind => putAll(sim, kind, 0, 'c'))
    sim.service = serviceOf(KINDS)
    const again = await sim.cycle()
    t.strictSame(
      again.taken.toSorted(),
      [...b.filter(key => !key.includes('/CloudTrail/')), ...c].toSorted(),
      `after ${away} minutes`,
    )
    sim.wait(61)
    t.strictSame((await sim.cycle()).taken, [])
    await sim.cursor.close()
  }
})

const step = fc.record({
  kinds: fc.subarray(KINDS, { minLength: 1 }),
  arrivals: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      daysAgo: fc.nat({ max: 9 }),
      name: fc.constantFrom('b', 'c', 'd'),
    }),
    { maxLength: 4 },
  ),
  minutes: fc.constantFrom(5, 61, 700, 1500),
  seconds: fc.constantFrom(5, Infinity, Infinity),
})
const history = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  back: fc.integer({ min: 1, max: 3 }),
  late: fc.constantFrom(0, 30),
})
type History = typeof history extends fc.Arbitrary<infer H> ? H : never

async function check(t: Tap, { steps, back, late }: History): Promise<void> {
  const settings = { NoOfBackDaysData: back, LateArrivalDays: late }
  const sim = await start(t, 12, settings)
  const begun = sim.now
  const taken = new Set<string>()
  const stored = new Map<string, number>()
  for (let daysAgo = 0; daysAgo < 12; daysAgo++)
    for (const kind of KINDS)
      for (const key of keysOf(sim, kind, daysAgo, 'a')) stored.set(key, 0)
  /** The present window's first day. */
  const first = (): string => addDays(dayOf(sim.now), -back)
  const oldest = first()
  const run = async (seconds = Infinity): Promise<void> => {
    const result = await sim.cycle({ seconds, listMs: 300 })
    for (const key of result.taken) {
      assert(!taken.has(key), `${key} comes again`)
      taken.add(key)
      const kind = KINDS.findLast(name => key.includes(`/${name}/`)) ?? ''
      assert(sim.service.test(kind), `${key} is wanted`)
    }
    await sim.reopen()
  }
  const owed = new Set<string>()
  for (const { kinds, arrivals, minutes, seconds } of steps) {
    sim.service = serviceOf(KINDS.filter(kind => kinds.includes(kind)))
    for (const { kind, daysAgo, name } of arrivals)
      for (const key of keysOf(sim, kind, daysAgo, name))
        if (!stored.has(key)) {
          stored.set(key, sim.now)
          sim.put(key)
        }
    await run(seconds)
    // Between sweeps what sorts before all that is fresh may wait.
    sim.wait(16)
    await run()
    for (const kind of kinds)
      for (const key of stored.keys())
        for (const root of ROOTS)
          if (key.startsWith(leafOf(root, kind)) && dayIn(key) >= first())
            owed.add(key)
    for (const key of owed) assert(taken.has(key), `${key} is missed`)
    sim.wait(minutes)
  }
  for (const key of taken)
    assert(
      dayIn(key) >= oldest || (stored.get(key) ?? 0) >= begun,
      `${key} is history`,
    )
  await sim.cursor.close()
}

const dayIn = (key: string): string =>
  /\d{4}\/\d\d\/\d\d/.exec(key)?.[0].replaceAll('/', '-') ?? ''

t.test('kinds come and go', async t => {
  await fc.assert(
    fc.asyncProperty(history, value => check(t, value)),
    { numRuns: Number(process.env['RUNS'] ?? 15) },
  )
})
