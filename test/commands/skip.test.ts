// What counts as collected after a skip: all that is in the window, whatever
// cycles before it left undone. In this process, against the stand-in S3.

import { existsSync, statSync } from 'node:fs'
import { systemClock, type Clock } from '../../src/clock.ts'
import { skip } from '../../src/commands/skip.ts'
import { Spool } from '../../src/fetch/spool.ts'
import { UsageError } from '../../src/settings/settings-error.ts'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import { Report } from '../../src/report/report.ts'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { idsOf } from '../lib/cycle/in-process-cycle.ts'

import t, { type Test } from 'tap'

const TODAY = daysAgo(0)
const key = (name: string): string => trailKey(TODAY, name)
const FOLDER = key('').replace('.json.gz', '')

async function setUp(t: Test) {
  const collector = await startCollector(t, {
    SweepMinutes: 15,
    DiscoveryMinutes: 60,
  })
  const { ini, runHere } = collector
  // Also gives the credentials.
  await runHere()
  const said: unknown[] = []
  const report = new Report({
    write: line => said.push(JSON.parse(line)),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const run = async (clock: Clock = systemClock, before?: string) => {
    let printed = ''
    const stop = new AbortController().signal
    const outcome = await skip(
      { config: ini, state: undefined, before },
      { clock, report, stop },
      async text => void (printed += text),
    )
    return { outcome, printed }
  }
  return { ...collector, path: `${ini}.cursor`, run, said }
}

t.test('what came before the place where a cycle was cut off', async t => {
  const { s3, path, run, runHere } = await setUp(t)
  s3.put(key('a'), cloudTrailObject(1))
  await runHere()
  // A cycle ran out of time in the middle of its listings.
  const cursor = await openCursor(path)
  const folder = cursor.partition(FOLDER, TODAY)
  const { id, prefix: _, day: __, newest: ___, sets: ____, ...listing } = folder
  const { discovery } = cursor.state
  cursor.record(
    { k: 'listing', id, ...listing, begun: Date.now(), resume: key('m') },
    {
      k: 'discovery',
      ...discovery,
      left: [{ prefix: 'AWSLogs/', after: 'AWSLogs/2/' }],
    },
  )
  await cursor.flush()
  await cursor.close()
  s3.put(key('b'), cloudTrailObject(1))
  s3.put(key('z'), cloudTrailObject(1))
  const account = '011122223333'
  s3.put(trailKey(TODAY, 'new', { account }), cloudTrailObject(1))
  t.match(await run(), {
    outcome: 'done',
    printed: '3 objects marked as skipped\n',
  })
  t.equal((await runHere()).stdout, '')
})

t.test('objects that failed, and what is kept of bodies', async t => {
  const { s3, path, run, runHere } = await setUp(t)
  s3.put(key('bad'), 'not gzip, and no log')
  t.equal((await runHere()).outcome, 'partial')
  const { etag, size } = s3.put(key('large'), cloudTrailObject(9))
  const spool = new Spool(`${path}.spool`, () => Date.now())
  await spool.append(spool.begin(key('large'), etag, size), [Buffer.of(31)])
  t.ok(existsSync(`${path}.spool`))
  t.match(await run(), { printed: '2 objects marked as skipped\n' })
  t.notOk(existsSync(`${path}.spool`))
  t.match(await runHere(), { outcome: 'done', stdout: '' })
})

t.test('only what is older than a time, and not what failed', async t => {
  const { s3, run, runHere } = await setUp(t)
  s3.put(key('bad'), 'not gzip, and no log')
  await runHere()
  const modified = Date.parse(`${TODAY}T00:00:00Z`)
  s3.put(key('a'), cloudTrailObject(1), { modified: modified - 1000 })
  s3.put(key('b'), cloudTrailObject(1), { modified })
  const before = `${TODAY}T00:00:00Z`
  t.match(await run(systemClock, before), {
    printed: '1 object marked as skipped, 1 object left to collect\n',
  })
  const next = await runHere()
  t.match(idsOf(next.stdout), [`${key('b')}#1`])
  t.match(next.summary, { objects_failed: 1 }, 'it is tried again')
  for (const time of ['', 'yesterday', '2026-01-31', '2026-01-31T25:00Z'])
    await t.rejects(run(systemClock, time), UsageError, time)
})

/** Has the next cycle meet another host. */
async function changeHost(path: string): Promise<void> {
  const cursor = await openCursor(path)
  cursor.record({ k: 'host', ...cursor.state.host, boot: 'another' })
  await cursor.flush()
  await cursor.close()
}

/** Fills a cursor until opening it makes it compact, which it then does. */
async function makeCompact(path: string): Promise<void> {
  for (let count = 0; count < 2; count++) {
    const cursor = await openCursor(path)
    const size = statSync(path).size
    if (count === 0) {
      const folder = cursor.partition(FOLDER, TODAY)
      for (let group = 0; group < 4; group++) {
        for (let print = 0n; print < 30_000n; print++)
          cursor.commit(folder, TODAY, print, '')
        await cursor.flush()
      }
    } else if (size > 1_000_000) throw new Error('It was not made compact')
    await cursor.close()
  }
}

for (const isCompact of [false, true])
  t.test(
    `what the host holds, ${isCompact ? 'over a rewrite of the cursor' : 'whole and in part'}`,
    async t => {
      const { s3, path, run, runHere, configure } = await setUp(t)
      configure({ HostQueueRecords: 20_000, MaxCycleMegabytes: 1 })
      for (const name of ['a', 'b']) s3.put(key(name), cloudTrailObject(100))
      s3.put(key('large'), cloudTrailObject(3000, 1000))
      for (let cycle = 0; cycle < 2; cycle++) await runHere()
      const { state } = await openCursor(path, { readOnly: true })
      t.strictSame(
        [...state.taken.values()].map(({ whole }) => whole).toSorted(),
        [false, true, true],
      )
      if (isCompact) await makeCompact(path)
      const fresh = s3.put(key('c'), cloudTrailObject(1))

      const before = new Date(fresh.modified + 60_000).toISOString()
      const { printed } = await run(systemClock, daysAgo(1) + 'T00:00:00Z')
      t.equal(
        printed,
        '0 objects marked as skipped, 2 objects left to collect\n',
      )
      await changeHost(path)
      const again = await runHere()
      t.ok(again.summary['records'], 'what is left may come again')

      t.equal((await run()).outcome, 'done')
      t.strictSame(
        await openCursor(path, { readOnly: true }).then(cursor => [
          cursor.state.taken.size,
          cursor.state.partial.size,
          cursor.state.failed.size,
        ]),
        [0, 0, 0],
      )
      await changeHost(path)
      t.match(await runHere(), { outcome: 'done', stdout: '' })
      t.match(await run(systemClock, before), {
        printed: '0 objects marked as skipped\n',
      })
    },
  )

t.test('one object is one', async t => {
  const { s3, run } = await setUp(t)
  s3.put(key('a'), cloudTrailObject(1))
  t.match(await run(), { printed: '1 object marked as skipped\n' })
  t.match(await run(), { printed: '0 objects marked as skipped\n' })
})

t.test('knows no limits of a cycle, but waits for one no longer', async t => {
  const { s3, path, run, runHere, configure, said } = await setUp(t)
  configure({ MaxCycleSeconds: 5, MaxResultCount: 1 })
  for (let index = 0; index < 12; index++)
    s3.put(key(`n-${index}`), cloudTrailObject(1))
  // Each LIST takes a second of the clock that is asked.
  let seconds = 0
  const clock = { ...systemClock, elapsed: () => seconds * 1000 }
  s3.fault = () => void seconds++
  t.match(await run(clock), { printed: '12 objects marked as skipped\n' })
  t.ok(seconds > 12)
  s3.fault = undefined
  configure({ MaxResultCount: 1000 })
  t.equal((await runHere()).stdout, '')
  configure({ MaxCycleSeconds: 5, MaxResultCount: 1000 })

  const held = new FakeClock(Date.now())
  const lock = await acquireLock(path, { clock: held })
  t.match(await held.run(run(held)), {
    outcome: 'partial',
    printed: '',
  })
  t.equal(held.elapsed(), 5000)
  t.match(said.at(-1), { event: 'locked', level: 'error' })
  await lock?.release()
})
