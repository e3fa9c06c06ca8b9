// Waiting for another cycle's lock, on a clock that is moved by the test.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import {
  loadAndWarn,
  withCursor,
  withLock,
} from '../../src/commands/with-cursor.ts'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import { StoppedError } from '../../src/output/stdout.ts'
import { Report } from '../../src/report/report.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const least = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'
const { settings } = parseSettings(Buffer.from(least), resolve('aws.ini'))

async function start(t: Test) {
  const path = join(t.testdir(), 'cursor')
  const clock = new FakeClock()
  const stop = new AbortController()
  const report = new Report({
    write: () => {},
    now: () => 0,
    isTerminal: false,
    quiet: true,
  })
  const holder = await acquireLock(path, { clock })
  const context = { clock, report, stop: stop.signal }
  const run = (patience: number) =>
    clock.run(withCursor(settings, path, context, patience, async () => 'done'))
  return { path, clock, stop, holder, run }
}

t.test('leaves at once, or when its patience is over', async t => {
  const { clock, run } = await start(t)
  t.equal(await run(0), undefined)
  t.equal(clock.elapsed(), 0)
  t.equal(await run(20_000), undefined)
  t.equal(clock.elapsed(), 20_000)
})

t.test('takes the lock when it becomes free, and gives it up', async t => {
  const { path, clock, holder, run } = await start(t)
  const { sleep } = clock
  clock.sleep = async (...wait) => {
    if (clock.elapsed() >= 3000) await holder?.release()
    await sleep.apply(clock, wait)
  }
  t.equal(await run(20_000), 'done')
  t.ok(clock.elapsed() >= 3000 && clock.elapsed() <= 4000)
  t.notOk(existsSync(`${path}.lock`))
})

t.test('a signal ends the wait', async t => {
  const { clock, stop, run } = await start(t)
  clock.sleep = async () => stop.abort()
  await t.rejects(run(20_000), StoppedError)
})

t.test('a torn tail leaves one warning, with its size', async t => {
  const { path, clock, holder } = await start(t)
  await holder?.release()
  const said: string[] = []
  const context = {
    clock,
    report: new Report({
      write: line => said.push(line),
      now: () => 0,
      isTerminal: false,
      quiet: true,
    }),
    stop: new AbortController().signal,
  }
  const visit = () =>
    withLock(settings, path, context, 0, async cursor => {
      cursor.record({ k: 'settled', key: 'a' })
      await cursor.flush()
    })
  await visit()
  await visit()
  t.strictSame(said, [])
  appendFileSync(path, '00000000 [{"k":')
  await visit()
  await visit()
  t.equal(said.length, 1)
  t.match(JSON.parse(said[0] ?? ''), {
    level: 'warning',
    event: 'cursor_torn',
    bytes: 15,
    cursor: path,
  })
})

t.test('what is wrong with settings reaches their LogFile', async t => {
  const { clock, stop } = await start(t)
  const folder = t.testdir({
    'a.ini': `${least}LogFile=log\nMaxResultCount=x\n`,
  })
  const report = new Report({
    write: () => {},
    now: () => 0,
    isTerminal: false,
    quiet: true,
  })
  const context = { clock, report, stop: stop.signal }
  const load = (ini: string) =>
    loadAndWarn({ config: join(folder, ini), state: undefined }, context)
  t.throws(() => load('a.ini'), {
    code: 'SETTINGS',
    logFile: join(folder, 'log'),
  })
  report.error('settings', 'copied')
  t.match(readFileSync(join(folder, 'log'), 'utf8'), /"copied"/)
})

t.test('what fails gives the lock up too', async t => {
  const { path, holder, clock } = await start(t)
  await holder?.release()
  const fault = new Error('fault')
  const context = {
    clock,
    report: new Report({
      write: () => {},
      now: () => 0,
      isTerminal: false,
      quiet: true,
    }),
    stop: new AbortController().signal,
  }
  const failing = () => Promise.reject(fault)
  await t.rejects(withCursor(settings, path, context, 0, failing), fault)
  t.notOk(existsSync(`${path}.lock`))
})
