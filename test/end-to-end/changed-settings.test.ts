// A user who changes the ini between cycles: what was collected is known by
// its full name, whatever setting led to it, and history is not let in.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'

const DAY = 86_400_000

t.test('a larger NoOfBackDaysData opens days again, sets and all', async t => {
  let now = Date.parse('2026-03-10T20:00:00Z')
  const { s3, run, configure } = await startCollector(t, {}, () => now)
  s3.put(trailKey('2026-03-10', 'a'), cloudTrailObject(1))
  t.equal((await run()).records.length, 1)
  for (let day = 0; day < 3; day++) {
    now += DAY
    await run()
  }
  s3.put(trailKey('2026-03-11', 'a'), cloudTrailObject(1))
  t.equal((await run()).records.length, 0, 'out of the window')
  configure({ NoOfBackDaysData: 5 })
  t.equal((await run()).records.length, 1, 'back in it; nothing is repeated')
  t.equal((await run()).records.length, 0)
})

t.test('another FilePath or depth to the same folders', async t => {
  const { s3, run, configure } = await startCollector(t)
  putToday(s3, 'a', 1)
  s3.put(trailKey(daysAgo(1), 'a'), cloudTrailObject(1))
  t.equal((await run()).records.length, 2)
  const account = 'AWSLogs/111122223333/'
  const day = daysAgo(0).replaceAll('-', '/')
  for (const settings of [
    { FilePath: '' },
    { FilePath: account },
    { FilePath: `${account}CloudTrail/us-east-1/` },
    { FilePath: 'AWSLogs/', DepthToRecurse: 3 },
    { FilePath: 'AWSLogs/', DepthToRecurse: 6 },
    { FilePath: `${account}CloudTrail/us-east-1/${day}` },
  ]) {
    configure(settings)
    t.equal((await run()).records.length, 0, JSON.stringify(settings))
  }
  configure({})
  putToday(s3, '0', 1)
  t.equal((await run()).records.length, 1)
})

t.test('regions taken out and in again', async t => {
  const { s3, run, configure } = await startCollector(t)
  const put = (name: string): void => {
    for (const region of ['us-east-1', 'eu-west-1'])
      s3.put(trailKey(daysAgo(0), name, { region }), cloudTrailObject(1))
  }
  put('a')
  t.equal((await run()).records.length, 2)
  configure({ RegionFolders: 'eu-west-1' })
  put('b')
  t.equal((await run()).records.length, 1)
  configure({ ExclusionDirectories: 'eu-' })
  t.equal((await run()).records.length, 1, 'the other one, of its window')
  configure({})
  t.equal((await run()).records.length, 0)
})

t.test('patterns let in what they left out', async t => {
  const { s3, run, configure } = await startCollector(t)
  const key = trailKey(daysAgo(0), 'a').replace('.gz', '')
  s3.put(key, cloudTrailObject(1))
  t.match(await run(), { records: [], summary: { objects_filtered: 1 } })
  configure({ Inclusions: '' })
  t.equal((await run()).records.length, 1)
  putToday(s3, 'tmp-1', 1)
  configure({ Exclusions: 'tmp-*' })
  t.match(await run(), { records: [], summary: { objects_filtered: 1 } })
})
