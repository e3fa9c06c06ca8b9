// Folders of days that are named otherwise than AWS does it: `dt=2026-03-10/`.

import t, { type Test } from 'tap'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const NAMES = {
  'dt=2026-03-10': (day: string) => `logs/dt=${day}/`,
  '20260310, and a folder below it': (day: string) =>
    `logs/${day.replaceAll('-', '')}/eu/`,
}
const dayAt = (time: number): string =>
  new Date(time).toISOString().slice(0, 10)

/** So many days of an object each; gives what was taken. */
async function start(t: Test, folder: (day: string) => string, days: number) {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  const taken: string[] = []
  const cycle = async () => {
    const result = await sim.cycle()
    taken.push(...result.taken)
    return result
  }
  const pass = async (count: number) => {
    for (let day = 0; day < count; day++) {
      sim.put(`${folder(dayAt(sim.now))}a.gz`)
      await cycle()
      sim.wait(720)
      await cycle()
      sim.wait(720)
    }
  }
  await pass(days)
  return { sim, taken, cycle, pass }
}

for (const [name, folder] of Object.entries(NAMES))
  t.test(`old days are not listed in each cycle: ${name}`, async t => {
    const { sim, taken, cycle, pass } = await start(t, folder, 20)
    const idle = async () => {
      await cycle()
      sim.wait(16)
      return (await cycle()).lists.length
    }
    const before = await idle()
    await pass(20)
    t.ok((await idle()) <= before, 'twenty days later')
    t.ok(before < 6, `${before} LISTs`)
    t.equal(taken.length, 40)
    const late = `${folder('2026-03-20')}late.gz`
    sim.put(late)
    for (let hour = 0; hour <= 24; hour++) {
      await cycle()
      sim.wait(60)
    }
    t.ok(taken.includes(late), 'what comes late is found within a day')
  })

t.test(
  'a folder that only has a date in its name is listed in each cycle',
  async t => {
    const { sim, cycle } = await start(t, () => 'logs/moved-2025-11-02/', 3)
    for (let count = 0; count < 3; count++) {
      sim.wait(16)
      const key = `logs/moved-2025-11-02/${count}.gz`
      sim.put(key)
      t.strictSame((await cycle()).taken, [key])
    }
  },
)
