// Late arrivals held to an oracle that knows days and times only: what arrives
// in any day, old or new by Last-Modified, is found exactly once, also over
// kills between the two files; of the history nothing is ever found.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addDays, DAY_MS, dayOf } from '../../src/find/day-folders.ts'
import { keyIn, LEAVES } from '../lib/cycle/oracle-leaves.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const arrival = fc.record({
  leaf: fc.constantFrom(...LEAVES),
  daysAgo: fc.nat({ max: 12 }),
  /** Keeps the Last-Modified of its day, as a replica does. */
  replica: fc.boolean(),
  name: fc.constantFrom('a', 'b', 'c/d', 'é'),
})
const arrivals = fc.array(arrival, { maxLength: 6 })
const step = fc.record({
  arrivals,
  minutes: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 3000 })),
  pageSize: fc.constantFrom(1, 2, 1000),
  seconds: fc.constantFrom(5, 20, Infinity),
  take: fc.oneof(fc.nat({ max: 5 }), fc.constant(1e9)),
  fails: fc.oneof(
    fc.constant<number[]>([]),
    fc.array(fc.nat({ max: 12 }), { maxLength: 3 }),
  ),
  fates: fc.array(fc.constantFrom('commit', 'commit', 'fail', 'leave'), {
    minLength: 1,
    maxLength: 5,
  }),
  /** Dies at its so many-th flush of the cursor, or (-1) of the older days. */
  dies: fc.constantFrom(0, 0, 0, 0, -1, 1, 2, 3),
  backDays: fc.constantFrom(undefined, undefined, undefined, 1, 3, 7),
  lateDays: fc.constantFrom(undefined, undefined, undefined, 2, 9),
})
const history = fc.record({
  before: arrivals,
  backDays: fc.integer({ min: 1, max: 3 }),
  lateDays: fc.constantFrom(2, 5, 9),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})

type Arrival = typeof arrival extends fc.Arbitrary<infer A> ? A : never
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type History = typeof history extends fc.Arbitrary<infer H> ? H : never
type Tap = Parameters<typeof SimulatedSearch.start>[0]

class Killed extends Error {}

/** Has the cursor die at its so many-th flush once the search has ended. */
async function mayDie(sim: SimulatedSearch, dies: number): Promise<void> {
  const mortal = dies < 0 ? await sim.cursor.older() : sim.cursor
  const flush = mortal.flush.bind(mortal)
  const { number } = sim.cursor.state.cycle
  let left = Math.abs(dies)
  mortal.flush = async () => {
    const ends = sim.cursor.state.cycle.number > number
    if (ends && --left === 0) throw new Killed('by the test')
    await flush()
  }
}

async function check(t: Tap, history: History): Promise<void> {
  const sim = await SimulatedSearch.start(t, {
    NoOfBackDaysData: history.backDays,
    LateArrivalDays: history.lateDays,
  })
  const stored = new Map<string, { day: string; modified: number }>()
  const settled = new Set<string>()
  const taken = new Set<string>()
  const start = (): string =>
    addDays(dayOf(sim.now), -sim.settings.NoOfBackDaysData)

  const arrive = ({ leaf, daysAgo, replica, name }: Arrival): void => {
    const day = dayOf(sim.now - daysAgo * DAY_MS)
    const modified = replica ? sim.now - daysAgo * DAY_MS : sim.now
    const key = keyIn(leaf, day, name)
    if (stored.has(key)) return
    stored.set(key, {
      day: leaf.layout === 'flat' ? dayOf(modified) : day,
      modified,
    })
    sim.store.put(key, modified)
  }

  /** The oldest day that a cycle may have opened, and one that surely was. */
  let first = start()
  let sure = first
  /** The oldest day whose sets must be there. */
  let kept = ''
  const cycle = async (step?: Step): Promise<void> => {
    const before = new Set(settled)
    const { seconds = Infinity, take = 1e9, fails = [] } = step ?? {}
    const oldest = addDays(dayOf(sim.now), -7 - sim.settings.LateArrivalDays)
    if (oldest > kept) kept = oldest
    if (start() < first) first = start()
    const { search } = await sim.cycle({
      seconds,
      take,
      listMs: step ? 400 : 0,
      fails: index => fails.includes(index),
      settle: ({ key }, index) => {
        assert(!before.has(key), `${key} was settled before`)
        taken.add(key)
        const fate = step?.fates[index % step.fates.length] ?? 'commit'
        if (fate !== 'leave') settled.add(key)
        return fate
      },
    })
    if (search.reached && start() < sure) sure = start()
  }
  const cycleThatDies = async (step: Step): Promise<void> => {
    const before = new Set(settled)
    if (step.dies !== 0) await mayDie(sim, step.dies)
    try {
      await cycle(step)
      await sim.reopen()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      await sim.crash()
      if (step.dies !== 1) return
      for (const key of settled) if (!before.has(key)) settled.delete(key)
    }
  }

  for (const leaf of LEAVES) sim.store.put(keyIn(leaf, '2020-02-29', 'old'), 0)
  history.before.forEach(arrive)
  const baseline = sim.now
  await cycle()
  for (const step of history.steps) {
    sim.wait(step.minutes)
    step.arrivals.forEach(arrive)
    const { settings } = sim
    sim.settings = {
      ...settings,
      NoOfBackDaysData: step.backDays ?? settings.NoOfBackDaysData,
      LateArrivalDays: step.lateDays ?? settings.LateArrivalDays,
    }
    sim.store.pageSize = step.pageSize
    await cycleThatDies(step)
  }
  for (const minutes of [16, 61, 1440, 16]) {
    sim.wait(minutes)
    await cycle()
  }

  const oldest = addDays(start(), -sim.settings.LateArrivalDays)
  for (const [key, { day, modified }] of stored) {
    const isNew = modified >= baseline
    if (!isNew && day < first) assert(!taken.has(key), `${key} is history`)
    if ((isNew || day >= sure) && day >= oldest && day >= kept)
      assert(taken.has(key), `${key} was missed`)
  }
  assert(![...taken].some(key => key.endsWith('old.gz')), 'is history')
  await sim.cursor.close()
}

t.test('a late arrival is found once, history never', async t => {
  await fc.assert(
    fc.asyncProperty(history, value => check(t, value)),
    { numRuns: Number(process.env['RUNS'] ?? 25) },
  )
})
