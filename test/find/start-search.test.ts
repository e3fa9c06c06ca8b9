// What a search hands on, in which order, and until when.

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { S3Clock } from '../../src/s3/s3-clock.ts'
import { makeScope } from '../../src/find/scope.ts'
import { startSearch } from '../../src/find/start-search.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { CycleTime } from '../../src/clock.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { MemoryStore } from '../lib/s3/memory-store.ts'

const DAY = 'AWSLogs/1/CloudTrail/us-east-1/2026/03/10/'
const ini = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'
const { settings } = parseSettings(Buffer.from(ini), '/aws.ini')

async function setUp(t: Test, objects = 100) {
  const store = new MemoryStore()
  const clock = new FakeClock('2026-03-10T12:00:00Z')
  for (let index = 0; index < objects; index++)
    store.put(`${DAY}${1000 + index}.json.gz`, clock.now() - index)
  const path = join(t.testdir(), 'cursor')
  const cursor = await Cursor.open({ path, bucket: 'b', logType: 'CloudTrail' })
  const counts = { objects_found: 0, objects_filtered: 0, objects_left: 0 }
  const plan = {
    store,
    cursor,
    clock,
    settings,
    counts,
    scope: makeScope(settings, /^CloudTrail$/),
    s3Clock: new S3Clock(clock, 0),
    signal: new AbortController().signal,
    matchesPatterns: () => true,
  }
  const start = () => startSearch(plan, new CycleTime(clock, 20))
  /** Takes all, as numbers. */
  const takeAll = async (): Promise<number[]> => {
    const { queue, result } = start()
    await result
    const taken: number[] = []
    for (let found; (found = await queue.take());)
      taken.push(Number(found.key.slice(DAY.length, DAY.length + 4)) - 1000)
    return taken
  }
  return { store, clock, counts, takeAll }
}

t.test('the oldest first, and all are left until they are settled', async t => {
  const { takeAll, counts } = await setUp(t)
  const taken = await takeAll()
  t.strictSame(
    taken,
    Array.from({ length: 100 }, (_, index) => 99 - index),
  )
  t.match(counts, { objects_found: 100, objects_left: 100 })
})

t.test(
  'objects found too late wait, except those of the first page',
  async t => {
    const { takeAll, store, clock, counts } = await setUp(t, 4)
    store.pageSize = 2
    // The first discovery takes three LISTs, and each page of the day one more.
    store.onList = ({ prefix }) => {
      if (prefix === DAY) clock.advance(11_000)
    }
    t.equal((await takeAll()).length, 2)
    t.equal(counts.objects_left, 2, 'no other page was asked for')
  },
)
