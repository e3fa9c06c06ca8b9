// What lies after the last listed day while the clocks differ.

import t from 'tap'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const HIVE = 'AWSLogs/aws-account-id=7/CloudTrail/aws-region=r/'

for (const [days, ahead] of [
  [-12, true],
  [-3, false],
  [0, false],
  [3, false],
] as const)
  t.test(`S3's clock is ${days} days off`, async t => {
    const sim = await SimulatedSearch.start(t)
    sim.put(
      `${LEAF}2026/03/09/a.gz`,
      `${LEAF}2026/03/10/a.gz`,
      `${HIVE}year=2026/month=03/day=10/a.gz`,
      `${LEAF}zzz/a.gz`,
    )
    const { search } = await sim.cycle({ dateOff: days })
    const errors = search.errors.map(error => String(error))
    t.equal(errors.length, ahead ? 2 : 0, errors.join('\n'))
    for (const error of search.errors)
      t.match(error instanceof SourceError && error, {
        code: 'ClocksDiffer',
        message:
          /logs of 2026-03-(09|10), which are not collected: 2026-02-26 is the last/,
      })
    const again = await sim.cycle({ dateOff: days })
    t.strictSame(again.search.errors, [], 'only with a search for leaves')
    t.equal(sim.cursor.state.discovery.left.length, 0)
  })
