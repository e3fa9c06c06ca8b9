// What a cycle lists, in which order, at what cost in requests and time.

import t from 'tap'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import {
  SimulatedSearch,
  type CycleResult,
} from '../lib/cycle/simulated-search.ts'

const trail = (region: string, account = '111122223333'): string =>
  `AWSLogs/${account}/CloudTrail/${region}/`
const LEAF = trail('us-east-1')
const TODAY = `${LEAF}2026/03/10/`
const YESTERDAY = `${LEAF}2026/03/09/`

const asked = ({ lists }: CycleResult): string[][] =>
  lists.map(({ prefix, startAfter }) => [prefix, startAfter])

t.test('an idle cycle costs one LIST a leaf, and two until 02:00', async t => {
  const sim = await SimulatedSearch.start(t, {}, '2026-03-10T23:50:00Z')
  for (const region of ['us-east-1', 'eu-west-1'])
    for (const day of ['09', '10'])
      sim.put(`${trail(region)}2026/03/${day}/a.gz`)
  t.equal((await sim.cycle()).taken.length, 4)
  sim.wait(2)
  t.equal((await sim.cycle()).lists.length, 2, 'of the 10th')
  sim.wait(9)
  await sim.cycle()
  sim.wait(2)
  t.equal((await sim.cycle()).lists.length, 4, 'of the 10th and the 11th')
  sim.clock.advance(2 * 3_600_000)
  await sim.cycle()
  sim.wait(2)
  t.equal((await sim.cycle()).lists.length, 2, 'of the 11th')
})

t.test('the tail starts before what is fresh or unsettled', async t => {
  const sim = await SimulatedSearch.start(t, {}, '2026-03-10T12:00:00Z')
  sim.put(`${TODAY}a.gz`, `${TODAY}b.gz`)
  await sim.cycle()
  sim.wait(121)
  sim.put(`${TODAY}c.gz`, `${TODAY}d.gz`)
  await sim.cycle()
  sim.wait(1)
  const fresh = await sim.cycle()
  t.strictSame(asked(fresh), [[TODAY, `${TODAY}b.gz`]])
  sim.put(`${TODAY}e.gz`)
  t.strictSame((await sim.cycle()).taken, [`${TODAY}e.gz`])
  sim.wait(125)
  await sim.cycle()
  sim.wait(1)
  t.strictSame(asked(await sim.cycle()), [[TODAY, `${TODAY}e.gz`]], 'all old')
  sim.put(`${TODAY}f.gz`, `${TODAY}g.gz`)
  sim.wait(121)
  const left = await sim.cycle({
    settle: ({ key }) => (key.endsWith('f.gz') ? 'leave' : 'commit'),
  })
  t.equal(left.taken.length, 2)
  sim.wait(1)
  const again = await sim.cycle()
  t.strictSame(asked(again), [[TODAY, `${TODAY}e.gz`]], 'f was left')
  t.strictSame(again.taken, [`${TODAY}f.gz`])
})

t.test(
  'an object that sorts before the tail is found by the sweep',
  async t => {
    const sim = await SimulatedSearch.start(t, {}, '2026-03-10T12:00:00Z')
    sim.put(`${TODAY}m.gz`, `${YESTERDAY}m.gz`)
    await sim.cycle()
    sim.wait(60)
    await sim.cycle()
    sim.wait(61)
    await sim.cycle()
    sim.put(`${TODAY}a.gz`, `${YESTERDAY}a.gz`)
    sim.wait(14)
    const tail = await sim.cycle()
    t.strictSame(asked(tail), [[TODAY, `${TODAY}m.gz`]])
    t.strictSame(tail.taken, [])
    sim.wait(1)
    const sweep = await sim.cycle()
    t.strictSame(asked(sweep).toSorted(), [
      [YESTERDAY, ''],
      [TODAY, ''],
    ])
    t.strictSame(sweep.taken.toSorted(), [`${YESTERDAY}a.gz`, `${TODAY}a.gz`])
    t.strictSame((await sim.cycle()).taken, [])
  },
)

t.test('a sweep that only S3 knows to be due is made at once', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${TODAY}m.gz`)
  sim.wait(121)
  await sim.cycle()
  sim.put(`${TODAY}a.gz`)
  sim.wait(20)
  // This machine believes that five minutes went by.
  sim.skew = 15 * 60_000
  sim.clock.setWall(sim.clock.now() - sim.skew)
  t.strictSame((await sim.cycle()).taken, [`${TODAY}a.gz`])
})

t.test('one key to a page', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.store.pageSize = 1
  const keys = ['a', 'b', 'c', 'd'].flatMap(name => [
    `${YESTERDAY}${name}.gz`,
    `${TODAY}${name}.gz`,
  ])
  sim.put(...keys)
  t.strictSame((await sim.cycle()).taken.toSorted(), keys.toSorted())
  sim.wait(121)
  await sim.cycle()
  sim.wait(1)
  t.equal((await sim.cycle()).lists.length, 1)
  sim.put(`${TODAY}e.gz`)
  t.strictSame((await sim.cycle()).taken, [`${TODAY}e.gz`])
})

t.test('two pages are asked for first, then eight at a time', async t => {
  const sim = await SimulatedSearch.start(t)
  for (let region = 10; region < 30; region++)
    sim.put(`${trail(`r-${region}`)}2026/03/10/a.gz`)
  await sim.cycle()
  sim.wait(2)
  const waiting: (() => void)[] = []
  const inner = sim.store.list.bind(sim.store)
  sim.store.list = async request => {
    await new Promise<void>(resolve => waiting.push(resolve))
    return inner(request)
  }
  const cycle = sim.cycle()
  const sizes: number[] = []
  for (let left = 20; left > 0; left -= sizes.at(-1) ?? 20) {
    await new Promise(setImmediate)
    sizes.push(waiting.length)
    for (const answer of waiting.splice(0)) answer()
  }
  await cycle
  t.strictSame(sizes, [2, 8, 8, 2])
})

t.test("days are S3's, and a day or more off this machine's too", async t => {
  for (const [hours, first, last] of [
    [-80, 6, 10],
    [-20, 9, 10],
    [20, 9, 10],
    [80, 9, 13],
    [200, 9, 10],
    [-200, 9, 10],
  ] as const) {
    const sim = await SimulatedSearch.start(t)
    const days = ['04', '05', '06', '07', '08', '09', '10', '11', '13', '14']
    sim.skew = -hours * 3_600_000
    sim.clock.setWall(Date.parse('2026-03-10T12:00:00Z') - sim.skew)
    for (const day of days) sim.put(`${LEAF}2026/03/${day}/a.gz`)
    const window = days
      .filter(day => Number(day) >= first && Number(day) <= last)
      .map(day => `${LEAF}2026/03/${day}/a.gz`)
    t.strictSame((await sim.cycle()).taken.toSorted(), window, `${hours} h off`)
    // From now on the clock is right.
    sim.clock.setWall(sim.now)
    sim.skew = 0
    sim.put(`${TODAY}b.gz`)
    sim.wait(20)
    t.strictSame((await sim.cycle()).taken, [`${TODAY}b.gz`])
  }
})

t.test('least recently listed first, and a cut listing goes on', async t => {
  const sim = await SimulatedSearch.start(t, { SweepMinutes: 0 })
  sim.store.pageSize = 2
  const leaves = ['a', 'b', 'c', 'd'].map(region => trail(region))
  for (const leaf of leaves)
    for (let name = 0; name < 10; name++)
      sim.put(`${leaf}2026/03/10/${name}.gz`)
  const taken: string[] = []
  for (let cycle = 0; cycle < 12 && taken.length < 40; cycle++) {
    // A quarter of the cycle is over after five LISTs.
    const { taken: some } = await sim.cycle({ seconds: 20, listMs: 1000 })
    taken.push(...some)
    sim.wait(1)
  }
  t.equal(new Set(taken).size, 40)
  t.equal(taken.length, 40, 'nothing is found twice')
})

t.test('listing ends at a quarter, or half if nothing is new', async t => {
  const sim = await SimulatedSearch.start(t, { SweepMinutes: 0 })
  sim.store.pageSize = 1
  const cycle = async (): Promise<CycleResult & { spent: number }> => {
    sim.wait(1)
    const began = sim.clock.elapsed()
    const result = await sim.cycle({ seconds: 20, listMs: 100 })
    return { ...result, spent: sim.clock.elapsed() - began }
  }
  for (let name = 100; name < 200; name++) sim.put(`${TODAY}${name}.gz`)
  await sim.cycle({ take: 0 })
  const busy = await cycle()
  t.ok(busy.spent >= 5000 && busy.spent < 5200, `${busy.spent} ms`)
  t.ok(busy.taken.length > 30)
  while ((await cycle()).taken.length > 0);
  for (let name = 100; name < 400; name++) sim.put(`${TODAY}${name}.txt`)
  const idle = await cycle()
  t.ok(idle.spent >= 10_000 && idle.spent < 10_200, `${idle.spent} ms`)
})

t.test('each folder has its turn when LISTs are slow', async t => {
  const sim = await SimulatedSearch.start(t)
  const leaves = ['a', 'b', 'c', 'd'].map(region => trail(region))
  for (const leaf of leaves) sim.put(`${leaf}2026/03/10/a.gz`)
  await sim.cycle()
  const found = new Set<string>()
  for (let cycle = 0; cycle < 8; cycle++) {
    sim.wait(1)
    for (const leaf of leaves) sim.put(`${leaf}2026/03/10/b${cycle}.gz`)
    const { taken } = await sim.cycle({ seconds: 5, listMs: 1300 })
    for (const key of taken) found.add(key.slice(0, 36))
  }
  t.equal(found.size, 4)
})

t.test('a page that comes late is not listed in vain', async t => {
  const sim = await SimulatedSearch.start(t)
  sim.put(`${TODAY}a.gz`, `${YESTERDAY}a.gz`)
  await sim.cycle({ take: 0 })
  const late = await sim.cycle({ seconds: 5, listMs: 1500 })
  t.equal(late.taken.length, 2, 'after a quarter, before half')
})

t.test('LISTs that fail everywhere are not tried everywhere', async t => {
  const sim = await SimulatedSearch.start(t)
  for (let region = 10; region < 40; region++)
    sim.put(`${trail(`r-${region}`)}2026/03/10/a.gz`)
  await sim.cycle()
  sim.wait(2)
  const failWith = (details: object, where: RegExp) =>
    sim.cycle({
      fails: (_, { prefix }) => {
        if (!where.test(prefix)) return false
        const common = { code: 'x', kind: 'access', ...details } as const
        throw new SourceError('on demand', common)
      },
    })
  const wrongKey = await failWith({ affectsAll: true }, /./)
  t.ok(wrongKey.lists.length <= 2)
  const down = await failWith({ kind: 'network' }, /^/)
  t.ok(down.lists.length <= 9, `${down.lists.length} LISTs`)
  for (const [details, where] of [
    [{ kind: 'access' }, /r-(?!25)/],
    [{ kind: 'network' }, /r-1/],
    [{ kind: 'network' }, /r-1/],
  ] as const) {
    const some = await failWith(details, where)
    t.equal(some.lists.length, 30, 'the others go on')
    t.equal(some.search.reached, true)
    sim.wait(1)
  }
})
