// What the program says on stderr: one JSON object a line whatever happens,
// the summary last, and never a secret.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

const SUMMARY =
  'time level event message objects_found objects_done objects_failed objects_quarantined objects_left objects_late objects_filtered records bytes_in bytes_out lists gets retries newest_event lag_seconds duration_ms'
const SECRET = 'a test secret'
const broken = gzipSync('{"Records":[{"eventID":"1"},}')

// runProgram has parsed every line already: a line that is no JSON throws.
function wellSaid(t: Test, run: Run, isCycle: boolean): void {
  for (const { time, level, event, message } of run.events) {
    t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    t.ok(['info', 'warning', 'error'].includes(String(level)))
    t.match(event, /^[a-z_]+$/)
    t.match(message, /\S/)
  }
  t.match(run.stderr, /[^\n]\n$/)
  const summaries = run.events.filter(({ event }) => event === 'summary')
  t.equal(summaries.length, isCycle ? 1 : 0)
  if (isCycle) t.equal(run.events.at(-1), summaries[0], 'the last line')
}

t.test('sums a cycle up, in the names of the contract', async t => {
  const { s3, run } = await startCollector(t)
  const bodies = [cloudTrailObject(3), cloudTrailObject(4)]
  bodies.forEach((body, index) =>
    s3.put(trailKey(daysAgo(0), `a-${index}`), body),
  )
  s3.put(trailKey(daysAgo(0), 'left-out').replace('.gz', ''), 'x')
  const first = await run()
  wellSaid(t, first, true)
  t.equal(first.events.length, 1)
  t.equal(Object.keys(first.summary).join(' '), SUMMARY)
  t.match(first.summary, {
    level: 'info',
    objects_found: 2,
    objects_done: 2,
    objects_failed: 0,
    objects_quarantined: 0,
    objects_left: 0,
    objects_late: 0,
    objects_filtered: 1,
    records: 7,
    retries: 0,
    bytes_in: bodies.reduce((sum, { length }) => sum + length, 0),
    bytes_out: Buffer.byteLength(first.stdout),
    lists: s3.count('LIST'),
    gets: 2,
    // As cloudTrailObject makes them.
    newest_event: '2026-01-02T03:04:05.000Z',
  })
  const { lag_seconds: lag, duration_ms: duration } = first.summary
  const age = (Date.now() - Date.parse('2026-01-02T03:04:05Z')) / 1000
  t.ok(Math.abs(Number(lag) - age) < 60)
  t.ok(Number(duration) > 0 && Number(duration) < 20_000)

  const idle = await run()
  wellSaid(t, idle, true)
  t.match(idle.summary, {
    records: 0,
    newest_event: first.summary['newest_event'],
  })
})

t.test('settings that are wrong', async t => {
  const { configure, run } = await startCollector(t)
  configure({ MaxResultCount: 5000, Regoin: 'x', SecretAccessKey: SECRET })
  const refused = await run()
  wellSaid(t, refused, false)
  t.match(
    refused.events.map(({ level, setting }) => [level, setting]).toSorted(),
    [
      ['error', 'AccessKeyId'],
      ['error', 'MaxResultCount'],
      ['warning', 'Regoin'],
    ],
  )
  t.notMatch(refused.stderr, SECRET)
  for (const args of [['--frobnicate'], ['collect', '--config', 'no/such']]) {
    const run = await runProgram(args)
    wellSaid(t, run, false)
    t.equal(run.events.length, 1)
  }
})

t.test('objects that fail', async t => {
  const { s3, run } = await startCollector(t)
  const odd = `odd\n\u0001"\u009b${'x'.repeat(100)}`
  putToday(s3, 'good', 1)
  s3.put(trailKey(daysAgo(0), odd), broken)
  putToday(s3, 'denied', 1)
  s3.put(trailKey(daysAgo(0), 'malformed'), gzipSync('{"Records":[{odd}]}'))
  s3.fault = ({ key }) =>
    key?.includes('denied') ? { status: 403, code: 'AccessDenied' } : undefined
  const failed = await run()
  wellSaid(t, failed, true)
  t.equal(failed.code, 1)
  const find = (name: string) =>
    failed.events.find(({ key }) => String(key).includes(name))
  t.match(find('odd'), {
    level: 'error',
    event: 'object_failed',
    code: 'nesting',
    key: trailKey(daysAgo(0), odd),
    attempts: 1,
    records: 1,
    quarantined: false,
  })
  t.match(find('denied'), { event: 'object_failed', code: 'AccessDenied' })
  t.match(find('malformed'), { level: 'warning', records: 1 })
  t.match(failed.summary, { objects_done: 2, objects_failed: 2, records: 3 })
})

t.test('requests, one line each, without what is secret', async t => {
  const { s3, run, configure } = await startCollector(t)
  configure({
    LogApiRequests: 'true',
    AccessKeyId: 'AKIDTEST',
    SecretAccessKey: SECRET,
  })
  const key = trailKey(daysAgo(0), 'a b')
  s3.put(key, cloudTrailObject(1))
  let faults = 1
  s3.fault = ({ kind }) =>
    kind === 'GET' && faults-- > 0
      ? { status: 503, code: 'SlowDown' }
      : undefined
  const logged = await run()
  wellSaid(t, logged, true)
  const requests = logged.events.filter(({ event }) => event === 'request')
  t.strictSame(
    requests.map(({ method, status }) => `${method} ${status}`),
    s3.requests.map(({ method, status }) => `${method} ${status}`),
  )
  for (const { ms, path, request_id: id, ...rest } of requests) {
    const { prefix, start_after: after, ...request } = rest
    t.equal(typeof prefix, path !== '/logs/' ? 'undefined' : 'string')
    t.ok(after === undefined || String(after).startsWith(String(prefix)))
    t.ok(Number.isInteger(ms) && Number(ms) >= 0)
    t.match(path, /^\/logs/)
    t.match(id, /\S/)
    t.strictSame(
      Object.keys(request),
      ['time', 'level', 'event', 'message', 'method', 'status', 'attempt'],
      'and nothing else',
    )
  }
  const gets = requests.filter(({ path }) => String(path).includes('/a%20b'))
  t.match(gets, [
    { status: 503, attempt: 1 },
    { status: 200, attempt: 2 },
  ])
  t.match(logged.summary, { gets: 1, retries: 1 })
  for (const secret of [SECRET, /authorization/i, /signature/i])
    t.notMatch(logged.stderr, secret)

  s3.close()
  const unreached = await run()
  wellSaid(t, unreached, true)
  const [request] = unreached.events.filter(({ event }) => event === 'request')
  t.ok(request && !('status' in request), 'no response, no status')
})

t.test('credentials that are refused are not repeated', async t => {
  const { s3, run, configure } = await startCollector(t)
  configure({
    LogApiRequests: 'true',
    AccessKeyId: 'AKIDTEST',
    SecretAccessKey: 'another hush',
  })
  putToday(s3, 'a', 1)
  const refused = await run()
  wellSaid(t, refused, true)
  t.equal(refused.code, 3)
  t.notMatch(refused.stderr, /hush/)
})

t.test('--quiet leaves warnings and errors', async t => {
  const { s3, run, configure } = await startCollector(t, {
    LogApiRequests: 'true',
  })
  putToday(s3, 'a', 1)
  t.equal((await run(['collect', '--quiet'])).stderr, '')
  s3.put(trailKey(daysAgo(0), 'b'), broken)
  configure({ Regoin: 'x' })
  const quiet = await run(['collect', '--quiet'])
  wellSaid(t, quiet, false)
  t.match(quiet.events, [
    { level: 'warning', setting: 'Regoin' },
    { level: 'error', event: 'object_failed' },
  ])
})

t.test('LogFile holds a copy, cycle after cycle', async t => {
  const { s3, folder, run } = await startCollector(t, { LogFile: 'lr.log' })
  const file = join(folder, 'lr.log')
  putToday(s3, 'a', 1)
  s3.put(trailKey(daysAgo(0), 'b'), broken)
  const first = await run()
  t.equal(readFileSync(file, 'utf8'), first.stderr)
  const second = await run()
  t.equal(readFileSync(file, 'utf8'), first.stderr + second.stderr)
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('a LogFile that cannot be written is a warning', async t => {
  const { s3, run } = await startCollector(t, { LogFile: 'no/such/lr.log' })
  putToday(s3, 'a', 1)
  const warned = await run()
  wellSaid(t, warned, true)
  t.equal(warned.code, 0)
  t.match(warned.events, [
    {
      level: 'warning',
      event: 'log_file',
      message: /no\/such\/lr\.log: the folder .*ENOENT/,
    },
    { event: 'summary' },
  ])
})

t.test("Node's warnings are lines like all others, each once", async t => {
  const { s3, folder, run } = await startCollector(t)
  putToday(s3, 'a', 1)
  const hook = join(folder, 'hook.cjs')
  writeFileSync(
    hook,
    `setTimeout(() => {
      process.emitWarning('something odd')
      process.emitWarning('something odd')
      process.emitWarning('old', 'DeprecationWarning', 'DEP1')
    }, 1)`,
  )
  const env = { NODE_OPTIONS: `--require=${hook}` }
  const { code, events } = await run(['collect'], env)
  t.equal(code, 0)
  t.match(
    events.filter(({ event }) => event === 'node_warning'),
    [
      { level: 'warning', message: 'Node warns: something odd' },
      { level: 'warning', message: 'Node warns: old' },
    ],
  )
  t.equal(events.length, 3)
  const quiet = { NODE_OPTIONS: `--require=${hook} --no-warnings` }
  t.equal((await run(['collect'], quiet)).events.length, 1, 'as it was told')
})
