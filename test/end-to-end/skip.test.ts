// The change-over from another collector: what is there counts as collected,
// what comes after is emitted, and the answer stands alone on stdout.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  USER_ENV,
} from '../lib/hosts/collector.ts'
import { untilThere } from '../lib/hosts/interrupted-run.ts'
import { runProgram } from '../lib/hosts/run-program.ts'

const account = (index: number): string => String(111111111111 + index)

t.test('marks what many accounts hold, and says only how much', async t => {
  const { s3, run } = await startCollector(t, { NoOfBackDaysData: 2 })
  for (let index = 0; index < 40; index++)
    s3.put(
      trailKey(daysAgo(index % 3), 'a', { account: account(index) }),
      cloudTrailObject(1),
    )
  s3.put(trailKey(daysAgo(4), 'old'), cloudTrailObject(1))
  const skipped = await run(['skip'])
  t.equal(skipped.code, 0)
  t.equal(skipped.stderr, '')
  t.equal(skipped.stdout, '40 objects marked as skipped\n')
  t.equal((await run()).stdout, '')
  s3.put(trailKey(daysAgo(1), '0'), cloudTrailObject(2))
  t.equal((await run()).records.length, 2)
})

t.test('gives no answer where there is none', async t => {
  const { run, configure } = await startCollector(t)
  configure({ BucketName: 'missing' })
  const refused = await run(['skip'])
  t.equal(refused.code, 3)
  t.equal(refused.stdout, '')
  t.match(refused.events, [{ level: 'error', event: 'not_collected' }])
})

t.test('what matches nothing is no success', async t => {
  const { s3, run, configure } = await startCollector(t)
  s3.put(trailKey(daysAgo(0), 'a'), cloudTrailObject(1))
  configure({ DepthToRecurse: 5 })
  const nothing = await run(['skip'])
  t.equal(nothing.code, 1)
  t.equal(nothing.stdout, '0 objects marked as skipped\n')
  t.match(nothing.events, [
    { level: 'error', event: 'nothing_matches', message: 'DepthToRecurse' },
  ])
  configure({ Inclusions: '*.nope' })
  const leftOut = await run(['skip'])
  t.equal(leftOut.code, 1)
  t.match(leftOut.events, [
    { level: 'error', event: 'nothing_matches', message: 'Inclusions' },
  ])
  configure({})
  const skipped = await run(['skip'])
  t.equal(skipped.code, 0)
  t.equal(skipped.stdout, '1 object marked as skipped\n')
})

t.test('a reader that is gone is no crash', async t => {
  const { s3, ini, run } = await startCollector(t)
  putToday(s3, 'a', 1)
  const args = ['skip', '--config', ini]
  const gone = await runProgram(args, { env: USER_ENV, reader: 'true' })
  t.equal(gone.code, 0)
  t.strictSame(gone.events, [])
  t.equal((await run()).stdout, '', 'it was done all the same')
})

t.test('a signal stops it, which it says', async t => {
  const { s3, ini, folder, script, run } = await startCollector(t, {
    MaxResultCount: 1,
  })
  for (let index = 0; index < 30; index++) putToday(s3, `n-${index}`, 1)
  let pages = 0
  s3.fault = () => {
    if (++pages < 15) return undefined
    writeFileSync(join(folder, 'stalled'), '')
    return { kind: 'stall' }
  }
  await script(`
    "$1" "$2" skip --config "${ini}" >out 2>err &
    ${untilThere('stalled')}
    kill -TERM $!; wait $!; echo $? >code`)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  t.equal(read('code'), '0\n')
  t.equal(read('out'), '')
  t.match(JSON.parse(read('err')), { event: 'stopped', message: /run `skip`/ })
  s3.fault = undefined
  const rest = await run(['skip'])
  t.equal(rest.code, 0)
  t.equal(rest.stderr, '')
  t.equal((await run()).stdout, '')
})
