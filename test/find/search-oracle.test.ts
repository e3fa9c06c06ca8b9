// The promise that nothing is missed, held to an oracle that knows nothing of
// tails, sweeps and cuts: whatever arrives under the window, wherever it
// sorts, is found; what was committed or failed is never found again.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addDays, dayOf, dayPrefix } from '../../src/find/day-folders.ts'
import { serviceOf } from '../../src/normalize/log-types.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const DAY = 86_400_000
const AWS = 'AWSLogs/111122223333/'
const KINDS = ['CloudTrail', 'CloudTrail-Insight', 'CloudTrail-Aggregated']
const LEAVES = [
  [`${AWS}CloudTrail/us-east-1/`, 'date'],
  [`${AWS}CloudTrail/us-gov-west-1/`, 'date'],
  [`${AWS}CloudTrail/us-east-1/`, 'flat'],
  [`${AWS}CloudTrail/us-east-1/`, 'loose'],
  [`${AWS}CloudTrail/us-east-1/`, 'month'],
  [`${AWS}CloudTrail/`, 'flat'],
  ['AWSLogs/o-abc/444455556666/CloudTrail/cn-north-1/', 'date'],
  [`${AWS}CloudTrail-Insight/us-east-1/`, 'date'],
  ['AWSLogs/o-abc/444455556666/CloudTrail-Aggregated/r/', 'flat'],
  ['AWSLogs/aws-account-id=7/CloudTrail/aws-region=r/', 'hive'],
  ['2024/AWSLogs/777788889999/CloudTrail/eu-west-1/', 'date'],
  [`my/trail ü/${AWS}CloudTrail/eu-west-1/`, 'date'],
] as const
const FOREIGN = [
  [`${AWS}CloudTrail-Digest/us-east-1/`, 'date'],
  [`${AWS}CloudTrail-NetworkActivity/us-east-1/`, 'date'],
  ['AWSLogs/111122223333/vpcflowlogs/us-east-1/', 'date'],
  ['other/', 'flat'],
] as const

const name = fc.tuple(
  fc.string({ unit: fc.constantFrom(...'aZ0+ %/"é'), maxLength: 3 }),
  fc.constantFrom('.gz', '.gz', '.gz', '.gz', '.txt', '/'),
)
const arrival = fc.record({
  place: fc.nat({ max: 3 }),
  daysAgo: fc.nat({ max: 4 }),
  name: name.map(parts => parts.join('')),
})
const step = fc.record({
  arrivals: fc.array(arrival, { maxLength: 4 }),
  /** Arrives while the cycle runs, at its so many-th LIST. */
  meanwhile: fc.array(fc.tuple(fc.nat({ max: 15 }), arrival), { maxLength: 2 }),
  minutes: fc.oneof(
    fc.nat({ max: 30 }),
    fc.nat({ max: 1440 }),
    fc.nat({ max: 9000 }),
  ),
  pageSize: fc.constantFrom(1, 2, 3, 1000),
  seconds: fc.constantFrom(5, 20, Infinity, Infinity),
  take: fc.oneof(fc.nat({ max: 5 }), fc.constant(1e9)),
  fails: fc.oneof(
    fc.constant<number[]>([]),
    fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  ),
  fates: fc.array(fc.constantFrom('commit', 'fail', 'leave'), {
    minLength: 1,
    maxLength: 6,
  }),
  killed: fc.nat({ max: 3 }).map(dice => dice === 0),
  reopened: fc.nat({ max: 3 }).map(dice => dice === 0),
})
const history = fc.record({
  start: fc.nat({ max: 3 * 24 * 60 }),
  places: fc.array(fc.constantFrom(...LEAVES, ...FOREIGN), {
    minLength: 4,
    maxLength: 4,
  }),
  skewHours: fc.constantFrom(0, 0, -30, 50),
  settings: fc.record({
    FilePath: fc.constantFrom('', 'AWSLogs/'),
    NoOfBackDaysData: fc.integer({ min: 1, max: 3 }),
    SweepMinutes: fc.constantFrom(0, 15),
    DiscoveryMinutes: fc.constantFrom(0, 60),
    LateArrivalDays: fc.constantFrom(0, 30),
  }),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})

type Layout = (typeof LEAVES)[number][1]

/** Gives the folder of a day: `loose` is without leading zeros and, on some days, with months in words; `month` ends at the month. */
function folderOf(leaf: string, layout: Layout, day: string): string {
  if (layout === 'date' || layout === 'hive')
    return dayPrefix(leaf, layout, day)
  if (layout === 'flat') return leaf
  const [year = '', month = '', date = ''] = day.split('-')
  if (layout === 'month') return `${leaf}${year}/${month}/`
  const isWord = Number(date) % 3 === 0
  return `${leaf}${year}/${isWord ? WORDS[month] : Number(month)}/${Number(date)}/`
}

const WORDS: Record<string, string> = { '12': 'Dec', '01': 'january' }

const fileIn = (layout: Layout, file: string): string =>
  layout === 'date' || layout === 'hive' ? file : file.replaceAll('/', '_')

type Arrival = typeof arrival extends fc.Arbitrary<infer A> ? A : never
type History = typeof history extends fc.Arbitrary<infer H> ? H : never

async function check(t: Tap, history: History): Promise<void> {
  const { start, skewHours, settings, steps, places } = history
  const sim = await SimulatedSearch.start(t, settings)
  sim.service = serviceOf(KINDS)
  sim.clock.setWall(Date.parse('2025-12-30T00:00:00Z') + start * 60_000)
  sim.skew = skewHours * 3_600_000
  const early = new Map<string, string>()
  const expected = new Set<string>()
  const taken = new Set<string>()
  const settled = new Set<string>()
  const stored = new Set<string>()
  const firstDay = () => addDays(dayOf(sim.now), -settings.NoOfBackDaysData)

  const arrive = ({ place, daysAgo, name: file }: Arrival): void => {
    const [leaf, layout] = places[place] ?? LEAVES[0]
    const day = dayOf(sim.now - daysAgo * DAY)
    const key = folderOf(leaf, layout, day) + fileIn(layout, file)
    if (stored.has(key)) return
    stored.add(key)
    sim.store.put(key, sim.now, key.endsWith('/') ? '' : 'x')
    const wanted = key.endsWith('.gz') && LEAVES.some(([at]) => at === leaf)
    if (!wanted || !key.startsWith(settings.FilePath)) return
    // In a folder of a date that is over nothing is looked for.
    const filed =
      layout === 'flat' || (layout === 'month' && day >= firstDay())
        ? dayOf(sim.now)
        : day
    if (sim.cursor.state.discovery.since === 0) early.set(key, filed)
    else if (filed >= firstDay()) expected.add(key)
  }

  const cycle = async (
    options: Parameters<typeof sim.cycle>[0] = {},
  ): Promise<void> => {
    const before = sim.cursor.state.discovery.since
    const result = await sim.cycle({
      ...options,
      settle: (candidate, index) => {
        const fate = options.settle?.(candidate, index) ?? 'commit'
        if (fate !== 'leave') settled.add(candidate.key)
        return fate
      },
    })
    if (before === 0 && sim.cursor.state.discovery.since !== 0)
      for (const [key, day] of early) if (day >= firstDay()) expected.add(key)
    for (const key of result.taken) {
      assert(key.endsWith('.gz'), `${key} is wanted`)
      assert(
        LEAVES.some(([leaf]) => key.startsWith(leaf)),
        `${key} lies in a leaf`,
      )
      taken.add(key)
    }
    assert.equal(new Set(result.taken).size, result.taken.length, 'no repeats')
  }

  for (const step of steps) {
    step.arrivals.forEach(arrive)
    sim.store.pageSize = step.pageSize
    const before = new Set(settled)
    const { fates, seconds, take, killed } = step
    await cycle({
      seconds,
      take,
      killed,
      listMs: 500,
      fails: index => {
        for (const [at, late] of step.meanwhile) if (at === index) arrive(late)
        return step.fails.includes(index)
      },
      settle: ({ key }, index) => {
        assert(!before.has(key), `${key} was settled before`)
        return fates[index % fates.length] ?? 'commit'
      },
    })
    if (step.reopened) await sim.reopen()
    else if (killed) {
      await sim.crash()
      for (const key of settled) if (!before.has(key)) settled.delete(key)
    }
    sim.wait(step.minutes)
  }
  for (let count = 0; count < 4; count++) {
    const before = new Set(settled)
    await cycle({
      settle: ({ key }) => {
        assert(!before.has(key), `${key} was settled before`)
        return 'commit'
      },
    })
    sim.wait(61)
  }
  assert.deepEqual(
    [...expected].filter(key => !taken.has(key)),
    [],
    'missed',
  )
  await sim.cursor.close()
}

type Tap = Parameters<typeof SimulatedSearch.start>[0]

t.test('every object that arrives in the window is found once', async t => {
  await fc.assert(
    fc.asyncProperty(history, value => check(t, value)),
    { numRuns: Number(process.env['RUNS'] ?? 50) },
  )
})
