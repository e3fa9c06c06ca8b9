// LateArrivalDays put to 0 for a while and back: what was let go then does not
// come again, and what arrives late is found where sets are still kept.

import t from 'tap'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const DAY = 1440
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

t.test('days whose sets were let go are not looked at again', async t => {
  const sim = await SimulatedSearch.start(t)
  const taken: string[] = []
  const cycles = async (days: number, LateArrivalDays: number) => {
    sim.settings = { ...sim.settings, LateArrivalDays }
    for (let day = 0; day < days; day++) {
      const date = new Date(sim.now).toISOString().slice(0, 10)
      sim.put(`${LEAF}${date.replaceAll('-', '/')}/a.gz`)
      // The day's second cycle looks at older days, the next process archives.
      taken.push(...(await sim.cycle()).taken)
      sim.wait(20)
      taken.push(...(await sim.cycle()).taken)
      await sim.reopen()
      sim.wait(DAY - 20)
    }
  }
  await cycles(20, 30)
  await cycles(2, 0)
  await cycles(3, 30)
  t.equal(taken.length, 25, 'each once')
  t.equal(new Set(taken).size, 25)
  // The sets of eight days are kept whatever the setting.
  const late = `${LEAF}2026/03/30/late.gz`
  sim.put(late)
  await cycles(1, 30)
  t.ok(taken.includes(late))
})

t.test('a leaf without dates likewise', async t => {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  const taken: string[] = []
  for (const [days, LateArrivalDays] of [
    [20, 30],
    [3, 0],
    [3, 30],
  ] as const) {
    sim.settings = { ...sim.settings, LateArrivalDays }
    for (let day = 0; day < days; day++) {
      sim.put(`logs/${sim.now}.gz`)
      taken.push(...(await sim.cycle()).taken)
      await sim.reopen()
      sim.wait(DAY)
    }
  }
  t.equal(taken.length, 26, 'each once')
})
