// A leaf whose LISTs fail for ever, refused or otherwise, beside one that can
// be read: what it costs and what it leaves behind do not grow with the days.

import t from 'tap'
import type { ListRequest } from '../../src/s3/object-store.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

type Tap = Parameters<typeof SimulatedSearch.start>[0]

const DAY = 1440
const REFUSED = 'AWSLogs/111122223333/CloudTrail/eu-west-1/'
const READ = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

type Kind = SourceError['kind']

/** Two leaves; of one every LIST that `isRefused` says fails. */
async function start(
  t: Tap,
  kind: Kind,
  settings: Parameters<typeof SimulatedSearch.start>[1] = {},
) {
  const sim = await SimulatedSearch.start(t, settings)
  const world = {
    isRefused: (request: ListRequest) => request.prefix.startsWith(REFUSED),
  }
  const { store } = sim
  const list = store.list.bind(store)
  const fill = (): void => {
    const day = new Date(sim.now).toISOString().slice(0, 10)
    for (const leaf of [REFUSED, READ])
      sim.put(`${leaf}${day.replaceAll('-', '/')}/a.gz`)
  }
  fill()
  await sim.cycle()
  store.list = async request => {
    const page = await list(request)
    if (world.isRefused(request))
      throw new SourceError(`listing ${request.prefix}`, { code: 'x', kind })
    return page
  }
  const days = async (count: number) => {
    for (let day = 1; day < count; day++) {
      sim.wait(DAY)
      fill()
      await sim.cycle()
    }
    sim.wait(DAY)
    fill()
    return sim.cycle()
  }
  return { sim, world, days, fill }
}

const setsOf = ({ state }: Cursor): number =>
  [...state.partitions.values()].reduce((sum, { sets }) => sum + sets.size, 0)

// What the network fails is tried five times, unless fewer are asked for.
const triesOf = (lists: readonly ListRequest[], kind: Kind): number =>
  lists
    .map(({ prefix, tries = 5 }) =>
      prefix.startsWith(REFUSED) && kind === 'network' ? tries : 1,
    )
    .reduce((sum, tries) => sum + tries, 0)

for (const kind of ['access', 'network'] as const) {
  t.test(
    `a leaf that fails for 200 days (${kind}) costs what it did after two`,
    async t => {
      const { sim, days } = await start(t, kind, { DiscoveryMinutes: 0 })
      const early = await days(60)
      const known = setsOf(sim.cursor)
      const late = await days(140)
      const [before, after] = [
        triesOf(early.lists, kind),
        triesOf(late.lists, kind),
      ]
      t.ok(before < 20, `${before} LISTs`)
      t.ok(after <= before + 1, `${after} LISTs, and ${before} before`)
      t.equal(late.search.errors.length, 1, 'told of once')
      t.equal(late.taken.length, 1)
      t.equal(setsOf(sim.cursor), known, 'sets in the cursor')
      const older = await sim.cursor.older()
      t.ok(setsOf(older) < 45, `${setsOf(older)} sets of older days`)
    },
  )

  t.test(
    `all that came meanwhile is found once it can be read (${kind})`,
    async t => {
      const { sim, world, days } = await start(t, kind)
      await days(60)
      world.isRefused = () => false
      sim.wait(16)
      const { taken, search } = await sim.cycle()
      t.equal(taken.length, 60)
      t.strictSame(search.errors, [])
      sim.wait(DAY)
      t.strictSame((await sim.cycle()).taken, [], 'and nothing twice')
    },
  )

  t.test(
    `days that fail beside others do not make the leaf count as refused (${kind})`,
    async t => {
      const { sim, world, days } = await start(t, kind)
      await days(20)
      const refused = [`${REFUSED}2026/03/12/`, `${REFUSED}2026/03/30/`]
      world.isRefused = ({ prefix }) => refused.includes(prefix)
      const taken = new Set<string>()
      // The newest is one of them: the others are asked for by turns.
      for (let cycle = 0; cycle < 25; cycle++) {
        sim.wait(16)
        for (const key of (await sim.cycle()).taken) taken.add(key)
      }
      t.equal(taken.size, 18)
    },
  )
}
