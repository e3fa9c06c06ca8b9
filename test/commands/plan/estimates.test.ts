// A day's requests, reckoned by hand and counted in a simulated day, and the
// cycles of a backlog.

import t from 'tap'
import {
  dailyRequests,
  dollars,
  estimateBacklog,
  type Holdings,
} from '../../../src/commands/plan/estimates.ts'
import { WHOLE } from '../../../src/find/shard.ts'
import { fingerprint } from '../../../src/cursor/fingerprint-set.ts'
import {
  newPartition,
  setOf,
  type Leaf,
} from '../../../src/cursor/cursor-state.ts'
import { leafEntry } from '../../lib/cursor/entries.ts'
import { SimulatedSearch } from '../../lib/cycle/simulated-search.ts'

const settings = {
  FilePath: 'AWSLogs/',
  NoOfBackDaysData: 1,
  SweepMinutes: 15,
  DiscoveryMinutes: 60,
  LateArrivalDays: 30,
  MaxResultCount: 1000,
  Shard: WHOLE,
}
const DAY = 86_400_000
const NOON = Date.parse('2026-03-10T12:00:00Z')

const leafOf = (prefix: string, layout: Leaf['layout'] = 'date') =>
  leafEntry({ prefix, layout }) as unknown as Leaf
const trail = (account: number): Leaf =>
  leafOf(`AWSLogs/${111122223333 + account}/CloudTrail/us-east-1/`)

const NOTHING: Holdings = { leaves: [], folders: new Map(), newIn: () => 0 }
const daily = (every: number, more: Partial<Holdings>, own = settings) =>
  dailyRequests(every, { ...NOTHING, ...more }, own, NOON)

t.test('an idle leaf: a LIST a cycle, sweeps of two days', async t => {
  // 1344 tails that are no sweeps, a twelfth of them doubled before 02:00 UTC,
  // 96 sweeps of two days, a look at older days, and 24 times the way from
  // AWSLogs/ down to the leaf: 4 folders.
  const one = 1344 + 112 + 96 * 2 + 1 + 24 * 4
  t.strictSame(daily(60, { leaves: [trail(0)] }), { lists: one, gets: 0 })
  // Each further leaf shares only AWSLogs/.
  const leaves = Array.from({ length: 20 }, (_, index) => trail(index))
  t.equal(daily(60, { leaves }).lists, 20 * one - 19 * 24)
  // Of three shards each walks past the leaves of all.
  const third = { ...settings, Shard: { index: 1, of: 3 } }
  const { lists } = daily(60, { leaves: [trail(0)] }, third)
  t.equal(lists, one + 24 * 4 * 2)
})

t.test(
  'settings of 0 take what they do into each cycle, or leave it out',
  async t => {
    const each = { ...settings, SweepMinutes: 0, DiscoveryMinutes: 0 }
    const own = { ...each, LateArrivalDays: 0 }
    const { lists } = daily(300, { leaves: [trail(0)] }, own)
    t.equal(lists, 288 * (2 + 4))
  },
)

t.test('pages count, of the tail and of the whole', async t => {
  const leaf = trail(0)
  const folders = new Map(
    ['2026/03/09/', '2026/03/10/'].map((day, index) => {
      const prefix = `${leaf.prefix}${day}`
      return [prefix, newPartition(prefix, `2026-03-${index + 9}`)] as const
    }),
  )
  // 36 hours: 36,000 objects, so 24,000 a day and 2,000 in two hours.
  const [first] = folders.values()
  for (let index = 0; index < 24_000; index++)
    if (first) setOf(first, '2026-03-09').add(fingerprint(`${index}`, 1))
  const holdings = {
    leaves: [leaf],
    folders,
    newIn: ({ day }: { day: string }) => (day === '2026-03-10' ? 12_000 : 0),
  }
  const tails = (1344 + 112) * 2
  const sweeps = 96 * (24 + 12)
  t.strictSame(daily(60, holdings), {
    lists: tails + sweeps + (24_000 * 30) / 1000 + 24 * 4,
    gets: 24_000,
  })
})

t.test('a leaf without dates is one folder, also for the search', async t => {
  const leaf = leafOf('AWSLogs/', 'flat')
  const folder = newPartition(leaf.prefix, '')
  const { lists } = daily(60, {
    leaves: [leaf],
    folders: new Map([[leaf.prefix, folder]]),
    newIn: () => 3000,
  })
  t.equal(lists, 1344 + 96 * 3 + 24 * 3)
})

t.test("prices are S3's in us-east-1", async t => {
  t.equal(dollars({ lists: 1_000_000, gets: 0 }), 5)
  t.equal(dollars({ lists: 0, gets: 1_000_000 }), 0.4)
})

t.test('a simulated day makes as many', async t => {
  const search = await SimulatedSearch.start(
    t,
    { FilePath: 'AWSLogs/' },
    '2026-03-10T10:00:00Z',
  )
  search.store.pageSize = 10
  const leaves = [0, 1, 2].map(account => trail(account).prefix)
  const putSome = (time: number): void => {
    const text = new Date(time).toISOString()
    const day = text.slice(0, 10).replaceAll('-', '/')
    for (const leaf of leaves)
      search.store.put(`${leaf}${day}/${text}.gz`, time)
  }
  // Every half hour an object, and that for 33 days.
  const begun = search.now
  for (let time = begun - 33 * DAY; time < begun; time += DAY / 48)
    putSome(time)
  let lists = 0
  let gets = 0
  // Two hours to begin with, and a day from noon to noon.
  for (let cycle = -24; cycle < 288; cycle++) {
    if (cycle % 6 === 0) putSome(search.now)
    const { lists: asked, taken } = await search.cycle()
    if (cycle >= 0) lists += asked.length
    if (cycle >= 0) gets += taken.length
    search.wait(5)
  }
  const { state } = search.cursor
  const holdings = {
    ...NOTHING,
    leaves: [...state.leaves.values()],
    folders: state.partitions,
  }
  const own = { ...settings, MaxResultCount: 10 }
  const reckoned = dailyRequests(300, holdings, own, search.now)
  t.equal(gets, 48 * 3)
  t.equal(reckoned.gets, gets)
  const ratio = reckoned.lists / lists
  t.ok(ratio > 0.9 && ratio < 1.1, `${reckoned.lists} LIST, ${lists} made`)
})

const MIB = 1024 * 1024
const limits = { MaxCycleMegabytes: 100, MaxCycleSeconds: 20 }

const cycles = (objects: number, bytes: number): number =>
  estimateBacklog({ objects, bytes }, {}, limits).cycles

t.test('nothing new needs no cycle, and anything at least one', async t => {
  t.equal(cycles(0, 0), 0)
  t.equal(cycles(1, 0), 1, 'an object without a byte')
  t.equal(cycles(3, 5 * MIB), 1)
  t.equal(cycles(3, 5 * MIB + 1), 2, 'twenty times as much is printed')
})

t.test('a cycle that left nothing tells what objects come to', async t => {
  const last = { bytes_in: 100, bytes_out: 700, objects_left: 0 }
  const backlog = { objects: 9, bytes: 100 * MIB }
  t.strictSame(estimateBacklog(backlog, last, limits), {
    cycles: 7,
    outputBytes: 700 * MIB,
  })
  for (const useless of [
    { ...last, bytes_in: 0 },
    { ...last, bytes_out: 0 },
    { ...last, objects_left: 1 },
  ])
    t.equal(estimateBacklog(backlog, useless, limits).cycles, 20)
  const spooled = { ...last, bytes_in: 1 }
  t.equal(estimateBacklog(backlog, spooled, limits).cycles, 100, 'at most')
})

t.test('where time ended the last cycle it will end the next', async t => {
  const last = {
    bytes_in: MIB,
    bytes_out: 10 * MIB,
    objects_left: 5,
    duration_ms: 15_000,
  }
  const backlog = { objects: 9, bytes: 10 * MIB }
  t.equal(estimateBacklog(backlog, last, limits).cycles, 20)
  const longer = { ...limits, MaxCycleSeconds: 60 }
  t.equal(estimateBacklog(backlog, last, longer).cycles, 2)
  const full = { ...last, bytes_out: 200 * MIB }
  t.equal(estimateBacklog(backlog, full, limits).cycles, 2, 'the limit holds')
})
