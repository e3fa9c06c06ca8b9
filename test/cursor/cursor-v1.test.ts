// A cursor and its file of older days as the last program of version 1 of
// their format left them, over a bucket that is put together again here: what
// they knew is known, and the next cycle neither repeats nor loses anything.

import { copyFileSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import type { Partition } from '../../src/cursor/cursor-state.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

interface Row {
  key: string
  modified: string
  /** Its events, each with so much text; a broken one ends in the next. */
  records: number
  padding?: number
  broken?: boolean
  /** How many of them that program had emitted and committed. */
  emitted: number
}

const FIXTURE = 'test/fixtures/cursor-v1/week'
const ROWS = JSON.parse(readFileSync(`${FIXTURE}.bucket.json`, 'utf8')) as Row[]
const WRITTEN = Date.parse('2026-03-16T18:00Z')
const HOUR_MS = 3_600_000
const ACCOUNT = 'AWSLogs/111122223333/CloudTrail/'
const DATE = `${ACCOUNT}us-east-1/`
const HIVE = `${ACCOUNT}eu-west-1/`
const FLAT = 'AWSLogs/444455556666/CloudTrail/us-east-1/'
const BROKEN = `${DATE}2026/03/10/broken.json`
const HALF = `${DATE}2026/03/16/half.json`
const LARGE = `${DATE}2026/03/16/large.json`
const LATE = `${HIVE}year=2026/month=03/day=10/late.json`

const partition = (leaf: string, day: string): string => {
  const [year, month, date] = day.split('-')
  if (leaf === FLAT) return FLAT
  return leaf === DATE
    ? `${DATE}${year}/${month}/${date}/`
    : `${HIVE}year=${year}/month=${month}/day=${date}/`
}

function bodyOf({ key, modified, records, padding, broken }: Row): string {
  const name = key.split('/').at(-1)
  const events = Array.from({ length: records }, (_, index) =>
    JSON.stringify({
      eventID: `${name}-${index + 1}`,
      eventTime: modified,
      requestParameters: 'x'.repeat(padding ?? 0),
    }),
  )
  return `{"Records":[${events.join(',')}${broken ? ',{' : ']}'}`
}

const printOf = (row: Row): bigint => fingerprint(row.key, bodyOf(row).length)

/** Lists the records of an object from number `from` on. */
const idsOf = ({ key, records }: Row, from = 1): string[] =>
  Array.from({ length: records }, (_, index) => `${key}#${index + 1}`).slice(
    from - 1,
  )

/** Puts the bucket, both files and the clock as they were, half an hour later. */
function continued(t: Test, settings = ''): InProcessCycle {
  const cycle = new InProcessCycle(t, `MaxObjectAttempts=2\n${settings}`)
  for (const row of ROWS)
    cycle.store.put(row.key, Date.parse(row.modified), bodyOf(row))
  copyFileSync(`${FIXTURE}.cursor`, cycle.cursorPath)
  copyFileSync(`${FIXTURE}.cursor.late`, `${cycle.cursorPath}.late`)
  cycle.clock.advance(WRITTEN + HOUR_MS / 2 - cycle.clock.now())
  return cycle
}

function open({ cursorPath: path }: InProcessCycle): Promise<Cursor> {
  return Cursor.open({
    path,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })
}

/** Lists the objects of the bucket that one of a partition's sets holds. */
const heldBy = (folder: Partition | undefined): string[] =>
  ROWS.filter(row =>
    [...(folder?.sets.values() ?? [])].some(set => set.has(printOf(row))),
  ).map(({ key }) => key)

/** Lists the objects under a prefix that were collected whole. */
const collectedUnder = (prefix: string): string[] =>
  ROWS.filter(
    ({ key, records, emitted, broken }) =>
      key.startsWith(prefix) && !broken && emitted === records,
  ).map(({ key }) => key)

t.test('leaves of every layout are known, with their days', async t => {
  const { state } = await open(continued(t))
  const leaves = [...state.leaves.values()]
  t.strictSame(
    leaves.map(({ layout, prefix }) => `${layout} ${prefix}`).toSorted(),
    [`date ${DATE}`, `flat ${FLAT}`, `hive ${HIVE}`],
  )
  for (const leaf of leaves)
    t.match(leaf, {
      from: '2026-03-15',
      first: '2026-03-09',
      baseline: Date.parse('2026-03-10T12:00Z'),
    })
  t.match(state.discovery, {
    number: 6,
    complete: WRITTEN,
    from: '2026-03-15',
  })
})

t.test('open days and the leaf without dates hold their sets', async t => {
  const { state } = await open(continued(t))
  for (const [leaf, day] of [
    [DATE, '2026-03-15'],
    [DATE, '2026-03-16'],
    [HIVE, '2026-03-15'],
    [HIVE, '2026-03-16'],
    [FLAT, ''],
  ] as const) {
    const prefix = partition(leaf, day)
    const held = heldBy(state.partitions.get(prefix))
    t.ok(held.length > 1, `${prefix} holds some`)
    t.strictSame(held, collectedUnder(prefix))
  }
  t.equal(state.partitions.has(partition(DATE, '2026-03-14')), false)
})

t.test('tails start where they did', async t => {
  const { state } = await open(continued(t))
  // The objects of 17:00 were younger than two hours.
  for (const [leaf, name] of [
    [DATE, 'date-16-12'],
    [HIVE, 'hive-16-12'],
    [FLAT, 'flat-16-12'],
  ] as const) {
    const prefix = partition(leaf, '2026-03-16')
    t.match(state.partitions.get(prefix), {
      after: `${prefix}${name}.json`,
      listed: WRITTEN,
      swept: WRITTEN,
    })
  }
  const today = state.partitions.get(partition(DATE, '2026-03-16'))
  t.equal(today?.dirty, true, 'large.json is unsettled')
})

t.test('objects that failed, or are done in part, are known', async t => {
  const { state } = await open(continued(t))
  t.strictSame([...state.failed.keys()].toSorted(), [BROKEN, HALF])
  t.match(state.failed.get(BROKEN), {
    folderDay: '2026-03-10',
    code: 'nesting',
    attempts: 2,
    records: 0,
    quarantined: true,
  })
  t.match(state.failed.get(HALF), {
    folder: partition(DATE, '2026-03-16'),
    day: '2026-03-16',
    attempts: 1,
    due: 7,
    records: 2,
    quarantined: false,
  })
  t.strictSame([...state.partial.keys()], [LARGE])
  t.match(state.partial.get(LARGE), {
    records: ROWS.find(({ key }) => key === LARGE)?.emitted,
    size: 4_762_906,
  })
})

t.test('older days, look-back and the last cycle are known', async t => {
  const cursor = await open(continued(t))
  const { state } = cursor
  t.match(state.older, { upTo: '2026-03-14', from: '' })
  const older = (await cursor.older()).state
  for (const leaf of [DATE, HIVE])
    for (const day of [10, 11, 12, 13, 14]) {
      const prefix = partition(leaf, `2026-03-${day}`)
      t.strictSame(
        heldBy(older.partitions.get(prefix)),
        collectedUnder(prefix),
        prefix,
      )
    }
  t.match(state.lookBack, {
    began: Date.parse('2026-03-16T12:00Z'),
    ended: Date.parse('2026-03-14T12:00Z'),
  })
  t.equal(state.leaves.get(`date ${DATE}`)?.looked, '2026-03-16')
  t.match(state.leaves.get(`hive ${HIVE}`), {
    looked: '',
    lookAfter: `${partition(HIVE, '2026-03-10')}hive-10-18.json`,
  })
  t.match(state.cycle, {
    number: 6,
    at: WRITTEN,
    clockOffset: 0,
    outcome: 'partial',
    summary: { objects_failed: 1, objects_left: 2, records: 1070 },
  })
  await cursor.close()
})

t.test('the next cycle emits what was left and what is new, once', async t => {
  const cycle = continued(t)
  const fresh: Row[] = [
    ...[DATE, HIVE, FLAT].map(
      leaf => `${partition(leaf, '2026-03-16')}new.json`,
    ),
    // Of a day whose look-back is still to be ended.
    `${partition(HIVE, '2026-03-12')}also-late.json`,
  ].map(key => ({ key, modified: '2026-03-16T18:10Z', records: 2, emitted: 0 }))
  for (const row of fresh)
    cycle.store.put(row.key, Date.parse(row.modified), bodyOf(row))
  const run = await cycle.run()
  t.equal(run.error, undefined)
  t.strictSame(
    run.ids.toSorted(),
    [...ROWS, ...fresh]
      .filter(({ broken }) => !broken)
      .flatMap(row => idsOf(row, row.emitted + 1))
      .toSorted(),
  )
  t.ok(run.ids.includes(`${LATE}#1`))
  t.match(run.counts, { objects_failed: 1, objects_late: 2, objects_left: 0 })
  const { state } = await open(cycle)
  t.match(state.failed.get(HALF), { attempts: 2, records: 2 })
  t.equal(state.partial.size, 0)
  t.equal(state.cycle.number, 7)

  cycle.clock.advance(24 * HOUR_MS)
  const next = await cycle.run()
  t.strictSame([next.error, next.ids], [undefined, []], 'nothing comes again')
})

t.test('a wider window repeats none of the days it opens again', async t => {
  const cycle = continued(t, 'NoOfBackDaysData=7\n')
  const run = await cycle.run()
  t.equal(run.error, undefined)
  t.strictSame(
    run.ids.toSorted(),
    ROWS.filter(({ broken }) => !broken)
      .flatMap(row => idsOf(row, row.emitted + 1))
      .toSorted(),
  )
})
