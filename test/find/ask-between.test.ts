// S3's clock and this machine's apart in a first cycle, by more or less than a
// window reaches over: what cannot be seen is an error of the search, and a
// machine whose own clock is behind is told of no error by history alone.

import t, { type Test } from 'tap'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { DAY_MS, dayOf, dayPrefix } from '../../src/find/day-folders.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const ACCOUNT = 'AWSLogs/111122223333/CloudTrail/'
const HOUR_MS = 3_600_000

/** Gives seconds in days. */
const seconds = (count: number): number => (count * 1000) / DAY_MS

/** Names an object of a time, by the ways in which buckets are filed. */
const NAMES = {
  date: (time: number, name: string) =>
    `${dayPrefix(`${ACCOUNT}us-east-1/`, 'date', dayOf(time))}${name}.gz`,
  hive: (time: number, name: string) =>
    `${dayPrefix(`${ACCOUNT}r=us/`, 'hive', dayOf(time))}05/${name}.gz`,
  flat: (time: number, name: string) => `${ACCOUNT}${name}-${time}.gz`,
  named: (time: number, name: string) =>
    `${ACCOUNT}111122223333_CloudTrail_us-east-1_${dayOf(time).replaceAll('-', '')}T0500Z_${name}.json.gz`,
}
type Filing = keyof typeof NAMES

interface Case {
  days: number
  filing: Filing
  /** By which clocks something is of today. */
  of: ('machine' | 's3')[]
  /** By whose clock it is modified. */
  modified: 'machine' | 's3'
  hasHistory: boolean
}

/** Runs a first cycle; gives what it did not take, and its errors. */
async function firstCycle(t: Test, one: Case) {
  const { days, filing, of, modified, hasHistory } = one
  const sim = await SimulatedSearch.start(t)
  const machine = sim.now
  const times = { machine, s3: machine + days * DAY_MS }
  const name = NAMES[filing]
  if (hasHistory)
    for (let ago = 9; ago < 100; ago++) {
      const time = Math.min(machine, times.s3) - ago * DAY_MS
      sim.store.put(name(time, 'history'), time)
    }
  const keys = of.map(clock => {
    const key = name(times[clock] - HOUR_MS, clock)
    sim.store.put(key, times[modified] - HOUR_MS)
    return key
  })
  const { taken, search } = await sim.cycle({ dateOff: days })
  return { missing: keys.filter(key => !taken.includes(key)), search }
}

for (const days of [60, 20, 8, 3, 0, -3, -8, -20, -60])
  t.test(`S3's clock is ${days} days ahead in the first cycle`, async t => {
    for (const filing of ['date', 'hive', 'flat', 'named'] as const)
      for (const of of [['machine'], ['s3']] as Case['of'][])
        for (const modified of ['machine', 's3'] as const)
          for (const hasHistory of [false, true]) {
            const one = { days, filing, of, modified, hasHistory }
            const { missing, search } = await firstCycle(t, one)
            const { errors } = search
            const isSaid = missing.length === 0 || errors.length > 0
            t.ok(isSaid, `of ${of.join()} in ${JSON.stringify(one)}`)
            if (Math.abs(days) <= 7) t.strictSame(missing, [])
            for (const error of errors)
              t.match(error instanceof SourceError && error, {
                code: 'ClocksDiffer',
                message: `${Math.abs(days)} days`,
              })
          }
  })

/** A bucket with logs of each day up to today by S3's clock, which is right. */
async function livelyBucket(t: Test, days: number): Promise<SimulatedSearch> {
  const sim = await SimulatedSearch.start(t)
  sim.skew = days * DAY_MS
  for (const name of [NAMES.date, NAMES.hive, NAMES.named])
    for (let ago = 0; ago < 100; ago++) {
      const time = sim.now - ago * DAY_MS
      sim.store.put(name(time, 'log'), time)
    }
  sim.store.put(`${ACCOUNT}quiet/2026/03/09/a.gz`, sim.now)
  return sim
}

for (const days of [8, 60, 300, 20_000])
  t.test(
    `a machine that is ${days} days behind is told of no error`,
    async t => {
      const sim = await livelyBucket(t, days)
      const { taken, search } = await sim.cycle()
      t.strictSame(search.errors, [])
      t.ok(taken.length >= 6)
    },
  )

t.test(
  'it is asked where the clocks differ, and with a search alone',
  async t => {
    const sim = await SimulatedSearch.start(t)
    sim.put(NAMES.date(sim.now, 'a'), `${ACCOUNT}eu/2026/03/10/b.gz`)
    const first = await sim.cycle({ dateOff: 60 })
    t.equal(first.search.errors.length, 1)
    t.match(
      String(first.search.errors[0]),
      /looking into .*\/(eu|us-east-1)\/ \(and in 1 more folders\): there are logs of 2026-03-10, which are not collected, and none of 2026-05-08 or later, where the days that are listed begin\. S3's clock is 60 days ahead of this machine's: set the clock that is wrong/,
    )
    const again = await sim.cycle({ dateOff: 60 })
    t.strictSame(again.search.errors, [])
  },
)

t.test('clocks that are seconds apart cost no LIST', async t => {
  const lists = async (dateOff: number): Promise<number> => {
    const sim = await SimulatedSearch.start(t)
    sim.put(NAMES.date(sim.now, 'a'), NAMES.flat(sim.now, 'b'))
    return (await sim.cycle({ dateOff })).lists.length
  }
  t.equal(await lists(seconds(2)), await lists(0))
  t.equal(await lists(seconds(-2)), await lists(0))
})
