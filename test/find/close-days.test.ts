// Which days leave the cursor for the file of older days, and what goes on
// when that file cannot be used.

import { readFile, writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import {
  SimulatedSearch,
  type CycleOptions,
} from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const OTHER = LEAF.replace('us-east-1', 'eu-west-1')
const DAY = 1440

const folder = (day: number, leaf = LEAF): string =>
  `${leaf}2026/03/${String(day).padStart(2, '0')}/`

/** The days of which something lies in the cursor. */
const here = ({ cursor }: SimulatedSearch): string[] =>
  [...cursor.state.byId.values()].map(({ prefix }) => prefix).toSorted()

const there = async ({ cursor }: SimulatedSearch): Promise<string[]> =>
  [...(await cursor.older()).state.partitions.keys()].toSorted()

/** A leaf collected from noon of March 10 to that of the 12th. */
async function threeDays(t: Test): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${folder(9)}a.gz`, `${folder(10)}a.gz`)
  await sim.cycle()
  for (const day of [11, 12]) {
    sim.wait(DAY)
    sim.put(`${folder(day)}a.gz`)
    await sim.cycle()
  }
  await sim.reopen()
  return sim
}

t.test('days leave once they are closed', async t => {
  const sim = await threeDays(t)
  // A day is closed by a whole listing begun after its last window day.
  t.strictSame(here(sim), [folder(11), folder(12)])
  t.strictSame(await there(sim), [folder(9), folder(10)])
  await sim.cursor.close()
})

t.test('a day that is open for a backlog stays', async t => {
  const sim = await threeDays(t)
  sim.put(`${folder(11)}b.gz`)
  for (let day = 13; day < 16; day++) {
    sim.wait(DAY)
    await sim.cycle({ settle: () => 'leave' })
  }
  t.ok(here(sim).includes(folder(11)))
  t.notOk((await there(sim)).includes(folder(11)))
  await sim.cycle()
  sim.wait(15)
  await sim.cycle()
  t.notOk(here(sim).includes(folder(11)))
  t.ok((await there(sim)).includes(folder(11)))
})

t.test('days of a leaf that is gone stay with it', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${folder(10)}a.gz`, `${folder(10, OTHER)}a.gz`)
  await sim.cycle()
  sim.settings = { ...sim.settings, RegionFolders: ['us-east-1'] }
  await sim.cycle()
  t.ok(here(sim).includes(folder(10, OTHER)))
  sim.wait(DAY)
  await sim.cycle()
  t.ok(here(sim).includes(folder(10, OTHER)), 'in the window')
  sim.wait(DAY)
  await sim.cycle()
  t.ok(here(sim).includes(folder(10, OTHER)), 'behind the window')
  sim.settings = { ...sim.settings, RegionFolders: [], NoOfBackDaysData: 7 }
  t.strictSame((await sim.cycle()).taken, [], 'its set comes back')
})

t.test('a folder that is a leaf without dates too stays', async t => {
  const sim = await threeDays(t)
  sim.settings = { ...sim.settings, FilePath: folder(11) }
  for (let day = 13; day < 16; day++) {
    sim.wait(DAY)
    t.strictSame((await sim.cycle()).taken, [])
  }
  t.ok(here(sim).includes(folder(11)))
})

t.test('a retry in a closed day joins the older days', async t => {
  const sim = await threeDays(t)
  const key = `${folder(9)}b.gz`
  const late = sim.cursor.partition(folder(9), '2026-03-09')
  sim.cursor.commit(late, '2026-03-09', fingerprint(key, 1), '2026-03-09T12')
  sim.put(key)
  await sim.cycle()
  await sim.reopen()
  t.strictSame(here(sim), [folder(11), folder(12)])
  const set = (await sim.cursor.older()).partition(folder(9), '').sets
  t.equal(set.get('2026-03-09')?.size, 2)
  const leaf = sim.cursor.state.leaves.get(`date ${LEAF}`)
  t.equal(leaf?.newest, '2026-03-09T12', 'the newest event is known yet')
  sim.wait(DAY)
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('damage to the older days loses nothing once it is mended', async t => {
  const sim = await threeDays(t)
  const good = await readFile(sim.olderPath)
  await writeFile(sim.olderPath, '')
  sim.put(`${folder(9)}late.gz`, `${folder(13)}a.gz`)
  sim.settings = { ...sim.settings, NoOfBackDaysData: 4 }
  sim.wait(DAY)
  const taken: string[] = []
  const damaged: CycleOptions = {
    settle: ({ key }) => {
      taken.push(key)
      return 'commit'
    },
  }
  await t.rejects(sim.cycle(damaged), { code: 'CURSOR_DAMAGED' })
  t.strictSame(taken, [`${folder(13)}a.gz`])
  await t.rejects(sim.crash(), { code: 'CURSOR_DAMAGED' })
  sim.wait(1)
  await writeFile(sim.olderPath, good)
  await sim.crash()
  t.strictSame((await sim.cycle()).taken, [`${folder(9)}late.gz`])
})

t.test('an idle cycle leaves the older days alone', async t => {
  const sim = await threeDays(t)
  sim.wait(16)
  await sim.cycle()
  t.equal(sim.cursor.usesOlder, false)
  t.notOk(sim.cursor.state.older.upTo === '')
})
