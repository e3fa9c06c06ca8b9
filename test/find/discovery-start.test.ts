// From which day on a newly found leaf is listed: nothing that came while
// nobody knew it is missed, whatever was killed meanwhile; no history comes.

import t from 'tap'
import type { ListRequest } from '../../src/s3/object-store.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const trail = (region: string): string =>
  `AWSLogs/111122223333/CloudTrail/${region}/`
const DAY = '2026/03/10/'

t.test('a leaf of a changed setting starts at the window', async t => {
  const sim = await SimulatedSearch.start(t, { RegionFolders: ['us-east-1'] })
  sim.put(`${trail('us-east-1')}${DAY}a.gz`)
  for (const day of ['07', '08', '09', '10'])
    sim.put(`${trail('eu-west-1')}2026/03/${day}/a.gz`)
  await sim.cycle()
  sim.settings = { ...sim.settings, RegionFolders: [] }
  t.strictSame((await sim.cycle()).taken.toSorted(), [
    `${trail('eu-west-1')}2026/03/09/a.gz`,
    `${trail('eu-west-1')}2026/03/10/a.gz`,
  ])
})

t.test('a new leaf starts where it may have been missed', async t => {
  const sim = await SimulatedSearch.start(t, { DiscoveryMinutes: 1440 })
  const old = trail('us-east-1')
  const late = trail('eu-west-1')
  sim.put(`${old}2026/03/10/a.gz`)
  await sim.cycle()
  const denied = (_: number, { prefix }: ListRequest): boolean =>
    prefix === trail('ap-east-1')
  sim.put(`${trail('ap-east-1')}2026/03/10/a.gz`)
  const wanted: string[] = []
  for (let day = 11; day < 16; day++) {
    sim.wait(1440)
    sim.put(`${old}2026/03/${day}/a.gz`)
    await sim.cycle({ fails: denied })
    sim.wait(30)
    await sim.cycle({ fails: denied })
  }
  t.equal(sim.cursor.state.leaves.get(`date ${old}`)?.from, '2026-03-14')
  for (let day = 8; day < 16; day++) {
    const key = `${late}2026/03/${String(day).padStart(2, '0')}/a.gz`
    sim.put(key)
    // The last complete search was on the 10th; to its window came the 9th.
    if (day >= 9) wanted.push(key)
  }
  sim.wait(1440)
  const { taken } = await sim.cycle({ fails: denied })
  t.strictSame(taken.toSorted(), wanted)
})

t.test('a leaf whose finder was killed starts where it did', async t => {
  const sim = await SimulatedSearch.start(t, { LateArrivalDays: 0 })
  sim.put(`${trail('us-east-1')}${DAY}a.gz`)
  await sim.cycle()
  const key = `${trail('eu-west-1')}2026/03/09/a.gz`
  sim.put(key)
  sim.wait(61)
  t.strictSame((await sim.cycle({ killed: true })).taken, [key])
  await sim.crash()
  const denied = (_: number, { prefix, delimiter }: ListRequest): boolean =>
    delimiter && prefix === trail('eu-west-1')
  for (let cycle = 0; cycle < 3; cycle++) {
    sim.wait(1440)
    await sim.cycle({ fails: denied })
  }
  const old = sim.cursor.state.leaves.get(`date ${trail('us-east-1')}`)
  t.ok(old && old.from > '2026-03-09', 'that day is closed in the others')
  sim.wait(61)
  t.strictSame((await sim.cycle()).taken, [key])
})

t.test('a leaf that the first cycle missed keeps its start', async t => {
  const sim = await SimulatedSearch.start(t)
  const eu = trail('eu-west-1')
  sim.put(
    `${trail('us-east-1')}${DAY}a.gz`,
    `${eu}${DAY}a.gz`,
    `${eu}2026/03/09/a.gz`,
    `${eu}2026/03/08/history.gz`,
  )
  sim.wait(1)
  const denied = (_: number, { prefix, delimiter }: ListRequest): boolean =>
    delimiter && prefix === eu
  for (let cycle = 0; cycle < 3; cycle++) {
    await sim.cycle({ fails: denied })
    sim.wait(1440)
  }
  sim.put(`${eu}2026/03/01/late.gz`)
  sim.wait(1440)
  sim.settings = { ...sim.settings, ExclusionDirectories: ['nothing'] }
  const { taken } = await sim.cycle()
  sim.wait(1440)
  t.strictSame([...taken, ...(await sim.cycle()).taken].toSorted(), [
    `${eu}2026/03/01/late.gz`,
    `${eu}2026/03/09/a.gz`,
    `${eu}2026/03/10/a.gz`,
  ])
})

t.test('a new leaf starts at the oldest open day', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${trail('us-east-1')}${DAY}a.gz`)
  await sim.cycle({ settle: () => 'leave' })
  for (let day = 11; day < 15; day++) {
    sim.wait(1440)
    await sim.cycle({ settle: () => 'leave' })
  }
  for (const day of ['08', '09', '10', '14'])
    sim.put(`${trail('eu-west-1')}2026/03/${day}/a.gz`)
  sim.wait(61)
  const { taken } = await sim.cycle({ settle: () => 'leave' })
  t.strictSame(taken.toSorted(), [
    `${trail('eu-west-1')}2026/03/10/a.gz`,
    `${trail('eu-west-1')}2026/03/14/a.gz`,
    `${trail('us-east-1')}${DAY}a.gz`,
  ])
})

t.test(
  'a clock that fell behind and is believed brings no history of a new leaf',
  async t => {
    const sim = await SimulatedSearch.start(t, {
      DiscoveryMinutes: 0,
      LateArrivalDays: 0,
    })
    sim.put(`${trail('us-east-1')}${DAY}a.gz`)
    await sim.cycle()
    sim.wait(20)
    await sim.cycle({ dateOff: -50 })
    const added = `${trail('eu-west-1')}${DAY}a.gz`
    for (const day of ['2026/01/25', '2026/02/20', '2026/03/08'])
      sim.put(`${trail('eu-west-1')}${day}/history.gz`)
    sim.put(added)
    sim.wait(20)
    const taken = (await sim.cycle({ dateOff: -50 })).taken
    for (let cycle = 0; cycle < 6; cycle++) {
      sim.wait(20)
      taken.push(...(await sim.cycle()).taken)
    }
    t.strictSame(taken, [added])
  },
)
