// A leaf that is refused: how many of its days are asked for, and how often it
// is told of.

import t from 'tap'
import type { ListRequest } from '../../src/s3/object-store.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import {
  SimulatedSearch,
  type CycleResult,
} from '../lib/cycle/simulated-search.ts'

const trail = (region: string): string =>
  `AWSLogs/111122223333/CloudTrail/${region}/`
const DAY = 1440
const day = (region: string, date: number): string =>
  `${trail(region)}2026/03/${date}/`

type Tap = Parameters<typeof SimulatedSearch.start>[0]

/** Two leaves of which nothing was listed for three weeks. */
async function threeWeeks(
  t: Tap,
  isRefused: (request: ListRequest) => boolean,
): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t, { LateArrivalDays: 0 })
  for (const region of ['eu-west-1', 'us-east-1'])
    sim.put(`${day(region, 10)}a.gz`)
  await sim.cycle()
  sim.wait(21 * DAY)
  for (let date = 11; date < 32; date++)
    for (const region of ['eu-west-1', 'us-east-1'])
      sim.put(`${day(region, date)}a.gz`)
  const list = sim.store.list.bind(sim.store)
  sim.store.list = async request => {
    const page = await list(request)
    if (!request.delimiter && isRefused(request))
      throw new SourceError('listing: AccessDenied', {
        code: 'AccessDenied',
        kind: 'access',
      })
    return page
  }
  return sim
}

const asked = ({ lists }: CycleResult, region: string): string[] =>
  lists
    .filter(({ prefix, delimiter }) => !delimiter && prefix.includes(region))
    .map(({ prefix }) => prefix.slice(trail(region).length))

t.test('a leaf that is refused is left alone, and told of once', async t => {
  const sim = await threeWeeks(t, ({ prefix }) => prefix.includes('eu-west-1'))
  const seen = new Set<string>()
  for (let cycle = 0; cycle < 3; cycle++) {
    const result = await sim.cycle()
    const days = asked(result, 'eu-west-1')
    // Eight at a time, and eight more before the newest is answered.
    t.ok(days.length <= 16, `${days.length} days`)
    t.ok(days.includes('2026/03/31/'), 'the newest is among them')
    t.equal(result.search.errors.length, 1)
    for (const one of days) seen.add(one)
    if (cycle === 0) t.equal(result.taken.length, 21, 'of the other leaf')
    sim.wait(16)
  }
  // From then on it has the newest and, by turns, one of the others asked for.
  for (let cycle = 0; cycle < 22; cycle++) {
    const days = asked(await sim.cycle(), 'eu-west-1')
    t.ok(days.length <= 2, `${days.length} days`)
    for (const one of days) seen.add(one)
    sim.wait(16)
  }
  for (let date = 11; date < 32; date++)
    t.ok(seen.has(`2026/03/${date}/`), `the ${date}th has its turn`)
})

t.test('days that are refused do not hide the others', async t => {
  const refused = [day('eu-west-1', 11), day('eu-west-1', 14)]
  const sim = await threeWeeks(t, ({ prefix }) => refused.includes(prefix))
  const { taken, search } = await sim.cycle()
  t.equal(taken.length, 40)
  t.equal(search.errors.length, 1)
})
