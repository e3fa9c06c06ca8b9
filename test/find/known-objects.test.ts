// What an object is known by: its key and size under every folder that is a
// prefix of its key, on whatever day, while the sets are kept.

import fc from 'fast-check'
import { join } from 'node:path'
import t from 'tap'
import { joinSkipped } from '../../src/cursor/commit-object.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import { dayOfFile } from '../../src/find/day-folders.ts'
import {
  isCollected,
  isIn,
  knownAs,
  wasCollected,
} from '../../src/find/known-objects.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const REGION = 'AWSLogs/111122223333/vpcflowlogs/us-east-1/'
const DAY = `${REGION}2026/03/10/`
const FLOW = /^vpcflowlogs$/
const MINUTES_A_DAY = 1440

type Settings = SimulatedSearch['settings']

async function flows(
  t: Parameters<typeof SimulatedSearch.start>[0],
  settings: Partial<Settings>,
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, settings)
  sim.service = FLOW
  return sim
}

const logFile = (stem: string, time: string): string =>
  `logs/111122223333_${stem}_${time}_x1.json.gz`

const hourly = (name: string): string[] =>
  Array.from({ length: 12 }, (_, hour) => [
    `${DAY}${String(hour).padStart(2, '0')}/${name}.gz`,
  ]).flat()

t.test("a day's folder is widened over hours, and narrowed again", async t => {
  const sim = await flows(t, { FilePath: DAY })
  sim.put(...hourly('a'), `${DAY}direct.gz`)
  t.equal((await sim.cycle()).taken.length, 13)
  sim.settings = { ...sim.settings, FilePath: 'AWSLogs/' }
  sim.put(...hourly('b'))
  t.strictSame((await sim.cycle()).taken, hourly('b'))
  sim.settings = { ...sim.settings, FilePath: DAY }
  sim.put(...hourly('c'))
  const { taken } = await sim.cycle()
  t.strictSame(taken.toSorted(), hourly('c').toSorted())
})

t.test('an object of the older days is known under a new name', async t => {
  const sim = await flows(t, { FilePath: 'AWSLogs/' })
  sim.put(...hourly('a'))
  t.equal((await sim.cycle()).taken.length, 12)
  for (let day = 0; day < 4; day++) {
    sim.wait(MINUTES_A_DAY)
    await sim.cycle()
  }
  t.not(sim.cursor.state.older.upTo, '')
  // Their Last-Modified is in the window again.
  for (const key of hourly('a')) sim.store.put(key, sim.now)
  sim.settings = { ...sim.settings, FilePath: DAY }
  t.strictSame((await sim.cycle({ take: 3 })).taken, [])
  await sim.reopen()
  sim.wait(16)
  t.strictSame((await sim.cycle()).taken, [])
})

t.test('an object that is encrypted anew each month comes once', async t => {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  const keys = Array.from({ length: 12 }, (_, n) => `logs/${100 + n}.gz`)
  sim.put(...keys)
  t.equal((await sim.cycle()).taken.length, 12)
  for (let month = 0; month < 4; month++) {
    sim.wait(30 * MINUTES_A_DAY)
    for (const key of keys) sim.store.put(key, sim.now)
    t.strictSame((await sim.cycle()).taken, [], `month ${month}`)
    await sim.reopen()
  }
})

t.test("without dates the day is that of AWS's file name", async t => {
  const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
  const today = logFile('CloudTrail_r', '20260310T1155Z')
  sim.store.put(today, sim.now + 2 * MINUTES_A_DAY * 60_000)
  sim.store.put(
    logFile('CloudTrail_r', '20240101T0000Z'),
    Date.parse('2024-01-01T00:05:00Z'),
  )
  t.strictSame((await sim.cycle()).taken, [today], 'the other is history')
  t.strictSame(
    [...sim.cursor.partition('logs/', '').sets.keys()],
    ['2026-03-10'],
  )
  sim.wait(50 * MINUTES_A_DAY)
  sim.store.put(today, sim.now)
  t.strictSame((await sim.cycle()).taken, [], 'encrypted anew')
  t.end()
})

t.test(
  'without dates a file of a closed day that came since is new, once',
  async t => {
    const sim = await SimulatedSearch.start(t, { FilePath: 'logs/' })
    const copied = logFile('CloudTrail_r', '20240101T0000Z')
    sim.put(copied)
    t.strictSame((await sim.cycle()).taken, [copied])
    t.strictSame((await sim.cycle()).taken, [])
    sim.wait(20 * MINUTES_A_DAY)
    sim.store.put(copied, sim.now)
    t.strictSame((await sim.cycle()).taken, [], 'encrypted anew')
    t.end()
  },
)

t.test('file names with a day are those of AWS', t => {
  t.equal(
    dayOfFile(logFile('CloudTrail_us-east-1', '20260310T2359Z')),
    '2026-03-10',
  )
  t.equal(
    dayOfFile(logFile('vpcflowlogs_r_fl-1', '20240229T0000Z')),
    '2024-02-29',
  )
  for (const time of ['20260231T0000Z', '20261310T0000Z', '19700101T0000Z', ''])
    t.equal(dayOfFile(logFile('CloudTrail_r', time)), undefined, time)
  for (const key of [
    'a.gz',
    '20260310T0000Z_x.gz',
    '1_CloudTrail_r_20260310T0000Z_x.gz',
  ])
    t.equal(dayOfFile(key), undefined, key)
  t.end()
})

t.test('FilePath narrowed and widened at any time repeats nothing', async t => {
  const paths = ['AWSLogs/', REGION, `${REGION}2026/03/`, DAY, `${DAY}05/`]
  const step = fc.record({
    path: fc.constantFrom(...paths),
    minutes: fc.constantFrom(1, 20, 700, 2000),
    arrivals: fc.array(
      fc.tuple(fc.nat({ max: 23 }), fc.constantFrom('a', 'b', 'c', 'd')),
      { maxLength: 4 },
    ),
    take: fc.constantFrom(1, 1e9),
    pageSize: fc.constantFrom(1, 1000),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 10 }),
      async steps => {
        const sim = await flows(t, { DiscoveryMinutes: 0 })
        const taken = new Set<string>()
        const stored = new Set<string>()
        for (const { path, minutes, arrivals, take, pageSize } of steps) {
          sim.settings = { ...sim.settings, FilePath: path }
          sim.store.pageSize = pageSize
          for (const [hour, name] of arrivals) {
            const key = `${DAY}${String(hour).padStart(2, '0')}/${name}.gz`
            if (!stored.has(key)) sim.put(key)
            stored.add(key)
          }
          const { committed } = await sim.cycle({ take })
          for (const key of committed) {
            if (taken.has(key)) return false
            taken.add(key)
          }
          sim.wait(minutes)
        }
        await sim.cursor.close()
        return true
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 15) },
  )
})

t.test('a skipped object stays skipped wherever it is filed', async t => {
  const cursor = await openCursor(join(t.testdir(), 'cursor'))
  const object = { key: 'logs/a/x.gz', size: 5 }
  const states = [cursor.state]
  t.equal(knownAs(object, states), undefined)
  const folder = cursor.partition('logs/a/', '')
  joinSkipped(cursor, { ...object, folder, day: '2026-03-09' })
  t.ok(isCollected(object, folder, '2026-03-09', cursor))
  t.ok(isCollected(object, folder, '2026-03-10', cursor), 'on another day')
  t.ok(isIn(folder, object))
  const above = cursor.partition('logs/', '')
  t.notOk(isIn(above, object))
  t.ok(wasCollected(object, above, '2026-03-10', cursor, undefined))
  t.ok(isIn(above, object), 'it has joined')
  t.equal(knownAs(object, states), 'skipped')
  const sets = [...folder.sets.values(), ...above.sets.values()]
  t.strictSame(
    sets.map(set => set.size),
    [1, 1, 1],
  )
  t.equal(knownAs({ ...object, size: 6 }, states), undefined)
  cursor.commit(above, '2026-03-10', fingerprint(object.key, object.size), '')
  t.equal(knownAs(object, states), 'collected', 'it came all the same')
  await cursor.close()
})
