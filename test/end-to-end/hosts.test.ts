// The contract with the hosts, rule by rule, under doubles of Fluent Bit's and
// Vector's exec inputs, through real pipes. A name begins with the number of
// its rule. What a host does to the data beyond the pipe happens here too: a
// line over Buf_Size is cut, a killed run loses its queue.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/collector.ts'
import { differences, stockOf, type Output } from '../lib/exactly-once.ts'
import {
  execTick,
  startExec,
  type ExecOptions,
  type Tick,
} from '../lib/fluent-bit-double.ts'
import type { Line } from '../lib/run-program.ts'
import { startSource, type SourceOptions } from '../lib/vector-double.ts'

const SECRET = 'a test secret'
const PROGRAM = join(process.cwd(), 'dist/lr-s3-input.cjs')
const KIB = 1024
const MIB = 1024 * KIB
const TODAY = daysAgo(0)

// Most of the time of each is waiting.
t.jobs = 2

// A world whose program needs nothing of its surroundings: the credentials are
// in the ini, the environment is empty, the folder is the root.
async function world(
  t: Test,
  settings: Readonly<Record<string, string | number>> = {},
) {
  const { s3, ini, folder } = await startCollector(t, {
    AccessKeyId: 'AKIDTEST',
    SecretAccessKey: SECRET,
    ...settings,
  })
  const argv = [process.execPath, PROGRAM, 'collect', '--config', ini]
  const bare = { cwd: '/', env: {} }
  const exec: ExecOptions = { bufSize: 2_000_000, ...bare }
  const command = `exec ${argv.map(word => `'${word}'`).join(' ')}`
  return {
    s3,
    folder,
    ini,
    fill: (objects: number, records: number, padding = 300): void => {
      for (let index = 0; index < objects; index++)
        s3.put(
          trailKey(TODAY, `n-${index}`),
          cloudTrailObject(records, padding),
        )
    },
    startTick: (more: Partial<ExecOptions> = {}) =>
      startExec(command, { ...exec, ...more }),
    tick: (more: Partial<ExecOptions> = {}) =>
      execTick(command, { ...exec, ...more }),
    source: (more: Pick<SourceOptions, 'mode'> & Partial<SourceOptions>) =>
      startSource({ command: argv, ...bare, ...more }),
    missing: (runs: readonly Output[]) =>
      differences(stockOf(s3), runs, { repeatBytes: Infinity }),
    /** What is wrong where nothing was killed: each record once. */
    wrong: (runs: readonly Output[]) => differences(stockOf(s3), runs),
  }
}

const recordsOf = ({ stdout }: Output): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line)
const eventsOf = ({ stderr }: Tick): Line[] => recordsOf({ stdout: stderr })

let deep: unknown = 'x'
for (let level = 0; level < 300; level++) deep = { deep }

// Texts of events that a host would lose, or would spoil, if they went out as
// they are.
const hostile = [
  '{"eventID":"nul","eventName":"a\\u0000b","errorMessage":"\\ud800 \\u0001"}',
  '{"eventID":"big","requestParameters":{"n":123456789012345678901234567890}}',
  '{"eventID":"twice","eventName":"a","eventName":"b","time":"x","pid":1}',
  '{"eventID":"float","recipientAccountId":1e400,"awsRegion":-0.0}',
  `{"eventID":"deep","requestParameters":${JSON.stringify(deep)}}`,
  `{"eventID":"long","errorMessage":"${'€"\\"'.slice(0, 1).repeat(80_000)}"}`,
  '{\r\n"eventID":"lines",\r\n\t"eventName":"a"\r\n}',
  '{"eventID":"no time","eventTime":"yesterday"}',
  '{"eventID":"1969","eventTime":"1969-12-31T23:59:59Z"}',
  '{"eventID":"2038","eventTime":"2038-01-19T00:00:00Z"}',
  '{"eventID":"zone","eventTime":"2026-01-02T05:04:05+02:00"}',
  '{"eventID":"micro","eventTime":"2026-01-02T03:04:05.123456Z"}',
]

t.test('what is on stdout', async t => {
  const { s3, tick } = await world(t, { MaxRecordBytes: 64 * KIB })
  const bytes = Buffer.concat([
    Buffer.from(`{"Records":[${hostile.join(',')},{"eventID":"`),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('"}]}'),
  ])
  s3.put(trailKey(TODAY, 'hostile'), gzipSync(bytes))
  // One byte more than the longest line, and no more.
  const run = await tick({ bufSize: 64 * KIB + 1 })
  const lines = run.stdout.split('\n').slice(0, -1)
  const records = recordsOf(run)

  t.test('1: one JSON object a line, nothing else, none lost', async t => {
    t.strictSame(run.lost, [])
    t.equal(records.length, hostile.length + 1)
    t.notMatch(run.stdout, /[\r\0\ufeff]/)
    const ids = records.map(({ serialnumber }) => serialnumber)
    t.strictSame(ids.slice(0, 3), ['nul', 'big', 'twice'])
  })
  t.test('2: as JSON.stringify writes it, large numbers as texts', async t => {
    for (const line of lines)
      t.equal(JSON.stringify(JSON.parse(line)), line, 'also: unique keys')
    for (const value of records.flatMap(record => Object.values(record)))
      t.ok(typeof value !== 'number' || Number.isSafeInteger(value))
  })
  t.test('3: a long line is cut, marked, and keeps its name', async t => {
    const long = records.find(({ serialnumber }) => serialnumber === 'long')
    t.match(long, { truncated: true, s3_record: 6, s3_object: /hostile/ })
    t.ok(Number(long?.['original_bytes']) > 160_000)
    const longest = Math.max(...lines.map(line => Buffer.byteLength(line) + 1))
    t.ok(longest <= 64 * KIB && longest > 63 * KIB)
  })
  t.test('4: flat', async t => {
    for (const value of records.flatMap(record => Object.values(record)))
      t.not(typeof value, 'object')
  })
  t.test('5: a time that the host can take, or none', async t => {
    const ids = records.map(({ serialnumber }) => serialnumber)
    const at = (name: string): number | undefined =>
      run.times[ids.indexOf(name)]
    t.strictSame(at('zone'), Date.UTC(2026, 0, 2, 3, 4, 5))
    t.strictSame(at('micro'), Date.UTC(2026, 0, 2, 3, 4, 5, 123))
    for (const name of ['no time', '1969', '2038']) t.strictSame(at(name), NaN)
    const taken = /^(time|timestamp|stream|pid|host|command|source_type|exec)$/
    for (const name of records.flatMap(record => Object.keys(record)))
      t.notMatch(name, taken)
  })
})

t.test('3: a Buf_Size that is no more than the line loses it', async t => {
  const { s3, tick } = await world(t, { MaxRecordBytes: 4096 })
  s3.put(trailKey(TODAY, 'long'), cloudTrailObject(1, 9000))
  const run = await tick({ bufSize: 4096 })
  t.ok(run.lost.length > 0, 'the double cuts as Fluent Bit does')
})

t.test('6, 20: all that was written arrives, and fast enough', async t => {
  const { fill, tick, wrong } = await world(t)
  fill(4, 500, 20_000)
  const run = await tick()
  t.strictSame(wrong([run]), [])
  t.ok(Buffer.byteLength(run.stdout) > 40_000_000)
  t.ok(run.ms < 10_000, '40 MB/s where the machine is free')
})

t.test('7: a host that stands still is waited for', async t => {
  const { s3, fill, tick, wrong } = await world(t)
  fill(250, 8, 2000)
  let fetched = 0
  const run = await tick({
    pace: async bytes => {
      if (bytes > 200_000 && fetched === 0) {
        await sleep(1000)
        fetched = s3.count('GET')
      }
    },
  })
  t.ok(fetched > 0 && fetched < 200, 'no more is fetched than may wait')
  t.strictSame(wrong([run]), [])
})

t.test('8: the host is killed: quietly gone, nothing committed', async t => {
  const { fill, startTick, tick, wrong } = await world(t)
  fill(20, 100)
  const run = startTick({
    pace: bytes => {
      if (bytes > 100_000) run.die()
    },
  })
  const gone = await run.done
  t.equal(gone.code, 6)
  t.ok(gone.ms < 5000, 'at once')
  const events = eventsOf(gone).filter(({ level }) => level === 'error')
  t.equal(events.length, 1, 'one line, however many writes failed')
  t.strictSame(wrong([await tick()]), [], 'all comes again, once')
})

t.test('9: all is durable when stdout ends', async t => {
  const { folder, fill, source, wrong } = await world(t, { LogFile: 'log' })
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
  const { fill, startTick, tick, missing } = await world(t)
  fill(400, 25)
  let stoppedAt = 0
  const run = startTick({
    pace: async bytes => {
      if (bytes < 3_000_000 || stoppedAt > 0) return
      stoppedAt = Date.now()
      run.stopThreaded()
      await sleep(300)
    },
  })
  const stopped = await run.done
  t.equal(stopped.code, 0)
  t.ok(Date.now() - stoppedAt < 2500, 'gone within 2 s')
  t.ok(stopped.stdout.split('\n').length < 10_000, 'it was in mid-cycle')
  t.strictSame(missing([stopped, await tick()]), [])
})

t.test('11, 12: SIGKILL at the interval, the queue lost', async t => {
  const { fill, source, missing } = await world(t)
  fill(20, 400)
  let count = 0
  // A sink of some 3,000 records a second: too slow for the interval.
  const scheduled = source({
    mode: { intervalMs: 2000 },
    sink: () => (++count % 30 === 0 ? sleep(10) : undefined),
  })
  await scheduled.ended(1)
  await scheduled.stop()
  t.equal(scheduled.runs[0]?.killed, 'interval')
  t.ok(count > 0, 'in mid-cycle')
  const streaming = source({ mode: { respawnMs: 10 } })
  await streaming.ended(2)
  await streaming.stop()
  t.equal(streaming.runs[1]?.stdout, '', 'and then there was no more')
  t.strictSame(missing([...scheduled.runs, ...streaming.runs]), [])
})

t.test('13, 16: a second cycle leaves at once', async t => {
  const { fill, startTick, tick, wrong } = await world(t)
  fill(20, 300)
  let other: Promise<Tick> | undefined
  const run = startTick({
    pace: async bytes => {
      if (bytes > 300_000) await (other ??= tick())
    },
  })
  const first = await run.done
  const second = await other
  t.match(second, { code: 0, stdout: '', lost: [] })
  t.equal(second && eventsOf(second).at(-1)?.['event'], 'locked')
  t.strictSame(wrong([first]), [])

  // A lock whose holder is gone.
  const killed = startTick()
  process.kill(killed.pid, 'SIGKILL')
  await killed.done
  t.match(await tick(), { code: 0, stdout: '' })
})

t.test('14: a cycle ends before the interval, backlog or not', async t => {
  const { fill, source, wrong } = await world(t, { MaxCycleSeconds: 5 })
  fill(30, 400)
  const scheduled = source({
    mode: { intervalMs: 6600 },
    sink: line => (line.includes('"s3_record":1,') ? sleep(400) : undefined),
  })
  await scheduled.ended(1)
  await scheduled.stop()
  const [run] = scheduled.runs
  t.equal(run?.killed, undefined)
  t.equal(run?.code, 0)
  t.ok(run && run.ms < 6000)
  t.ok(run && run.stdout.split('\n').length < 12_000, 'it left some')
  t.strictSame(
    wrong(scheduled.runs).filter(text => !text.startsWith('missing')),
    [],
  )
})

t.test('14: and within MaxCycleMegabytes', async t => {
  const { fill, tick, wrong } = await world(t, { MaxCycleMegabytes: 1 })
  fill(4, 500)
  const runs = [await tick(), await tick(), await tick()]
  for (const { stdout } of runs) t.ok(Buffer.byteLength(stdout) <= MIB)
  t.strictSame(wrong(runs), [])
})

t.test('15: Vector stops us, and reads to the end', async t => {
  const { fill, source, missing } = await world(t)
  fill(20, 500)
  let count = 0
  let stopping: Promise<void> | undefined
  const began = { stop: 0 }
  const streaming = source({
    mode: { respawnMs: 60_000 },
    sink: () => {
      if (++count < 4000) return
      began.stop ||= Date.now()
      stopping ??= streaming.stop()
    },
  })
  await streaming.ended(1)
  await stopping
  t.ok(Date.now() - began.stop < 2500, 'gone within 2 s')
  const [run] = streaming.runs
  t.equal(run?.code, 0)
  t.strictSame(run?.lost, [], 'the last line is whole')
  t.ok(run && run.stdout.split('\n').length < 10_000, 'it was in mid-cycle')
  const again = source({ mode: { respawnMs: 60_000 } })
  await again.ended(1)
  await again.stop()
  t.strictSame(missing([...streaming.runs, ...again.runs]), [])
})

t.test('16, 17: a failure is a line on stderr, and a code', async t => {
  const { s3, tick } = await world(t)
  s3.put(trailKey(TODAY, 'good'), cloudTrailObject(3))
  s3.put(trailKey(TODAY, 'bad'), gzipSync('no log {'))
  const partly = await tick()
  t.equal(partly.code, 1)
  t.equal(recordsOf(partly).length, 3)
  t.ok(eventsOf(partly).some(({ key }) => key === trailKey(TODAY, 'bad')))
  await s3.close()
  const down = await tick()
  t.match(down, { code: 4, stdout: '' })
  t.ok(eventsOf(down).some(({ level }) => level === 'error'))
  for (const { stderr } of [partly, down]) t.notMatch(stderr, SECRET)
})

t.test('18, 19: in sh -c and as plain argv, at once', async t => {
  const { s3, folder, fill, tick, source } = await world(t)
  fill(1, 10)
  const first = await tick()
  t.equal(recordsOf(first).length, 10, 'without HOME, PATH and a folder')
  s3.put(trailKey(TODAY, 'later'), cloudTrailObject(10))
  const elsewhere = join(folder, 'else where')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, '.env'), 'AWS_REGION=nowhere')
  const began = Date.now()
  const plain = source({ mode: { respawnMs: 60_000 }, cwd: elsewhere })
  await plain.ended(1)
  await plain.stop()
  t.equal(recordsOf(plain.runs[0] ?? { stdout: '' }).length, 10)
  t.ok(Date.now() - began < 5000)
  t.notOk(existsSync(join(elsewhere, 'dist')))
})
