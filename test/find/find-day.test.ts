// All objects of one day, of every leaf in scope, whatever its layout.
import t from 'tap'
import { findDay } from '../../src/find/find-day.ts'
import { filePatterns } from '../../src/find/file-patterns.ts'
import { S3Clock } from '../../src/s3/s3-clock.ts'
import { makeScope } from '../../src/find/scope.ts'
import { WHOLE } from '../../src/find/shard.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { MemoryStore } from '../lib/s3/memory-store.ts'
import { denied, reset } from '../lib/s3/refusals.ts'

const DAY = '2024-02-29'
const NOON = Date.parse(`${DAY}T12:00:00Z`)
const HOURS = 3_600_000
const trail = (account: string) =>
  `AWSLogs/${account}/CloudTrail/us-east-1/2024/02/29/`

function setUp(FilePath = '') {
  const store = new MemoryStore()
  const clock = new FakeClock('2026-03-10T12:00:00Z')
  const counts = { objects_found: 0, objects_filtered: 0 }
  const stop = new AbortController()
  const scope = {
    FilePath,
    RegionFolders: [],
    ExclusionDirectories: [],
    DepthToRecurse: undefined,
    Shard: WHOLE,
  }
  const find = async () => {
    const keys: string[] = []
    const search = await findDay(
      DAY,
      {
        store,
        clock,
        counts,
        s3Clock: new S3Clock(clock, 0),
        scope: makeScope(scope, /^CloudTrail$/),
        settings: {
          NoOfBackDaysData: 1,
          SweepMinutes: 15,
          LateArrivalDays: 30,
        },
        signal: stop.signal,
        matchesPatterns: filePatterns(['*.gz'], []),
      },
      async found => {
        for (const { key, pending } of found) {
          t.equal(pending.size, 0, 'nothing grows with the day')
          keys.push(key)
        }
        return true
      },
    )
    return { keys: keys.toSorted(), search }
  }
  return { store, counts, stop, find }
}

t.test('the dated folders of that day alone, in every leaf', async t => {
  const { store, counts, find } = setUp('logs/')
  store.pageSize = 2
  const wanted = [
    `logs/${trail('111122223333')}a.gz`,
    `logs/${trail('111122223333')}b.gz`,
    `logs/${trail('111122223333')}c.gz`,
    `logs/${trail('444455556666')}13/a.gz`,
    'logs/hive/year=2024/month=02/day=29/hour=01/a.gz',
  ]
  const others = [
    `logs/${trail('111122223333').replace('/29/', '/28/')}a.gz`,
    `logs/${trail('111122223333').replace('/02/29/', '/03/01/')}a.gz`,
    `logs/${trail('111122223333')}a.txt`,
    'logs/AWSLogs/111122223333/Config/us-east-1/2024/02/29/a.gz',
    'logs/hive/year=2024/month=02/day=28/a.gz',
  ]
  for (const key of [...wanted, ...others]) store.put(key, NOON)
  const { keys, search } = await find()
  t.strictSame(keys, wanted)
  t.match(search, { reached: true, errors: [] })
  t.strictSame(counts, { objects_found: 5, objects_filtered: 1 })
})

t.test('without dates, what was modified on that day', async t => {
  const { store, counts, find } = setUp('flat/')
  store.put('flat/old.gz', NOON - 12 * HOURS - 1)
  store.put('flat/first.gz', NOON - 12 * HOURS)
  store.put('flat/sub/last.gz', NOON + 12 * HOURS - 1)
  store.put('flat/next.gz', NOON + 12 * HOURS)
  store.put('flat/now.gz', Date.parse('2026-03-10T11:00:00Z'))
  const { keys } = await find()
  t.strictSame(keys, ['flat/first.gz', 'flat/sub/last.gz'])
  t.equal(counts.objects_found, 2)
})

t.test('a folder that fails is named, the others come', async t => {
  const { store, find } = setUp()
  for (const account of ['111122223333', '444455556666'])
    store.put(`${trail(account)}a.gz`, NOON)
  store.onList = ({ prefix }) => {
    if (prefix === trail('111122223333')) throw denied
  }
  const { keys, search } = await find()
  t.strictSame(keys, [`${trail('444455556666')}a.gz`])
  t.match(search, { reached: true, errors: [denied] })
})

t.test('nothing reached is nothing found, and a stop ends it', async t => {
  const { store, stop, find } = setUp()
  store.put(`${trail('111122223333')}a.gz`, NOON)
  store.onList = () => {
    throw reset
  }
  t.match(await find(), { keys: [], search: { asked: true, reached: false } })
  store.onList = ({ prefix }) => {
    if (prefix.endsWith('/CloudTrail/')) stop.abort()
  }
  t.match(await find(), { keys: [], search: { reached: true, errors: [] } })
})
