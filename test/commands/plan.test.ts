// What the plan is asked for; what it answers is tried on the built program.
import t from 'tap'
import { plan } from '../../src/commands/plan.ts'
import { UsageError } from '../../src/settings/settings-error.ts'
import { Report } from '../../src/report/report.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const report = new Report({
  write: () => {},
  now: () => 0,
  isTerminal: false,
  quiet: false,
})
const stop = new AbortController().signal

t.test('an interval that is none is refused before anything', async t => {
  for (const every of ['0', '-1', '1.5', '', ' 60', 'often', '86401', '1e3']) {
    const asked = plan(
      { config: '/no/such.ini', state: undefined, json: true, every },
      { clock: new FakeClock(), report, stop },
      async () => void t.fail('nothing to print'),
    )
    const message = `--every takes whole seconds from 1 to 86400, such as 60, not "${every}"`
    await t.rejects(asked, UsageError, every)
    await t.rejects(asked, { message }, every)
  }
})
