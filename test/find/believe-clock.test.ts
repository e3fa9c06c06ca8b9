// S3's clock when it is wrong: in one cycle, in many, ahead and back, and
// beside a machine whose own clock is off. Nothing is missed, nothing comes
// again, and no history comes with it.

import t, { type Test } from 'tap'
import { addDays, DAY_MS, dayOf } from '../../src/find/day-folders.ts'
import {
  SimulatedSearch,
  type SearchSettings,
} from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const FLAT = 'AWSLogs/111122223333/CloudTrail/'
const DAY = 1440

/** A leaf with history, collected at noon of March 10 for the first time. */
async function collected(
  t: Test,
  settings: Partial<SearchSettings> = {},
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, settings)
  const old = Date.parse('2026-01-01T00:00:00Z')
  for (let day = '2026-01-05'; day <= '2026-03-08'; day = addDays(day, 1)) {
    sim.store.put(key(day, 'history'), old)
    sim.store.put(`${FLAT}${day}-history.gz`, Date.parse(day))
  }
  await arriveAndTake(sim, 'first')
  return sim
}

const key = (day: string, name: string): string =>
  `${LEAF}${day.replaceAll('-', '/')}/${name}.gz`

/** Stores an object for today and one for yesterday, in both kinds of leaves. */
function arrive(sim: SimulatedSearch, name: string): string[] {
  const today = dayOf(sim.now)
  const keys = [
    key(addDays(today, -1), name),
    key(today, name),
    `${FLAT}${today}-${name}.gz`,
  ]
  sim.put(...keys)
  return keys
}

async function arriveAndTake(sim: SimulatedSearch, name: string) {
  const keys = arrive(sim, name)
  const { taken } = await sim.cycle()
  return { keys, taken }
}

/** Runs ordinary days, some cycles a day; gives all that was taken. */
async function runDays(
  sim: SimulatedSearch,
  days: number,
  dateOff = 0,
): Promise<{ arrived: string[]; taken: string[] }> {
  const arrived: string[] = []
  const taken: string[] = []
  for (let count = 0; count < days * 3; count++) {
    sim.wait(DAY / 3)
    arrived.push(...arrive(sim, `n${count}-${dateOff}`))
    for (let cycle = 0; cycle < 2; cycle++) {
      taken.push(...(await sim.cycle({ dateOff })).taken)
      await sim.reopen()
      sim.wait(16)
    }
  }
  return { arrived, taken }
}

for (const dateOff of [60, 3, -3, -50, 3000])
  t.test(`a Date ${dateOff} days off in one cycle changes nothing`, async t => {
    const sim = await collected(t)
    await runDays(sim, 2)
    sim.wait(20)
    const wrong = arrive(sim, 'wrong')
    t.strictSame(
      (await sim.cycle({ dateOff })).taken.toSorted(),
      wrong.toSorted(),
      'it collects',
    )
    await sim.reopen()
    const { arrived, taken } = await runDays(sim, 3)
    t.strictSame(taken.toSorted(), arrived.toSorted(), 'and so do the next')
    const days = [...sim.cursor.state.leaves.values()].map(({ from }) => from)
    t.strictSame(new Set(days), new Set([addDays(dayOf(sim.now), -1)]))
  })

t.test('a clock that runs ahead for days and comes back', async t => {
  const sim = await collected(t)
  await runDays(sim, 2)
  const ahead = await runDays(sim, 4, 60)
  const back = await runDays(sim, 2)
  t.strictSame(
    [...ahead.taken, ...back.taken].toSorted(),
    [...ahead.arrived, ...back.arrived].toSorted(),
  )
})

t.test('a clock that falls behind for days and comes back', async t => {
  const sim = await collected(t)
  await runDays(sim, 2)
  const behind = await runDays(sim, 4, -50)
  const back = await runDays(sim, 2)
  t.strictSame(
    [...behind.taken, ...back.taken].toSorted(),
    [...behind.arrived, ...back.arrived].toSorted(),
  )
})

t.test('both clocks run ahead and come back', async t => {
  const sim = await collected(t)
  const before = await runDays(sim, 2)
  t.strictSame(before.taken.toSorted(), before.arrived.toSorted())
  sim.clock.setWall(sim.clock.now() + 60 * DAY_MS)
  for (let cycle = 0; cycle < 4; cycle++) {
    sim.wait(20)
    t.strictSame((await sim.cycle()).taken, [])
  }
  sim.clock.setWall(sim.clock.now() - 60 * DAY_MS)
  const { arrived, taken } = await runDays(sim, 2)
  t.strictSame(taken.toSorted(), arrived.toSorted())
})

t.test('the first Date of all is wrong', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.store.put(key('2026-03-01', 'history'), sim.now - 9 * DAY_MS)
  const keys = arrive(sim, 'a')
  const taken: string[] = []
  for (let cycle = 0; cycle < 6; cycle++) {
    taken.push(...(await sim.cycle({ dateOff: cycle < 3 ? 60 : 0 })).taken)
    sim.wait(20)
  }
  t.strictSame(taken.toSorted(), keys.toSorted())
  const [leaf] = sim.cursor.state.leaves.values()
  t.ok(leaf && leaf.baseline <= sim.now, 'history ends now')
})

t.test('the fourth suspect cycle in a row is believed', async t => {
  const sim = await collected(t)
  sim.wait(2 * DAY)
  const { suspects } = { suspects: [] as number[] }
  for (const dateOff of [10, 20, 30, 40, 50, 60]) {
    await sim.cycle({ dateOff })
    suspects.push(sim.cursor.state.clock?.suspects ?? -1)
  }
  t.strictSame(suspects, [1, 2, 3, 0, 1, 2])
})

t.test('a killed cycle has noted the clock', async t => {
  const sim = await collected(t)
  await sim.cycle({ dateOff: 60, killed: true })
  await sim.crash()
  t.equal(sim.cursor.state.clock?.suspects, 1)
  await sim.cycle({ dateOff: 60 })
  t.equal(sim.cursor.state.clock?.suspects, 0, 'it stands still')
})

for (const days of [3, -3, 6])
  t.test(`a store whose clock is ${days} days off for good`, async t => {
    const sim = await SimulatedSearch.start(t)
    const stamp = dayOf(sim.clock.now() + days * DAY_MS)
    const keys = [
      key('2026-03-10', 'ours'),
      key('2026-03-09', 'ours'),
      key(stamp, 'theirs'),
    ]
    sim.put(...keys)
    const taken = [...(await sim.cycle({ dateOff: days })).taken]
    const rest = await runDays(sim, 4, days)
    t.strictSame(
      [...taken, ...rest.taken].toSorted(),
      [...keys, ...rest.arrived].toSorted(),
    )
    const [leaf] = sim.cursor.state.leaves.values()
    const earlier = sim.now + Math.min(days, 0) * DAY_MS
    t.equal(leaf?.from, addDays(dayOf(earlier), -1), 'and days are closed')
  })

t.test('sets are dropped by the earlier clock', async t => {
  const sim = await collected(t, { LateArrivalDays: 1 })
  for (let cycle = 0; cycle < 8; cycle++) {
    sim.wait(20)
    await sim.cycle({ dateOff: cycle < 4 ? 60 : 0 })
  }
  sim.wait(DAY)
  t.equal(sim.cursor.state.older.from <= '2026-03-03', true)
  const { arrived, taken } = await runDays(sim, 1)
  t.strictSame(taken.toSorted(), arrived.toSorted(), 'no repeats')
})

t.test('no leaf is looked for by a clock that is suspect', async t => {
  const sim = await collected(t, { DiscoveryMinutes: 0 })
  const other = LEAF.replace('us-east-1', 'eu-west-1')
  sim.put(`${other}2026/03/10/a.gz`)
  t.strictSame((await sim.cycle({ dateOff: 9 })).taken, [])
  sim.settings = { ...sim.settings, ExclusionDirectories: ['nothing'] }
  t.strictSame((await sim.cycle()).taken, [], 'nor under other settings')
  t.strictSame((await sim.cycle()).taken, [`${other}2026/03/10/a.gz`])
})

t.test('without a Date days go by this machine', async t => {
  const sim = await SimulatedSearch.start(t)
  const keys = arrive(sim, 'a')
  const { taken } = await sim.cycle({ dateOff: Number.NaN })
  t.strictSame(taken.toSorted(), keys.toSorted())
})

for (const ahead of [8, 20])
  t.test(
    `a clock ${ahead} days ahead from the first cycle on, until its days have come`,
    async t => {
      const sim = await SimulatedSearch.start(t)
      const old = Date.parse('2026-01-01T00:00:00Z')
      sim.store.put(key('2026-03-07', 'history'), old)
      const wrong = await runDays(sim, ahead + 1, ahead)
      const right = await runDays(sim, 2)
      const arrived = [...wrong.arrived, ...right.arrived]
      const taken = [...wrong.taken, ...right.taken]
      t.strictSame(taken.toSorted(), arrived.toSorted())
    },
  )

t.test(
  'a late arrival under a fast clock is found once when the clock is back',
  async t => {
    for (const lies of [
      [2, 2, 400, 400],
      [10, 10, 400, 400],
      [400, 400],
    ]) {
      const sim = await collected(t)
      await runDays(sim, 45)
      const late: string[] = []
      const taken: string[] = []
      const cycle = async (dateOff = 0): Promise<void> => {
        taken.push(...(await sim.cycle({ dateOff })).taken)
        await sim.reopen()
      }
      for (const [number, dateOff] of lies.entries()) {
        late.push(key(addDays(dayOf(sim.now), -5), `late${number}`))
        sim.put(...late.slice(-1))
        await cycle(dateOff)
        sim.wait(10)
      }
      for (let count = 0; count < 8; count++) {
        await cycle()
        sim.wait(300)
      }
      t.strictSame(taken.toSorted(), late, `${lies}`)
    }
  },
)
