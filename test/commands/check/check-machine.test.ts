// How far this machine's clock is off, by S3's Date, and what the host is to be told.

import t from 'tap'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import {
  checkClock,
  checkHost,
} from '../../../src/commands/check/check-machine.ts'
import { bufSize } from '../../../src/commands/host-numbers.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { findings, NOW, checking } from './checking.ts'

async function clockLine(
  date: string | undefined,
): Promise<string | undefined> {
  const s3Clock = new S3Clock(new FakeClock(NOW), 0)
  s3Clock.observe(date)
  return (await findings(checkClock(s3Clock))).lines[0]
}

t.test('says by how much, and warns of more than a minute', async t => {
  t.match(
    await clockLine('Tue, 10 Mar 2026 12:00:01 GMT'),
    /^ok clock: .*agrees/,
  )
  t.match(await clockLine('Tue, 10 Mar 2026 12:00:50 GMT'), /^ok .*50 s behind/)
  t.match(
    await clockLine('Tue, 10 Mar 2026 11:58:00 GMT'),
    /^warn .*120 s ahead/,
  )
  t.match(
    await clockLine('Tue, 10 Mar 2026 12:20:00 GMT'),
    /^warn clock: .*1200 s behind.*15 minutes/,
  )
})

t.test('without a Date, or without an answer', async t => {
  t.match(await clockLine(undefined), /^warn clock: S3 sent no Date/)
  const s3Clock = new S3Clock(new FakeClock(NOW), 0)
  t.strictSame((await findings(checkClock(s3Clock))).lines, [])
})

const hostLines = async (
  settings: Record<string, number>,
  uptime = 1000,
): Promise<string[]> =>
  (await findings(checkHost(checking(settings).settings, uptime))).lines

// Fluent Bit: K is 1000; a line without its LF may have Buf_Size - 2 bytes.
const bytesOf = (size: string): number =>
  Number(size.slice(0, -1)) * (size.endsWith('M') ? 1_000_000 : 1000)

t.test('Buf_Size takes every line', async t => {
  for (const most of [4096, 5000, 999_999, 1_048_576, 2_000_000, 16_777_216]) {
    const size = bytesOf(bufSize(most))
    t.ok(most - 1 <= size - 2, `${most}: ${size}`)
    t.ok(size - most < 1_000_001, 'and is no larger than it need be')
  }
  t.match((await hostLines({}))[0], /^ok buffer: .*1048576.*Buf_Size 2M/)
})

t.test('the interval exceeds the cycle', async t => {
  t.match((await hostLines({}))[1], /^ok interval: .*20 s.*Interval_Sec 60/)
  const long = (await hostLines({ MaxCycleSeconds: 120 }))[1]
  t.match(long, /^warn interval: .*120 s.*Interval_Sec 140, exec timeout 125/)
})

t.test('a machine that has just started', async t => {
  t.match(
    (await hostLines({}, 10))[0],
    /^warn startup: .* 20 s more.*StartupDelay/,
  )
  t.equal((await hostLines({ StartupDelayInSeconds: 0 }, 0)).length, 2)
})
