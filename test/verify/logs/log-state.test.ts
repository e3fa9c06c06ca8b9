// The cursor gives the state of a delivered log by its key, present size and
// Last-Modified. Each state is tested alone.

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { commitObject, joinSkipped } from '../../../src/cursor/commit-object.ts'
import type { Cursor } from '../../../src/cursor/cursor.ts'
import type { Leaf } from '../../../src/cursor/cursor-state.ts'
import { filePatterns } from '../../../src/find/file-patterns.ts'
import { makeScope, type ScopeSettings } from '../../../src/find/scope.ts'
import { shelfPrints } from '../../../src/cursor/shelf.ts'
import {
  logJudge,
  toldState,
  type LogState,
} from '../../../src/verify/logs/log-state.ts'
import { failed, openCursor } from '../../lib/cursor/cursor-operations.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const at = (text: string): number => Date.parse(text)
const LAST = at('2026-03-12T12:00:00Z')

const leafOf = (prefix: string): Leaf => ({
  prefix,
  layout: 'date',
  from: '2026-03-11',
  first: '2026-03-05',
  before: '',
  baseline: at('2026-03-06T08:00:00Z'),
  newest: '',
  looked: '',
  lookedAt: 0,
  lookAfter: '',
  seen: 1,
  missed: 0,
})

const WHOLE: ScopeSettings = {
  FilePath: 'AWSLogs/',
  RegionFolders: [],
  ExclusionDirectories: [],
  DepthToRecurse: undefined,
  Shard: { index: 1, of: 1 },
}

async function begin(t: Test): Promise<Cursor> {
  const cursor = await openCursor(join(t.testdir(), 'cursor'))
  t.teardown(() => cursor.close())
  cursor.record(
    { k: 'leaf', ...leafOf(LEAF) },
    {
      k: 'cycle',
      number: 3,
      at: LAST + 5000,
      clockOffset: 0,
      outcome: 'done',
      summary: { duration_ms: 5000 },
    },
  )
  return cursor
}

interface Log {
  key: string
  size: number
  modified: number
}

function judged(
  cursor: Cursor,
  log: Partial<Log> & { key: string },
  settings: Partial<ScopeSettings> = {},
  older?: Cursor,
): LogState {
  const judge = logJudge({
    states: older ? [cursor.state, older.state] : [cursor.state],
    scope: makeScope({ ...WHOLE, ...settings }, /^CloudTrail$/),
    matchesPatterns: filePatterns(['*.gz'], ['no*']),
    lateFrom: '2026-03-01',
  })
  return judge({ size: 9, etag: '', modified: LAST - 1, ...log })
}

const log = (day: string, name = 'a.json.gz'): string =>
  `${LEAF}${day.replaceAll('-', '/')}/${name}`

t.test('a log is collected, skipped or neither, by its size', async t => {
  const cursor = await begin(t)
  const day = '2026-03-11'
  const key = log(day)
  const folder = cursor.partition(`${LEAF}2026/03/11/`, day)
  t.equal(judged(cursor, { key }), 'not_collected')
  joinSkipped(cursor, { key, folder, day, size: 9 })
  t.equal(judged(cursor, { key }), 'skipped')
  commitObject(cursor, { key, folder, day, size: 9 }, 9, '')
  t.equal(judged(cursor, { key }), 'collected')
  t.equal(judged(cursor, { key, size: 10 }), 'not_collected')
})

t.test('a log whose day is in the older file is found there', async t => {
  const cursor = await begin(t)
  const older = await openCursor(join(t.testdir({ older: {} }), 'older/cursor'))
  t.teardown(() => older.close())
  const day = '2026-03-07'
  const key = log(day)
  const folder = older.partition(`${LEAF}2026/03/07/`, day)
  commitObject(older, { key, folder, day, size: 9 }, 9, '')
  t.equal(judged(cursor, { key }), 'not_collected')
  t.equal(judged(cursor, { key }, {}, older), 'collected')
})

t.test('a log that failed or is under way has its own state', async t => {
  const cursor = await begin(t)
  const key = log('2026-03-11')
  const entry = failed(key, 2)
  cursor.record(entry)
  t.equal(judged(cursor, { key }), 'failed')
  const place = { key, day: '2026-03-11' }
  t.equal(toldState('failed', place, '', cursor.state).reason, 'cut')
  cursor.record({ ...entry, quarantined: true } as typeof entry)
  t.equal(judged(cursor, { key }), 'quarantined')
  cursor.record({ k: 'settled', key }, { k: 'shelved', f: shelfPrints([key]) })
  t.equal(judged(cursor, { key }), 'quarantined')
  t.equal(toldState('quarantined', place, '', cursor.state).reason, '')
  const begun = log('2026-03-11', 'b.json.gz')
  const steps = { records: 1, bytes: 1, form: '', header: -1 }
  const common = { key: begun, etag: '"1"', size: 9 }
  cursor.record({ k: 'partial', ...common, ...steps, cut: 0, share: 1 })
  t.equal(judged(cursor, { key: begun }), 'pending')
})

t.test("a log newer than the last cycle's start is pending", async t => {
  const cursor = await begin(t)
  const key = log('2026-03-12')
  t.equal(judged(cursor, { key, modified: LAST }), 'pending')
  t.equal(judged(cursor, { key, modified: LAST - 1 }), 'not_collected')
})

t.test('a log that the settings leave out is out of scope', async t => {
  const cursor = await begin(t)
  const key = log('2026-03-11')
  const cases: [Partial<ScopeSettings>, LogState][] = [
    [{ RegionFolders: ['eu-west-1'] }, 'out_of_scope'],
    [{ RegionFolders: ['us-east-1'] }, 'not_collected'],
    [{ ExclusionDirectories: ['2223'] }, 'out_of_scope'],
    [{ DepthToRecurse: 2 }, 'out_of_scope'],
    [{ DepthToRecurse: 3 }, 'not_collected'],
    [{ FilePath: 'AWSLogs/444455556666/' }, 'out_of_scope'],
    [{ FilePath: LEAF }, 'not_collected'],
    [{ FilePath: `${LEAF}2026/03/11/` }, 'not_collected'],
    [{ FilePath: '' }, 'not_collected'],
  ]
  for (const [settings, state] of cases)
    t.equal(judged(cursor, { key }, settings), state, JSON.stringify(settings))
  const shards = [1, 2, 3].map(index =>
    judged(cursor, { key }, { Shard: { index, of: 3 } }),
  )
  t.strictSame(shards.toSorted(), [
    'not_collected',
    'out_of_scope',
    'out_of_scope',
  ])
  const insight = key.replace('/CloudTrail/', '/CloudTrail-Insight/')
  t.equal(judged(cursor, { key: insight }), 'out_of_scope')
  for (const name of ['no.json.gz', 'a.txt'])
    t.equal(judged(cursor, { key: log('2026-03-11', name) }), 'left_out')
})

t.test('days before the first or no longer kept are not owed', async t => {
  const cursor = await begin(t)
  const early = log('2026-03-04')
  const history = at('2026-03-04T03:00:00Z')
  t.equal(judged(cursor, { key: early, modified: history }), 'before_first_day')
  t.equal(judged(cursor, { key: early }), 'not_collected', 'it came late')
  t.equal(
    judged(cursor, { key: log('2026-02-27') }),
    'before_first_day',
    'so late that it is not looked for',
  )
  t.equal(
    judged(cursor, { key: log('2026-03-05'), modified: history }),
    'not_collected',
  )
  cursor.record({ k: 'older', upTo: '', from: '2026-03-06', number: 0 })
  t.equal(judged(cursor, { key: log('2026-03-05') }), 'no_longer_known')
  t.equal(judged(cursor, { key: log('2026-03-06') }), 'not_collected')
})

t.test(
  'a leaf that no cycle met is owed from the earliest first day',
  async t => {
    const cursor = await begin(t)
    const other = log('2026-03-11').replace('us-east-1', 'eu-west-1')
    t.equal(judged(cursor, { key: other }), 'not_collected')
    const early = other.replace('/03/11/', '/02/01/')
    t.equal(judged(cursor, { key: early }), 'before_first_day')
    const none = await openCursor(join(t.testdir(), 'cursor'))
    t.teardown(() => none.close())
    t.equal(judged(none, { key: early }), 'pending', 'no cycle ever ran')
  },
)
