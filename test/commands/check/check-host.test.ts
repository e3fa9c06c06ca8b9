// The numbers for the host, which follow from the settings.

import t from 'tap'
import { bufSize, checkHost } from '../../../src/commands/check/check-host.ts'
import { checking, findings } from './checking.ts'

const check = async (
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
  t.match((await check({}))[0], /^ok buffer: .*1048576.*Buf_Size 2M/)
})

t.test('the interval exceeds the cycle', async t => {
  t.match((await check({}))[1], /^ok interval: .*20 s.*Interval_Sec 60/)
  const long = (await check({ MaxCycleSeconds: 120 }))[1]
  t.match(long, /^warn interval: .*120 s.*Interval_Sec 130, exec timeout 125/)
})

t.test('a machine that has just started', async t => {
  t.match((await check({}, 10))[0], /^warn startup: .* 20 s more.*StartupDelay/)
  t.equal((await check({ StartupDelayInSeconds: 0 }, 0)).length, 2)
})
