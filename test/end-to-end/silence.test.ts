// A run that collects nothing because of its settings does not look like a
// quiet one: exit code, stderr, heartbeat and status say why.

import t from 'tap'
import { daysAgo, putToday, startCollector } from '../lib/hosts/collector.ts'

t.test('exit 1, with the reason everywhere', async t => {
  const { s3, run, configure } = await startCollector(t)
  putToday(s3, 'a', 2)
  for (const [settings, pattern] of [
    [{ DepthToRecurse: 1 }, /^DepthToRecurse is 1, but .* 3 below FilePath/],
    [{ FilePath: 'awslogs/' }, /did you mean AWSLogs\/\?$/],
    [{ RegionFolders: 'US-EAST-1' }, /did you mean us-east-1\?$/],
    [{ Inclusions: 'gz' }, /^Inclusions gz leaves out all 1 object /],
  ] as const) {
    configure({ EmitHeartbeat: 'true', ...settings })
    const { code, records, events } = await run()
    t.equal(code, 1)
    t.match(events, [{ level: 'error', event: 'nothing_matches' }])
    const [{ message } = { message: '' }] = events
    t.match(message, pattern)
    t.match(records, [{ status: 'partial', reason: pattern }])
    const status = await run(['status'])
    t.ok(status.stdout.includes(`Nothing matches  ${String(message)}\n`))
    const json = JSON.parse((await run(['status', '--json'])).stdout)
    t.match(json, { nothing_matches: message, last_cycle: { exit: 1 } })
    for (const command of [['plan'], ['replay', '--day', daysAgo(0)]]) {
      const other = await run(command)
      t.equal(other.code, 1, command.join(' '))
      t.match(other.events, [{ event: 'nothing_matches', message: pattern }])
    }
  }
  configure({ EmitHeartbeat: 'true' })
  const quiet = await run(['replay', '--day', daysAgo(300)])
  t.equal(quiet.code, 0, 'a day without objects')
  const { code, records } = await run()
  t.equal(code, 0)
  t.match(records.at(-1), { status: 'ok' })
  t.equal(records.length, 3)
  t.notMatch((await run(['status'])).stdout, 'Nothing matches')
})

t.test('beside a blank FilePath the depth is ignored', async t => {
  const { s3, run, configure } = await startCollector(t)
  putToday(s3, 'a', 2)
  configure({ FilePath: 'CHANGE_THIS', DepthToRecurse: 1 })
  const { code, records, events } = await run()
  t.equal(code, 0)
  t.equal(records.length, 2)
  t.match(events, [{ level: 'warn', setting: 'DepthToRecurse' }])
})
