// The last line of a cycle, by the names of the contract.
import { join } from 'node:path'
import t from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import { failedAttempt } from '../../src/cursor/failed-objects.ts'
import { noCounts, summarize, summaryText } from '../../src/cycle/summary.ts'
import { NO_STEPS } from '../../src/cursor/kept-objects.ts'

const NAMES =
  'objects_found objects_done objects_failed objects_quarantined objects_left objects_late objects_filtered records bytes_in bytes_out lists gets retries newest_event lag_seconds duration_ms'
const now = Date.parse('2026-01-02T03:05:00.400Z')

const openCursor = (folder: string): Promise<Cursor> =>
  Cursor.open({
    path: join(folder, 'cursor'),
    bucket: 'logs',
    logType: 'CloudTrail',
  })

t.test('has the names of the contract, in its order', async t => {
  const cursor = await openCursor(t.testdir())
  const summary = summarize(noCounts(), cursor, now, 1234.5)
  t.equal(Object.keys(summary).join(' '), NAMES)
  const { newest_event, lag_seconds, duration_ms, ...counts } = summary
  t.same(new Set(Object.values(counts)), new Set([0]))
  t.equal(newest_event, '')
  t.equal(lag_seconds, null, 'no event, no lag')
  t.equal(duration_ms, 1235)
})

t.test(
  'takes the newest event of all folders, and the lag from it',
  async t => {
    const cursor = await openCursor(t.testdir())
    for (const [prefix, newest] of [
      ['a/', '2026-01-02T03:04:05.000Z'],
      ['b/', '2026-01-02T03:04:59.900Z'],
      ['c/', '2025-12-31T23:59:59.999Z'],
      ['d/', ''],
    ] as const)
      cursor.commit(
        cursor.partition(prefix, '2026-01-02'),
        '2026-01-02',
        1n,
        newest,
      )
    t.match(summarize(noCounts(), cursor, now, 0), {
      newest_event: '2026-01-02T03:04:59.900Z',
      lag_seconds: 1,
    })
  },
)

t.test('counts what is quarantined now, whenever that was', async t => {
  const cursor = await openCursor(t.testdir())
  const folder = cursor.partition('a/', '2026-01-02')
  const fault = { code: 'gzip', message: 'cut', refused: false, at: 0 }
  const failure = { ...fault, etag: '"e"', size: 1, ...NO_STEPS, counts: true }
  for (const [key, attempts] of [
    ['a/1', 1],
    ['a/2', 2],
    ['a/3', 3],
    ['a/4', 3],
  ] as const)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const candidate = {
        key,
        folder,
        day: folder.day,
        size: 1,
        modified: 0,
        etag: '"e"',
        before: '',
        position: 1,
        pending: new Set<never>(),
      }
      const failed = failedAttempt(candidate, failure, cursor, 1, 3)
      cursor.record({ k: 'failed', ...failed })
    }
  const counts = { ...noCounts(), objects_failed: 9, lists: 5 }
  t.match(summarize(counts, cursor, now, 0), {
    objects_failed: 9,
    objects_quarantined: 2,
    lists: 5,
  })
})

t.test('as a sentence for a person', t => {
  const counts = { ...noCounts(), records: 9, objects_done: 3 }
  t.equal(
    summaryText('cycle ended', { ...counts, duration_ms: 1234 }),
    'cycle ended: 9 records of 3 objects in 1.2 s',
  )
  t.equal(
    summaryText('cycle ended', {
      ...counts,
      records: 1,
      objects_failed: 1,
      objects_left: 4,
      objects_quarantined: 2,
      newest_event: '2026-01-02T03:04:05Z',
      lag_seconds: 90,
    }),
    'cycle ended: 1 record of 3 objects in 0.0 s, 1 object failed, 4 objects left for later, 2 objects quarantined, newest event 2026-01-02T03:04:05Z (1 min 30 s ago)',
  )
  t.end()
})
