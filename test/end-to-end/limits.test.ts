// What bounds a cycle, and that every cycle makes the most of its bounds: a
// backlog is collected over many, each record once.

import { uptime } from 'node:os'
import t from 'tap'
import {
  cloudTrailObject,
  startCollector,
  trailKey,
  USER_ENV,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

const MIB = 1024 * 1024
const HOUR = 3_600_000

t.test('a backlog over two days with a stop of 50 hours in it', async t => {
  let now = Date.parse('2026-03-10T20:00:00Z')
  const { s3, run } = await startCollector(
    t,
    { MaxCycleMegabytes: 1, SweepMinutes: 15, DiscoveryMinutes: 60 },
    () => now,
  )
  for (let index = 0; index < 44; index++) {
    const day = index % 2 ? '2026-03-09' : '2026-03-10'
    s3.put(trailKey(day, `n-${index}`), cloudTrailObject(230, 500))
  }
  const runs: Run[] = []
  let cycles = 0
  do {
    runs.push(await run())
    now += 60_000
    if (++cycles === 5) now += 50 * HOUR
  } while ((runs.at(-1)?.records.length ?? 0) > 0 && cycles < 40)
  t.strictSame(differences(stockOf(s3), runs), [])
  const sizes = runs.map(run => Buffer.byteLength(run.stdout))
  t.ok(sizes.length > 10, 'ten times the limit')
  for (const size of sizes) t.ok(size <= MIB, 'within the limit')
  for (const size of sizes.slice(0, -2))
    t.ok(size > MIB - 2000, 'up to the limit')
  t.ok(runs.every(run => run.code === 0))
})

t.test('the oldest objects come first', async t => {
  const { s3, run } = await startCollector(t, { MaxCycleMegabytes: 1 })
  const now = Date.now()
  const day = new Date(now).toISOString().slice(0, 10)
  for (let index = 0; index < 20; index++)
    s3.put(
      trailKey(day, `n-${String(99 - index)}`),
      cloudTrailObject(200, 400),
      {
        modified: now - (20 - index) * 60_000,
      },
    )
  const { records } = await run()
  const first = new Set(records.map(({ s3_object }) => String(s3_object)))
  t.ok([...first].some(key => key.includes('n-99')))
  t.notOk([...first].some(key => key.includes('n-80')))
})

t.test('a line is made to fit MaxRecordBytes', async t => {
  const { s3, run } = await startCollector(t, { MaxRecordBytes: 4096 })
  const day = new Date().toISOString().slice(0, 10)
  s3.put(trailKey(day, 'a'), cloudTrailObject(1, 100_000))
  const { stdout, records } = await run()
  t.ok(Buffer.byteLength(stdout) <= 4096)
  t.match(records[0], { truncated: true, vmid: 'GetObject', s3_record: 1 })
  t.ok(Number(records[0]?.['original_bytes']) > 100_000)
})

t.test('nothing is done while the machine has just started', async t => {
  const { s3, run } = await startCollector(t, { StartupDelayInSeconds: 300 })
  s3.put(
    trailKey(new Date().toISOString().slice(0, 10), 'a'),
    cloudTrailObject(1),
  )
  const { code, stdout, events } = await run()
  t.equal(code, 0)
  if (uptime() < 290) {
    t.equal(stdout, '')
    t.match(events, [{ event: 'startup_delay' }])
    t.equal(s3.requests.length, 0)
  } else t.not(stdout, '')
})

t.test('a second cycle on the same cursor leaves at once', async t => {
  const { s3, run } = await startCollector(t)
  s3.put(
    trailKey(new Date().toISOString().slice(0, 10), 'a'),
    cloudTrailObject(1),
  )
  // The cycle that has the lock is held until the other one has left.
  const runs = [run(), run()]
  const oneLeft = Promise.race(runs)
  s3.fault = async () => void (await oneLeft)
  const both = await Promise.all(runs)
  t.strictSame(
    both.map(({ code }) => code),
    [0, 0],
  )
  t.equal(both.flatMap(({ records }) => records).length, 1)
  t.ok(
    both.some(({ events }) => events.some(({ event }) => event === 'locked')),
  )
})

t.test('a host that closes stdout gets it all again: exit 6', async t => {
  const { s3, ini, run } = await startCollector(t)
  const day = new Date().toISOString().slice(0, 10)
  for (let index = 0; index < 30; index++)
    s3.put(trailKey(day, `n-${index}`), cloudTrailObject(100, 500))
  const gone = await runProgram(['collect', '--config', ini], {
    env: USER_ENV,
    reader: 'head -n 20',
  })
  t.equal(gone.code, 6)
  t.match(gone.events.at(-2), { event: 'host_gone' })
  t.match(gone.events.at(-1), { event: 'summary' })
  const { records } = await run()
  t.equal(records.length, 3000, 'nothing was committed')
})
