// What a changed Inclusions or Exclusions lets in: all of the open days, and of
// closed ones only what came after the last complete look at them.

import t from 'tap'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/'
const DAY = 1440
type Tap = Parameters<typeof SimulatedSearch.start>[0]

/** A bucket with a text and a log a day from March 10 on, five days later. */
async function fiveDays(t: Tap): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t)
  for (let day = 10; day < 15; day++) {
    sim.put(`${LEAF}${day}/a.txt`, `${LEAF}${day}/a.gz`)
    await sim.cycle()
    await sim.reopen()
    sim.wait(DAY)
  }
  await sim.cycle()
  return sim
}

const all = { Inclusions: [] }

/** What comes within the next two days. */
async function twoDays(sim: SimulatedSearch): Promise<string[]> {
  const taken: string[] = []
  for (let cycle = 0; cycle < 3; cycle++) {
    taken.push(...(await sim.cycle()).taken)
    await sim.reopen()
    sim.wait(DAY)
  }
  return taken.map(key => key.slice(LEAF.length)).toSorted()
}

t.test('an object that a change lets in is history in closed days', async t => {
  const sim = await fiveDays(t)
  sim.settings = { ...sim.settings, ...all }
  t.strictSame(await twoDays(sim), ['14/a.txt'])
  const late = [`${LEAF}11/late.txt`, `${LEAF}11/late.gz`]
  sim.put(...late)
  t.strictSame(await twoDays(sim), ['11/late.gz', '11/late.txt'])
})

t.test(
  'an object that passed before still comes, whatever its age',
  async t => {
    const sim = await fiveDays(t)
    sim.settings = { ...sim.settings, ...all }
    // A replica keeps its Last-Modified.
    sim.store.put(`${LEAF}11/replica.gz`, sim.now - 4 * DAY * 60_000)
    t.strictSame(await twoDays(sim), ['11/replica.gz', '14/a.txt'])
  },
)

t.test('an object that a new default lets in is history, too', async t => {
  const sim = await SimulatedSearch.start(t)
  for (let day = 10; day < 15; day++) {
    sim.put(`${LEAF}${day}/a.log.parquet`, `${LEAF}${day}/a.log.gz`)
    await sim.cycle()
    await sim.reopen()
    sim.wait(DAY)
  }
  await sim.cycle()
  sim.settings = { ...sim.settings, Inclusions: ['*.gz', '*.parquet'] }
  t.strictSame(await twoDays(sim), ['14/a.log.parquet'])
})

t.test('so it is for a cursor that knows of no patterns yet', async t => {
  const sim = await SimulatedSearch.start(t)
  for (let day = 10; day < 15; day++) {
    sim.put(`${LEAF}${day}/a.log.parquet`, `${LEAF}${day}/a.log.gz`)
    await sim.cycle()
    sim.wait(DAY)
  }
  await sim.cycle()
  sim.cursor.record({ k: 'patterns', text: '', former: [] })
  await sim.reopen()
  sim.settings = { ...sim.settings, Inclusions: ['*.gz', '*.parquet'] }
  sim.wait(1)
  sim.put(`${LEAF}10/late.log.parquet`)
  t.strictSame(await twoDays(sim), ['10/late.log.parquet', '14/a.log.parquet'])
})

t.test('a change that is taken back leaves nothing out', async t => {
  const sim = await fiveDays(t)
  const right = sim.settings
  sim.settings = { ...right, Inclusions: ['gz'] }
  for (let day = 15; day < 20; day++) {
    sim.put(`${LEAF}${day}/a.gz`)
    t.strictSame((await sim.cycle()).taken, [])
    sim.wait(DAY)
  }
  sim.settings = right
  t.strictSame(
    await twoDays(sim),
    [15, 16, 17, 18, 19].map(day => `${day}/a.gz`),
  )
  t.strictSame(sim.cursor.state.patterns.former, [])
})
