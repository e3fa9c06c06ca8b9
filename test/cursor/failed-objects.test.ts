import { join } from 'node:path'
import t, { type Test } from 'tap'
import { dueRetries } from '../../src/find/due-retries.ts'
import type { Candidate } from '../../src/find/listing-result.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { failedAttempt, stepsDone } from '../../src/cursor/failed-objects.ts'
import { NO_STEPS } from '../../src/cursor/kept-objects.ts'
import { partialEntry } from '../lib/cursor/entries.ts'

const DAY = '2026-03-10'
const ATTEMPT = {
  code: 'gzip',
  message: 'cut',
  etag: '"1"',
  size: 9,
  ...NO_STEPS,
  counts: true,
  refused: false,
  at: 0,
}

const recordsDone = (cursor: Cursor, key: string, etag: string): number =>
  stepsDone(cursor, key, etag).records

async function setUp(t: Test) {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await Cursor.open({ path, bucket: 'b', logType: 'CloudTrail' })
  const candidate: Candidate = {
    key: 'a/1.gz',
    size: 9,
    modified: 5,
    etag: '"1"',
    day: DAY,
    folder: cursor.partition('a/', DAY),
    before: '',
    position: 1,
    pending: new Set(),
  }
  /** Fails once more, in a cycle. */
  const fail = (cycle: number, attempt = {}, maxAttempts = 5) => {
    const all = { ...ATTEMPT, ...attempt }
    const failed = failedAttempt(candidate, all, cursor, cycle, maxAttempts)
    cursor.record({ k: 'failed', ...failed })
    return failed
  }
  return { cursor, candidate, fail }
}

t.test('attempt n+1 comes 2^(n-1) cycles after attempt n', async t => {
  const { cursor, fail } = await setUp(t)
  const attempts: number[] = []
  for (let cycle = 100; cycle < 130; cycle++) {
    const isDue = cycle === 100 || dueRetries(cursor, cycle, 0).length > 0
    if (!isDue) continue
    attempts.push(cycle)
    fail(cycle)
  }
  t.strictSame(attempts, [100, 101, 103, 107, 115])
  t.match(cursor.state.failed.get('a/1.gz'), {
    attempts: 5,
    quarantined: true,
  })
  t.strictSame(dueRetries(cursor, 1e9, 1e12), [], 'quarantined')
})

t.test('an answer that brought no record does not say what is due', async t => {
  const { cursor, fail } = await setUp(t)
  t.match(fail(1, { etag: '"page"', size: 37 }), { etag: '"1"', size: 9 })
  t.match(dueRetries(cursor, 2, 0), [{ lastEtag: '"1"', size: 9 }])
  const further = { etag: '"2"', size: 12, records: 3, bytes: 10 }
  t.match(fail(2, further), { etag: '"2"', size: 12, records: 3 })
})

t.test('a refused object is tried again a day later', async t => {
  const HOUR = 3_600_000
  for (const [refused, times] of [
    [true, [24, 30, -24]],
    [false, []],
  ] as const) {
    const { cursor, fail } = await setUp(t)
    const at = 1000 * HOUR
    for (const [cycle, hours] of [
      [1, -2],
      [2, -1],
      [4, 0],
    ] as const)
      fail(cycle, { refused, at: at + hours * HOUR }, 3)
    t.match(cursor.state.failed.get('a/1.gz'), { refused, at })
    const due = [0, 5, 23.9, 24, 30, -24].filter(
      hours => dueRetries(cursor, 5, at + hours * HOUR).length > 0,
    )
    t.strictSame(due, times)
    if (refused) t.equal(fail(5, { refused, at }, 3).quarantined, true)
  }
})

t.test(
  'of refusals one an hour counts, and no try comes more often',
  async t => {
    const { cursor, fail } = await setUp(t)
    const MINUTE = 60_000
    const start = 1e12
    const tries: number[] = []
    const counted: number[] = []
    for (let minute = 0; minute < 1000; minute++) {
      const at = start + minute * MINUTE
      const isDue = minute === 0 || dueRetries(cursor, minute, at).length > 0
      if (!isDue) continue
      const before = cursor.state.failed.get('a/1.gz')?.attempts ?? 0
      const { attempts } = fail(minute, { refused: true, at })
      tries.push(minute)
      if (attempts > before) counted.push(minute)
    }
    t.strictSame(tries, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511])
    t.strictSame(counted, [0, 63, 127, 255, 511])
    t.equal(cursor.state.failed.get('a/1.gz')?.quarantined, true)
  },
)

t.test(
  'a refusal counts again where a clock stepped, and a fault always',
  async t => {
    const { fail } = await setUp(t)
    const at = 1e12
    t.equal(fail(1, { refused: true, at }).attempts, 1)
    t.equal(fail(2, { refused: true, at: at + 3_599_999 }).attempts, 1)
    t.equal(fail(3, { refused: false, at: at + 3_599_999 }).attempts, 2)
    t.equal(fail(4, { refused: true, at: at - 3_600_000 }).attempts, 3)
  },
)

t.test('no more than 1,024 cycles lie between tries', async t => {
  const { fail } = await setUp(t)
  let due = 0
  for (let count = 0; count < 40; count++)
    due = fail(1000 + count, {}, 100).due - (1000 + count)
  t.equal(due, 1024)
})

t.test('beyond 10,000 that wait the first attempt is the last', async t => {
  const { cursor, candidate, fail } = await setUp(t)
  const one = fail(1)
  for (let count = 1; count < 10_000; count++)
    cursor.record({ k: 'failed', ...one, key: `${count}` })
  t.equal(cursor.state.waiting, 10_000)
  t.notOk(fail(2).quarantined, 'it is one of them')
  candidate.key = 'new'
  t.notOk(fail(2, { counts: false }).quarantined, 'that was no attempt')
  cursor.record({ k: 'settled', key: 'new' })
  t.ok(fail(2).quarantined)
  cursor.record({ k: 'settled', key: '1' })
  candidate.key = 'newer'
  t.notOk(fail(2).quarantined)
})

t.test('a cycle that did not come does not lose an attempt', async t => {
  const { cursor, fail } = await setUp(t)
  fail(1)
  t.equal(dueRetries(cursor, 1, 0).length, 0)
  t.equal(dueRetries(cursor, 50, 0).length, 1)
  t.equal(fail(50).due, 52)
  t.equal(fail(99, {}, 1).quarantined, true)
})

t.test('a retry takes the object as it is now, into its folder', async t => {
  const { cursor, candidate, fail } = await setUp(t)
  fail(1)
  const [retry] = dueRetries(cursor, 2, 0)
  t.match(retry, { key: 'a/1.gz', size: 9, modified: 5, day: DAY })
  t.equal(retry?.etag, undefined)
  t.equal(retry?.folder, candidate.folder)
})

t.test('a folder that was dropped meanwhile comes back', async t => {
  const { cursor, fail } = await setUp(t)
  fail(1)
  cursor.record({ k: 'drop', before: '2026-04-01' })
  const [retry] = dueRetries(cursor, 2, 0)
  t.match(retry?.folder, { prefix: 'a/', day: DAY })
  if (retry) cursor.commit(retry.folder, retry.day, 1n, '')
  await cursor.flush()
  t.ok(cursor.state.partitions.get('a/')?.sets.get(DAY)?.has(1n))
})

t.test('records done count for the same ETag alone', async t => {
  const { cursor, fail } = await setUp(t)
  t.equal(recordsDone(cursor, 'a/1.gz', '"1"'), 0)
  cursor.record(
    partialEntry({
      key: 'a/1.gz',
      etag: '"1"',
      size: 8,
      records: 7,
    }),
  )
  t.equal(recordsDone(cursor, 'a/1.gz', '"1"'), 7)
  t.equal(recordsDone(cursor, 'a/1.gz', '"2"'), 0)
  t.equal(recordsDone(cursor, 'a/1.gz', ''), 0)
  t.match(fail(1, { records: 5 }), { etag: '"1"', records: 7 }, 'never fewer')
  t.match(fail(2, { etag: '' }), { etag: '"1"', records: 7 }, 'not even read')
  t.equal(recordsDone(cursor, 'a/1.gz', '"1"'), 7)
  const second = { etag: '"2"', size: 4, records: 2 }
  t.match(fail(4, second), second)
  cursor.record(
    partialEntry({
      key: 'a/1.gz',
      etag: '"2"',
      size: 9,
      records: 4,
    }),
  )
  t.equal(recordsDone(cursor, 'a/1.gz', '"2"'), 4)
  cursor.record(partialEntry({ key: 'b', etag: '', size: 9, records: 4 }))
  t.equal(recordsDone(cursor, 'b', ''), 0, 'no ETag is no ETag')
  cursor.record({ k: 'settled', key: 'a/1.gz' })
  t.equal(recordsDone(cursor, 'a/1.gz', '"2"'), 0)
  t.equal(dueRetries(cursor, 100, 0).length, 0)
})
