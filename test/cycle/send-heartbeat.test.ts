// The heartbeat is printed at the end of a cycle. A host that is gone or stands
// still changes the outcome. The test moves the clock.

import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import {
  sendHeartbeat,
  type CycleResult,
} from '../../src/cycle/send-heartbeat.ts'
import { HostGoneError } from '../../src/output/stdout.ts'
import { Report } from '../../src/report/report.ts'
import { noCounts } from '../../src/cycle/summary.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const INI = Buffer.from('Region=us-east-1\nBucketName=logs\n')
const { settings } = parseSettings(INI, 'aws.ini')
const summary = {
  ...noCounts(),
  newest_event: '',
  lag_seconds: null,
  duration_ms: 0,
}

const gone = async (): Promise<void> => {
  throw new HostGoneError('writing to stdout: EPIPE')
}

function start(sink?: () => Promise<void>) {
  const clock = new FakeClock('2026-01-02T12:00:00Z')
  const stop = new AbortController()
  const events: unknown[] = []
  const lines: string[] = []
  const report = new Report({
    write: line => events.push((JSON.parse(line) as { event: string }).event),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const session = {
    settings,
    clock,
    report,
    stop: stop.signal,
    // S3 is an hour ahead.
    s3Clock: { now: () => clock.now() + 3_600_000 },
  }
  const write = async (bytes: Uint8Array): Promise<void> => {
    lines.push(Buffer.from(bytes).toString())
    await sink?.()
  }
  const send = (outcome: CycleResult['outcome'], spent = 1000) =>
    sendHeartbeat({ outcome, reason: '', summary }, spent, session, write)
  return { clock, stop, events, lines, send }
}

t.test('it is one line, with the status of the outcome', async t => {
  for (const [outcome, status] of [
    ['done', 'ok'],
    ['partial', 'partial'],
    ['access', 'outage'],
    ['network', 'outage'],
    ['cursor', 'error'],
  ] as const) {
    const { lines, events, clock, send } = start()
    t.equal(await send(outcome), outcome)
    t.equal(lines.length, 1)
    t.match(lines[0], /^\{[^\n]*\}\n$/)
    t.match(JSON.parse(lines[0] ?? ''), {
      status,
      normal_msg_date: '2026-01-02T13:00:00.000Z',
    })
    t.strictSame(events, [])
    clock.advance(3_600_000)
    t.equal(lines.length, 1)
  }
})

t.test('there is none after a signal, or if the host is gone', async t => {
  const { lines, stop, send } = start()
  t.equal(await send('hostGone'), 'hostGone')
  stop.abort()
  t.equal(await send('done'), 'done')
  t.strictSame(lines, [])
})

t.test('a host that is gone gives exit 6, but not in place of 5', async t => {
  for (const [outcome, end] of [
    ['done', 'hostGone'],
    ['network', 'hostGone'],
    ['cursor', 'cursor'],
  ] as const) {
    const { events, send } = start(gone)
    t.equal(await send(outcome), end)
    t.strictSame(events, ['host_gone'])
  }
})

t.test('a host that stands still is waited for to the end', async t => {
  for (const [spent, milliseconds] of [
    [5000, 15_000],
    [19_500, 1000],
    [60_000, 1000],
  ] as const) {
    const { clock, events, send } = start(() => new Promise(() => {}))
    const end = send('done', spent)
    await setImmediate()
    clock.advance(milliseconds - 1)
    await setImmediate()
    t.strictSame(events, [])
    clock.advance(1)
    t.equal(await clock.run(end), 'hostGone')
    t.strictSame(events, ['host_gone'])
  }
})

t.test('a signal ends the wait, within a second', async t => {
  const { clock, stop, events, send } = start(() => new Promise(() => {}))
  const end = send('partial')
  await setImmediate()
  stop.abort()
  await setImmediate()
  clock.advance(1000)
  t.equal(await end, 'partial')
  t.strictSame(events, ['stopped'])
})
