// Anything that may be done to a cursor, at random, for property tests.

import fc from 'fast-check'
import { Cursor } from '../../../src/cursor/cursor.ts'
import { NO_STEPS } from '../../../src/cursor/kept-objects.ts'
import { shelfPrints } from '../../../src/cursor/shelf.ts'
import type { Entry, Layout, Leaf } from '../../../src/cursor/cursor-state.ts'

/** Opens the cursor of bucket logs. */
export const openCursor = (path: string, more: object = {}): Promise<Cursor> =>
  Cursor.open({ path, bucket: 'logs', logType: 'CloudTrail', ...more })

/** Writes a cursor and reads it again. */
export async function reopen(cursor: Cursor, path: string): Promise<Cursor> {
  await cursor.flush()
  await cursor.close()
  return openCursor(path)
}

/** Makes the entry of an object that failed after so many records. */
export const failed = (key: string, records: number): Entry => ({
  k: 'failed',
  key,
  folder: 'a/',
  folderDay: '',
  day: '2026-03-10',
  size: 1,
  etag: '"1"',
  modified: 5,
  ...NO_STEPS,
  records,
  code: 'gzip',
  message: 'cut',
  refused: false,
  at: 7,
  attempts: 1,
  counted: 7,
  tries: 1,
  due: 2,
  quarantined: false,
})

/** Makes the entry of a leaf. */
export const leaf = (
  prefix: string,
  layout: Layout = 'date',
  from = '2026-03-10',
): { k: 'leaf' } & Leaf => ({
  k: 'leaf',
  prefix,
  layout,
  from,
  missed: 0,
  seen: 1,
  first: from,
  before: '',
  baseline: 5,
  newest: '',
  looked: from,
  lookedAt: 0,
  lookAfter: '',
})

const day = fc.integer({ min: 10, max: 14 }).map(date => `2026-03-${date}`)
const key = fc.constantFrom('a', 'b', 'c')
const count = fc.nat({ max: 9 })
const is = <const K extends string>(k: K): fc.Arbitrary<K> => fc.constant(k)
const etag = fc.constantFrom('"1"', '"2"')
const prefix = key
const text = key
const steps = { records: count, bytes: count, form: text, header: count }
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    k: is('taken'),
    key,
    etag,
    size: count,
    listed: count,
    folder: prefix,
    folderDay: day,
    day,
    modified: count,
    newest: text,
    whole: fc.boolean(),
    committed: fc.record(steps),
    steps: fc.array(fc.record({ at: count, ...steps }), { maxLength: 3 }),
  }),
  fc.record({ k: is('untaken'), key }),
  key.map(one => ({ k: 'shelved' as const, f: shelfPrints([one]) })),
  key.map(one => ({ k: 'unshelved' as const, f: shelfPrints([one]) })),
  fc.record({
    k: is('host'),
    boot: text,
    pid: count,
    start: text,
    uptime: count,
    cycle: count,
    records: count,
    changes: count,
    again: fc.array(key, { maxLength: 2 }),
  }),
  fc.record({
    k: is('clock'),
    offset: count,
    suspects: count,
    believed: count,
    believedOffset: count,
    latest: count,
    before: day,
    usual: count,
    calm: count,
  }),
  fc.record({
    k: is('cycle'),
    number: count,
    at: count,
    clockOffset: count,
    outcome: fc.constantFrom('done', 'partial', 'cursor'),
    summary: fc.record({ records: count }),
    left: fc.array(count, { maxLength: 2 }),
  }),
  fc.record({ k: is('drop'), before: day }),
  fc.tuple(key, count).map(([key, records]) => failed(key, records)),
  fc.record({
    k: is('partial'),
    key,
    etag,
    size: count,
    ...steps,
    cut: count,
    share: count,
  }),
  fc.record({ k: is('settled'), key }),
  fc.tuple(prefix, day).map(([at, from]) => leaf(at, 'hive', from)),
  fc.record({ k: is('older'), upTo: is(''), from: day, number: count }),
  fc.record({
    k: is('silence'),
    settings: text,
    noFolders: text,
    noObjects: text,
    passed: fc.boolean(),
    at: count,
  }),
  fc.record({
    k: is('verify'),
    until: count,
    notProved: count,
    began: fc.integer({ min: 1, max: 9 }),
    from: count,
    to: count,
    after: prefix,
    cut: count,
    digests: count,
    logs: count,
    pending: count,
    faults: count,
    named: fc.array(text, { maxLength: 3 }),
    unsigned: text,
  }),
  fc.record({
    k: is('lookBack'),
    began: count,
    ended: count,
    complete: count,
    found: count,
  }),
  fc.record({
    k: is('patterns'),
    text: key,
    former: fc.array(fc.record({ text: key, before: count })),
  }),
  fc.record({ k: is('moved'), ids: fc.array(count) }),
  fc.record({ k: is('gone'), prefix, layout: is('hive') }),
  fc.record({
    k: is('discovery'),
    number: count,
    shape: key,
    since: count,
    begun: count,
    complete: count,
    baseline: count,
    from: day,
    left: fc.array(fc.record({ prefix, after: key })),
    stuck: fc.boolean(),
  }),
)
const listing = fc.record({
  listed: count,
  swept: count,
  begun: count,
  resume: key,
  token: key,
  disordered: fc.boolean(),
  restarts: count,
  after: key,
  dirty: fc.boolean(),
  unclean: day,
})
/** One thing to do. */
export const operation = fc.oneof(
  fc.record({ do: is('record'), entry }),
  fc.record({ do: is('commit'), prefix, day, count }),
  fc.record({ do: is('list'), prefix, day, listing }),
  fc.record({ do: fc.constantFrom('flush', 'reopen') }),
)
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

/** Does it; gives the cursor that is open afterwards. */
export async function perform(
  one: Operation,
  cursor: Cursor,
  path: string,
): Promise<Cursor> {
  if ('prefix' in one) {
    // A folder of a day, and one without days.
    const filed = one.prefix === 'c' ? '' : one.day
    const folder = cursor.partition(`${one.prefix}/${filed}/`, filed)
    const newest = `${one.day}T00:00:00Z`
    if (one.do === 'commit')
      cursor.commit(folder, one.day, BigInt(one.count), newest)
    else {
      const id = cursor.idOf(folder)
      cursor.record({ k: 'listing', id, ...one.listing })
      cursor.record({ k: 'listed', at: 5, ids: [id, 999] })
    }
  } else if ('entry' in one) cursor.record(one.entry)
  else if (one.do === 'flush') await cursor.flush()
  else return reopen(cursor, path)
  return cursor
}
