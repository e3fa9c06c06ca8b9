// S3's Date wrong for a cycle, and a store whose clock is off for good: what
// arrives comes once, and stderr says what is wrong.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'

const DAY = 86_400_000

for (const days of [-50, 60])
  t.test(`a Date ${days} days off in one cycle`, async t => {
    const { s3, runHere } = await startCollector(t)
    const body = cloudTrailObject(1)
    s3.put(trailKey(daysAgo(20), 'history'), body, {
      modified: Date.now() - 20 * DAY,
    })
    const lines: string[] = []
    for (const off of [0, days, 0, 0, 0]) {
      s3.put(trailKey(daysAgo(0), `n${lines.length}`), body)
      s3.dateOffMs = off * DAY
      const { stdout, outcome, summary } = await runHere()
      t.equal(outcome, 'done')
      t.equal(summary['objects_done'], 1)
      lines.push(...stdout.split('\n').filter(line => line !== ''))
    }
    t.equal(lines.length, 5)
    t.equal(new Set(lines).size, 5)
  })

const behind = (): number => Date.now() - 3 * DAY

t.test('a store whose clock is three days behind', async t => {
  const { s3, runHere } = await startCollector(t, {}, behind)
  putToday(s3, 'ours', 1)
  s3.put(trailKey(daysAgo(3), 'theirs'), cloudTrailObject(1))
  const { outcome, summary } = await runHere()
  t.equal(outcome, 'done')
  t.equal(summary['objects_done'], 2)
})

for (const days of [60, -60])
  t.test(`a first cycle with a Date ${days} days off`, async t => {
    const { s3, runHere } = await startCollector(t)
    putToday(s3, 'today', 1)
    s3.dateOffMs = days * DAY
    const { outcome, events } = await runHere()
    t.equal(outcome, 'partial')
    t.match(
      events.find(({ code }) => code === 'ClocksDiffer'),
      { message: /there are logs of .* 60 days .*set the clock that is wrong/ },
    )
  })
