// A replay in this process: no limit of a cycle ends it, a host that stands
// still holds it, and what is refused is told apart from an outage.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { makeScope } from '../../../src/find/scope.ts'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { Spool } from '../../../src/fetch/spool.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import { Report } from '../../../src/report/report.ts'
import { noCounts } from '../../../src/cycle/summary.ts'
import { replayDay } from '../../../src/commands/replay/replay-day.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { idsOf } from '../../lib/cycle/in-process-cycle.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'
import { denied, reset } from '../../lib/s3/refusals.ts'

const INI = `Region=us-east-1
BucketName=logs
LogType=CloudTrail
MaxCycleSeconds=5
MaxCycleMegabytes=1
`
const { settings } = parseSettings(Buffer.from(INI), resolve('aws.ini'))
const FOLDER = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/08/'

function setUp(t: Test) {
  const store = new MemoryStore()
  const clock = new FakeClock('2026-03-10T12:00:00Z')
  const counts = noCounts()
  const stop = new AbortController()
  const spool = join(t.testdir(), 'spool')
  const logType = findLogType('CloudTrail')
  const said: { [name: string]: unknown }[] = []
  const batches: Buffer[] = []
  const report = new Report({
    write: line => said.push(JSON.parse(line)),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const put = (name: string, records = 1, folder = FOLDER): void => {
    const Records = Array.from({ length: records }, (_, index) => ({
      eventID: `${name}-${index}`,
      requestParameters: 'x'.repeat(1000),
    }))
    store.put(`${folder}${name}.json`, clock.now(), JSON.stringify({ Records }))
  }
  const run = (host: () => Promise<void> = async () => {}) =>
    replayDay('2026-03-08', {
      settings,
      logType,
      store,
      clock,
      counts,
      report,
      stop: stop.signal,
      spool: new Spool(spool, () => Date.now()),
      s3Clock: new S3Clock(clock, 0),
      scope: makeScope(settings, logType.service),
      matchesPatterns: () => true,
      sink: async bytes => {
        batches.push(Buffer.from(bytes))
        await host()
      },
    })
  const ids = () => idsOf(Buffer.concat(batches).toString())
  return { store, clock, counts, stop, spool, said, put, run, ids }
}

t.test('goes on beyond the time and the megabytes of a cycle', async t => {
  const { clock, counts, spool, put, run, ids, said } = setUp(t)
  for (let name = 0; name < 30; name++) put(`n-${name}`, 100)
  const end = await run(async () => clock.advance(60_000))
  t.match(end, { outage: undefined, search: { errors: [] } })
  t.equal(new Set(ids()).size, 3000)
  t.match(counts, { objects_done: 30, objects_left: 0, records: 3000 })
  t.ok(counts.bytes_out > 3_000_000)
  t.strictSame(said, [])
  t.notOk(existsSync(spool))
})

t.test('a host that stands still has nothing more fetched', async t => {
  const { store, clock, stop, put, run } = setUp(t)
  for (let name = 0; name < 400; name++) put(`n-${name}`, 20)
  let asked: (() => void) | undefined
  const stalled = new Promise<void>(resolve => {
    asked = resolve
  })
  const replay = run(() => {
    asked?.()
    return new Promise(() => {})
  })
  await stalled
  for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate)
  const { length } = store.gets
  t.ok(length < 150, `${length} objects were fetched`)
  stop.abort()
  await t.rejects(clock.run(replay), { code: 'STOPPED' })
})

t.test('what is refused among others is named, and is no outage', async t => {
  const { store, counts, put, run, said } = setUp(t)
  for (let name = 0; name < 40; name++) put(`n-${name}`)
  store.onGet = ({ key }) => {
    if (key.endsWith('7.json')) throw denied
  }
  t.equal((await run()).outage, undefined)
  t.match(counts, { objects_done: 36, objects_failed: 4, objects_left: 0 })
  t.equal(said.length, 4)
  t.match(said[0], { event: 'object_failed', code: 'AccessDenied' })
})

t.test(
  'nothing but refusals is an outage, and is not asked to the end',
  async t => {
    for (const [fault, kind, most] of [
      [denied, 'access', 30],
      [reset, 'network', 1100],
    ] as const) {
      const { store, counts, put, run, said } = setUp(t)
      for (let name = 0; name < 1500; name++) put(`n-${name}`)
      store.onGet = () => {
        throw fault
      }
      t.match((await run()).outage, { kind })
      t.ok(store.gets.length >= 10 && store.gets.length <= most)
      t.match(counts, { objects_done: 0, objects_failed: 0 })
      t.ok(counts.objects_left > 0)
      t.strictSame(said, [])
    }
  },
)

t.test('credentials that run out end it, and the rest is left', async t => {
  const { store, counts, put, run, said } = setUp(t)
  for (let name = 0; name < 300; name++) put(`n-${name}`, 1)
  const expired = new SourceError('ExpiredToken', {
    code: 'ExpiredToken',
    kind: 'access',
    affectsAll: true,
  })
  store.onGet = () => {
    if (store.gets.length > 50) throw expired
  }
  t.equal((await run()).outage, undefined)
  const { objects_done, objects_failed, objects_left } = counts
  t.ok(objects_done > 0 && objects_failed > 0 && objects_left > 0)
  t.equal(objects_done + objects_failed + objects_left, 300)
  t.ok(store.gets.length < 200)
  t.equal(said.length, objects_failed)
})
