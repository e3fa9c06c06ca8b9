// The main job on the built program: everything once, nothing twice, and what
// arrives later but sorts earlier too.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import type { Run } from '../lib/hosts/run-program.ts'

for (const pageSize of [1, 1000])
  t.test(
    `finds what arrives out of order, ${pageSize} keys a page`,
    async t => {
      const { s3, run } = await startCollector(t, { MaxResultCount: pageSize })
      const [today, yesterday] = [daysAgo(0), daysAgo(1)]
      s3.put(trailKey(today, 'm-1'), cloudTrailObject(3))
      s3.put(trailKey(today, 'm-2'), cloudTrailObject(1))
      s3.put(trailKey(yesterday, 'm-3'), cloudTrailObject(2))
      const other = { account: '444455556666' }
      s3.put(trailKey(yesterday, 'm-4', other), cloudTrailObject(1))
      const runs: Run[] = [await run()]
      t.equal(runs[0]?.code, 0)
      t.strictSame(differences(stockOf(s3), runs), [], 'all of the window once')

      runs.push(await run())
      t.strictSame(runs[1]?.stdout, '', 'then nothing')

      for (const key of [
        trailKey(today, 'a-before-all-others'),
        trailKey(yesterday, 'a-yesterday'),
        trailKey(today, 'm', { region: 'ap-south-2' }),
        trailKey(today, 'm', { account: '000011112222' }),
      ]) {
        s3.put(key, cloudTrailObject(2))
        runs.push(await run())
        t.strictSame(differences(stockOf(s3), runs), [], `and ${key}, once`)
      }
    },
  )

t.test('lists an idle leaf once, or twice until 02:00 UTC', async t => {
  for (const [time, lists] of [
    ['T13:00:00Z', 1],
    ['T01:00:00Z', 2],
  ] as const) {
    const now = Date.parse(`2026-03-10${time}`)
    const { s3, run } = await startCollector(
      t,
      { SweepMinutes: 15, DiscoveryMinutes: 60 },
      () => now,
    )
    for (let index = 0; index < 40; index++)
      s3.put(trailKey('2026-03-10', `n-${index}`), cloudTrailObject(1))
    s3.put(trailKey('2026-03-09', 'n'), cloudTrailObject(1))
    const first = await run()
    t.equal(first.records.length, 41)
    s3.resetRequests()
    const second = await run()
    t.strictSame(second.records, [])
    t.equal(s3.count('LIST'), lists, `at ${time}`)
    t.equal(s3.count('GET'), 0)
    t.strictSame(second.summary['lists'], lists, 'as the summary says')
    t.strictSame(
      // The bucket's clock is far from this machine's, which each cycle says.
      second.events.map(({ event }) => event).filter(e => e !== 'clock'),
      ['summary'],
      'a clean idle cycle says nothing else',
    )
  }
})

t.test('lists only the tail between sweeps, and sweeps after', async t => {
  let now = Date.parse('2026-03-10T13:00:00Z')
  const { s3, run } = await startCollector(
    t,
    // A loaded machine may take its time.
    { SweepMinutes: 15, DiscoveryMinutes: 60, MaxCycleSeconds: 240 },
    () => now,
  )
  const old = now - 3 * 3_600_000
  for (let index = 0; index < 2500; index++)
    s3.put(
      trailKey('2026-03-10', `n-${String(index).padStart(5, '0')}`),
      cloudTrailObject(1),
      { modified: old },
    )
  t.equal((await run()).records.length, 2500)
  s3.resetRequests()
  t.equal((await run()).records.length, 0)
  t.equal(s3.count('LIST'), 1, 'one page, however full the day is')
  s3.put(trailKey('2026-03-10', 'a'), cloudTrailObject(1))
  t.equal((await run()).records.length, 0, 'before the tail: not seen yet')
  now += 16 * 60_000
  t.equal((await run()).records.length, 1, 'the sweep finds it')
})
