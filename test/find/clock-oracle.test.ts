// S3's clock and this machine's, right and wrong by turns, held to an oracle
// that knows the true time: whatever arrives is found, once, however long a
// clock was wrong. A Date that is wrong for one cycle brings no history either.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addDays, DAY_MS, dayOf } from '../../src/find/day-folders.ts'
import { keyIn, LEAVES, NAMED } from '../lib/cycle/oracle-leaves.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const step = fc.record({
  arrivals: fc.array(
    fc.record({
      leaf: fc.constantFrom(...LEAVES, NAMED),
      daysAgo: fc.nat({ max: 1 }),
      name: fc.constantFrom('a', 'b', 'c/d', 'é'),
    }),
    { maxLength: 4 },
  ),
  minutes: fc.oneof(
    fc.nat({ max: 30 }),
    fc.nat({ max: 1440 }),
    fc.nat({ max: 9000 }),
  ),
  dateOff: fc.constantFrom(0, 0, 0, 60, 10, 3, -3, -50),
  /** How many cycles it is wrong, if in more than one. */
  cycles: fc.integer({ min: 2, max: 5 }),
  wallStep: fc.constantFrom(0, 0, 0, 0, 60, 3, -3, -50),
  take: fc.constantFrom(1, 1e9, 1e9),
  fates: fc.array(fc.constantFrom('commit', 'commit', 'fail', 'leave'), {
    minLength: 1,
    maxLength: 4,
  }),
  killed: fc.constantFrom(true, false, false, false),
})
const history = fc.record({
  backDays: fc.integer({ min: 1, max: 3 }),
  /** Each Date is wrong for one cycle alone, and this machine's clock right. */
  isCalm: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type History = typeof history extends fc.Arbitrary<infer H> ? H : never
type Tap = Parameters<typeof SimulatedSearch.start>[0]

async function check(
  t: Tap,
  { backDays, isCalm, steps }: History,
): Promise<void> {
  const sim = await SimulatedSearch.start(t, { NoOfBackDaysData: backDays })
  const past = sim.now - 60 * DAY_MS
  for (const leaf of [...LEAVES, NAMED])
    for (let ago = 4; ago < 60; ago += 3) {
      const time = sim.now - ago * DAY_MS
      const key = keyIn(leaf, dayOf(time), 'old')
      sim.store.put(key, leaf.layout === 'flat' ? time : past)
    }
  const arrived = new Set<string>()
  const taken = new Set<string>()
  const settled = new Set<string>()

  const arrive = ({ leaf, daysAgo, name }: Step['arrivals'][number]): void => {
    const today = dayOf(sim.now)
    const isDated = leaf.layout !== 'flat'
    const key = keyIn(leaf, addDays(today, isDated ? -daysAgo : 0), name)
    if (arrived.has(key)) return
    arrived.add(key)
    sim.put(key)
  }
  const cycle = async (dateOff: number, step?: Step): Promise<void> => {
    const before = new Set(settled)
    const { take = 1e9, killed = false } = step ?? {}
    await sim.cycle({
      dateOff,
      take,
      killed,
      settle: ({ key }, index) => {
        assert(!before.has(key), `${key} was settled before`)
        taken.add(key)
        const fate = step?.fates[index % step.fates.length] ?? 'commit'
        if (fate !== 'leave') settled.add(key)
        return fate
      },
    })
    if (!killed) return sim.reopen()
    await sim.crash()
    for (const key of settled) if (!before.has(key)) settled.delete(key)
  }

  await cycle(0)
  for (const step of steps) {
    sim.wait(step.minutes)
    if (!isCalm && step.wallStep !== 0) {
      sim.clock.setWall(sim.clock.now() + step.wallStep * DAY_MS)
      sim.skew -= step.wallStep * DAY_MS
    }
    step.arrivals.forEach(arrive)
    await cycle(step.dateOff, step)
    for (let more = 1; !isCalm && more < step.cycles; more++) {
      sim.wait(16)
      await cycle(step.dateOff, step)
    }
    // A clock that is right again is so for two cycles at least.
    for (let count = 0; isCalm && count < 2; count++) {
      sim.wait(16)
      await cycle(0)
    }
  }
  for (const minutes of [16, 16, 16, 16, 61, 1440, 16, 61, 16]) {
    sim.wait(minutes)
    await cycle(0)
  }
  assert.deepEqual(
    [...arrived].filter(key => !taken.has(key)),
    [],
    'missed',
  )
  if (isCalm)
    assert.deepEqual(
      [...taken].filter(key => key.endsWith('old.gz')),
      [],
      'history',
    )
  await sim.cursor.close()
}

t.test('a wrong clock loses nothing and repeats nothing', async t => {
  await fc.assert(
    fc.asyncProperty(history, value => check(t, value)),
    { numRuns: Number(process.env['RUNS'] ?? 12) },
  )
})
