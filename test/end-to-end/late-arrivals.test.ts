// What lands in an old day, on the built program: emitted within a day, once;
// the history from before the first cycle never is.

import { existsSync, mkdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs'
import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import type { Run } from '../lib/hosts/run-program.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A bucket at noon with a history, and what began there and then. */
async function bucketWithHistory(t: Test, command: 'collect' | 'skip') {
  const time = { now: Date.parse('2026-03-10T12:00:00Z') }
  const collector = await startCollector(
    t,
    { SweepMinutes: 15, DiscoveryMinutes: 60 },
    () => time.now,
  )
  const { s3, run, ini } = collector
  /** Puts an object into the folder of some days ago. */
  const put = (name: string, days: number, modified = time.now): string => {
    const key = trailKey(daysAgo(days, time.now), name)
    s3.put(key, cloudTrailObject(1), { modified })
    return `s3://logs/${key}#1`
  }
  for (const days of [2, 10, 20]) put('history', days, time.now - days * DAY)
  const first = put('first', 0)
  const begun = await run([command])
  t.strictSame(emitted([begun]), command === 'skip' ? [] : [first])
  return { s3, run, time, put, late: `${ini}.cursor.late` }
}

t.test('what lands in an old day comes within a day, once', async t => {
  const { s3, run, time, put, late } = await bucketWithHistory(t, 'collect')
  time.now += 60_000
  const wanted = [put('late', 10), put('late', 20), put('late', 2)]
  const runs: Run[] = []
  time.now += 12 * HOUR
  runs.push(await run())
  t.strictSame(emitted(runs), wanted.toSorted())
  t.equal(runs[0]?.summary['objects_late'], 3)
  for (let day = 0; day < 3; day++) {
    time.now += DAY
    runs.push(await run())
  }
  t.strictSame(emitted(runs), wanted.toSorted(), 'no more on other days')
  t.strictSame(
    runs.filter(({ code }) => code !== 0),
    [],
  )
  t.equal(statSync(late).mode & 0o777, 0o600)

  wanted.push(put('replica', 4, time.now - 4 * DAY))
  time.now += DAY
  runs.push(await run())
  t.strictSame(emitted(runs), wanted.toSorted(), 'in a day once listed')

  s3.resetRequests()
  time.now += 60_000
  runs.push(await run())
  t.equal(s3.count('LIST'), 2, 'today and yesterday, no look back')
  t.equal(runs.at(-1)?.summary['newest_event'], '2026-01-02T03:04:05.000Z')

  unlinkSync(late)
  const refused = await run()
  t.equal(refused.code, 5)
  t.match(refused.stderr, `${late}: the cursor names it and it is not there`)
})

t.test('no place for the older days: nothing is lost or repeated', async t => {
  const { run, time, put, late } = await bucketWithHistory(t, 'skip')
  mkdirSync(late)
  const runs: Run[] = []
  const wanted: string[] = []
  for (let day = 0; day < 3; day++) {
    time.now += DAY
    wanted.push(put('a', 0), put('late', 12))
    runs.push(await run())
  }
  t.strictSame(emitted(runs), wanted.toSorted())
  t.equal(runs.at(-1)?.code, 5)
  t.match(runs.at(-1)?.stderr, `reading the cursor ${late}: it is a folder`)
  rmdirSync(late)
  time.now += 60_000
  const after = await run()
  t.equal(after.code, 0)
  t.strictSame(after.records, [])
  t.ok(existsSync(late))
})
