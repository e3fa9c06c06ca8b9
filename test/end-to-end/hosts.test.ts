// The contract with the hosts, rule by rule, from the eighth on (the others are
// in hosts-output.test.ts), under doubles of Fluent Bit's and Vector's exec
// inputs, through real pipes. A name begins with the number of its rule. What
// a host does to the data beyond the pipe happens here too: a run that is
// killed loses its queue.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { cloudTrailObject, trailKey } from '../lib/hosts/collector.ts'
import type { Tick } from '../lib/hosts/fluent-bit-double.ts'
import {
  eventsOf,
  hostWorld,
  recordsOf,
  SECRET,
  TODAY,
} from '../lib/hosts/host-world.ts'
import { SOON_MS } from '../lib/hosts/interrupted-run.ts'
import { QUEUE } from '../lib/hosts/vector-double.ts'
import { until } from '../lib/until.ts'

const MIB = 1024 * 1024

// Most of the time of each is waiting.
t.jobs = 2

t.test('8: a killed host ends the run, and nothing is committed', async t => {
  const { fill, startTick, tick, wrong } = await hostWorld(t)
  fill(20, 100)
  const run = startTick({
    pace: bytes => {
      if (bytes > 100_000) run.die()
    },
  })
  const gone = await run.done
  t.equal(gone.code, 6)
  t.ok(gone.ms < SOON_MS, 'at once')
  const events = eventsOf(gone).filter(({ level }) => level === 'error')
  t.equal(events.length, 1, 'one line, however many writes failed')
  t.strictSame(wrong([await tick()]), [], 'all comes again, once')
})

t.test('9: all is durable when stdout ends', async t => {
  const { folder, fill, source, wrong } = await hostWorld(t, { LogFile: 'log' })
  fill(5, 100)
  const streaming = source({ mode: { respawnMs: 10 } })
  await streaming.ended(2)
  await streaming.stop()
  t.strictSame(wrong(streaming.runs), [], 'no run repeats what was taken')
  t.equal(streaming.runs[0]?.stdout.split('\n').length, 501)

  t.test('17: what Vector throws away is in LogFile', async t => {
    const log = { stdout: readFileSync(join(folder, 'log'), 'utf8') }
    const ends = recordsOf(log).filter(({ event }) => event === 'summary')
    t.ok(ends.length >= 2)
    t.match(ends[0], { records: 500 })
    t.notMatch(log.stdout, SECRET)
  })
})

t.test('10, 15: a threaded stop loses what it did not commit', async t => {
  const { fill, startTick, tick, missing } = await hostWorld(t)
  fill(400, 25)
  let isStopped = false
  const run = startTick({
    pace: bytes => {
      if (bytes < 3_000_000 || isStopped) return
      isStopped = true
      run.stopThreaded()
    },
  })
  const stopped = await run.done
  t.equal(stopped.code, 0)
  t.ok(stopped.stdout.split('\n').length < 10_000, 'it was in mid-cycle')
  t.strictSame(missing([stopped, await tick()]), [])
})

t.test('11, 12: SIGKILL at the interval loses the queue alone', async t => {
  const { ini, fill, source, missing } = await hostWorld(t)
  fill(20, 400)
  const isCommitted = (): boolean =>
    existsSync(`${ini}.cursor`) &&
    readFileSync(`${ini}.cursor`, 'latin1').includes('"k":"done"')
  let count = 0
  const scheduled = source({
    mode: { intervalMs: 60_000 },
    sink: async () => {
      if (++count % 100 > 0) return
      // The program saves its commits twice a second, so the sink takes real
      // time: at least 1.6 s for the whole cycle.
      if (!isCommitted()) return void (await sleep(20))
      await until(() => scheduled.queued() === QUEUE)
      scheduled.endInterval()
    },
  })
  await scheduled.ended(1)
  await scheduled.stop()
  t.equal(scheduled.runs[0]?.killed, 'interval')
  const streaming = source({ mode: { respawnMs: 10 } })
  await streaming.ended(2)
  await streaming.stop()
  t.equal(streaming.runs[1]?.stdout, '', 'and then there was no more')
  t.strictSame(missing([...scheduled.runs, ...streaming.runs]), [])
})

t.test('13, 16: a second cycle leaves at once', async t => {
  const { s3, fill, startTick, tick, wrong } = await hostWorld(t)
  fill(20, 300)
  let other: Promise<Tick> | undefined
  const run = startTick({
    pace: async bytes => {
      if (bytes > 300_000) await (other ??= tick())
    },
  })
  const first = await run.done
  const second = await other
  t.equal(second?.code, 0)
  t.equal(second?.stdout, '')
  t.equal(second && eventsOf(second).at(-1)?.['event'], 'locked')
  t.strictSame(wrong([first]), [])

  s3.put(trailKey(TODAY, 'later'), cloudTrailObject(300, 300))
  let isKilled = false
  const killed = startTick({
    pace: () => {
      if (!isKilled) process.kill(killed.pid, 'SIGKILL')
      isKilled = true
    },
  })
  await killed.done
  const next = recordsOf(await tick())
  t.equal(next.length, 300, 'the lock of a holder that is gone holds nobody')
})

t.test('14: a cycle ends before the interval, backlog or not', async t => {
  const { fill, source, wrong } = await hostWorld(t, { MaxCycleSeconds: 5 })
  fill(30, 400)
  const scheduled = source({
    // The program's own limit ends the cycle, and so takes real time.
    mode: { intervalMs: 20_000 },
    sink: line => (line.includes('"s3_record":1,') ? sleep(400) : undefined),
  })
  await scheduled.ended(1)
  await scheduled.stop()
  const [run] = scheduled.runs
  t.equal(run?.killed, undefined)
  t.equal(run?.code, 0)
  t.ok(run && run.stdout.split('\n').length < 12_000, 'it left some')
  t.strictSame(
    wrong(scheduled.runs).filter(text => !/^(missing|and \d+ more)/.test(text)),
    [],
  )
})

t.test('14: a cycle stays within MaxCycleMegabytes', async t => {
  const { fill, tick, wrong } = await hostWorld(t, { MaxCycleMegabytes: 1 })
  fill(4, 500)
  const runs = [await tick(), await tick(), await tick()]
  for (const { stdout } of runs) t.ok(Buffer.byteLength(stdout) <= MIB)
  t.strictSame(wrong(runs), [])
})

t.test('15: Vector stops us, and reads to the end', async t => {
  const { fill, source, missing } = await hostWorld(t)
  fill(20, 500)
  let count = 0
  let stopping: Promise<void> | undefined
  const streaming = source({
    mode: { respawnMs: 60_000 },
    sink: () => {
      if (++count < 4000) return
      stopping ??= streaming.stop()
    },
  })
  await streaming.ended(1)
  await stopping
  const [run] = streaming.runs
  t.equal(run?.code, 0)
  t.strictSame(run?.lost, [], 'the last line is whole')
  t.ok(run && run.stdout.split('\n').length < 10_000, 'it was in mid-cycle')
  const again = source({ mode: { respawnMs: 60_000 } })
  await again.ended(1)
  await again.stop()
  t.strictSame(missing([...streaming.runs, ...again.runs]), [])
})

t.test('16, 17: a failure has a line on stderr and an exit code', async t => {
  const { s3, tick } = await hostWorld(t)
  s3.put(trailKey(TODAY, 'good'), cloudTrailObject(3))
  s3.put(trailKey(TODAY, 'bad'), gzipSync('no log {'))
  const partly = await tick()
  t.equal(partly.code, 1)
  t.equal(recordsOf(partly).length, 3)
  t.ok(eventsOf(partly).some(({ key }) => key === trailKey(TODAY, 'bad')))
  await s3.close()
  const down = await tick()
  t.equal(down.code, 4)
  t.equal(down.stdout, '')
  t.ok(eventsOf(down).some(({ level }) => level === 'error'))
  for (const { stderr } of [partly, down]) t.notMatch(stderr, SECRET)
})

t.test('18, 19: it runs at once, in sh -c and as plain argv', async t => {
  const { s3, folder, fill, tick, source } = await hostWorld(t)
  fill(1, 10)
  const first = await tick()
  t.equal(recordsOf(first).length, 10, 'without HOME, PATH and a folder')
  s3.put(trailKey(TODAY, 'later'), cloudTrailObject(10))
  const elsewhere = join(folder, 'else where')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, '.env'), 'AWS_REGION=nowhere')
  const plain = source({ mode: { respawnMs: 60_000 }, cwd: elsewhere })
  await plain.ended(1)
  await plain.stop()
  t.equal(recordsOf(plain.runs[0] ?? { stdout: '' }).length, 10)
  t.notOk(existsSync(join(elsewhere, 'dist')))
})
