// Time: with a slow S3, a slow host, a folder of very many keys and very many
// folders each cycle ends in time, and each comes further. Small here; as large
// as one likes on demand: MEGABYTES=50 PAGES=1000 LEAVES=17000.

import { existsSync } from 'node:fs'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { document, events } from '../lib/s3/broken-objects.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  type Collector,
} from '../lib/hosts/collector.ts'
import { systemClock } from '../../src/clock.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import { collectHere, type Cycle } from '../lib/cycle/in-process-collect.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const MEGABYTES = Number(process.env['MEGABYTES'] ?? 9)
const PAGES = Number(process.env['PAGES'] ?? 40)
const LEAVES = Number(process.env['LEAVES'] ?? 300)
const MIB = 1024 * 1024
const DAY = 86_400_000
const SECONDS = 5
const MOST_CYCLES = 1000

/** Runs cycles until so many records came, or too many cycles did. */
async function runUntil(
  { runHere }: Collector,
  records: number,
  mostCycles: number,
): Promise<Cycle[]> {
  const runs = []
  let left = records
  while (left > 0 && runs.length < mostCycles) {
    const run = await runHere(undefined, systemClock.elapsed)
    runs.push(run)
    left -= run.stdout.split('\n').length - 1
  }
  return runs
}

const number = (index: number): string => String(index).padStart(8, '0')

// A busy machine begins and ends late; a cycle that knows no limit takes longer.
const inTime = (runs: readonly Cycle[]): boolean =>
  runs.every(({ ms }) => ms < SECONDS * 2000)

t.jobs = 4

t.test(
  'a slow S3: large objects come over cycles',
  { buffered: true },
  async t => {
    const collector = await startCollector(t, { MaxCycleSeconds: SECONDS })
    const { s3 } = collector
    const put = (name: string, megabytes: number): number => {
      const texts = events(name, megabytes * 100, 10_500)
      s3.put(
        trailKey(daysAgo(0), name),
        gzipSync(document(texts), { level: 1 }),
      )
      return texts.length
    }
    const large = put('large', MEGABYTES)
    const medium = put('medium', 4)
    putToday(s3, 'small', 10)
    s3.fault = ({ key }) =>
      key?.includes('large')
        ? { kind: 'slow', bytesPerSecond: 2 * MIB }
        : key?.includes('medium')
          ? { kind: 'slow', bytesPerSecond: 0.6 * MIB }
          : undefined
    const runs = await runUntil(collector, large + medium + 10, 6 + MEGABYTES)
    t.ok(inTime(runs), runs.map(({ ms }) => Math.round(ms)).join())
    t.match(runs[0]?.stdout, '/small.', 'a slow one holds up nobody')
    for (const { outcome, summary, events: said } of runs) {
      // A busy machine may let nothing come for as long as is waited for a byte.
      const stalled = said.filter(({ message }) =>
        String(message).includes('no byte came'),
      ).length
      t.equal(outcome, stalled > 0 ? 'partial' : 'done', 'slow is no fault')
      t.equal(summary['objects_failed'], stalled)
    }
    t.ok(runs.length > 1, 'it takes more than one')
    for (const name of ['large', 'medium']) {
      const starts = s3.requests
        .filter(({ key }) => key?.includes(name))
        .map(({ range }) => Number(range?.match(/\d+/)?.[0] ?? 0))
      const inOrder = starts.toSorted((a, b) => a - b)
      t.strictSame(starts, inOrder, `${name} goes on where it was cut`)
      // A busy machine may bring no byte for as long as an attempt is waited for.
      t.ok(starts.length === 1 || Number(starts.at(-1)) > 0, 'and further')
    }
    t.strictSame(differences(stockOf(s3), runs), [])
  },
)

for (const kilobytes of [10, 40])
  t.test(`a host that takes ${kilobytes} KB a second`, async t => {
    const cycle = new InProcessCycle(t)
    const keys = [cycle.put('a', 600, 300), cycle.put('b', 600, 300)]
    cycle.host = ({ text }) => cycle.clock.advance(text.length / kilobytes)
    const ids: string[] = []
    let cycles = 0
    for (; ids.length < 1200 && cycles < 40; cycles++) {
      const began = cycle.clock.elapsed()
      const { ids: some, error } = await cycle.run()
      t.equal(error, undefined)
      t.ok(some.length > 0, `${some.length} records`)
      t.ok(cycle.clock.elapsed() - began <= 20_000, 'within the time')
      ids.push(...some)
    }
    t.ok(cycles > 1)
    t.equal(new Set(ids).size, 1200)
    t.equal(ids.length, 1200, 'nothing twice')
    t.strictSame((await cycle.committed()).whole, keys)
  })

t.test('a folder of very many keys', { buffered: true }, async t => {
  const pageSize = 100
  const collector = await startCollector(t, {
    MaxCycleSeconds: SECONDS,
    MaxResultCount: pageSize,
    FilePath: 'flat/',
    SweepMinutes: 15,
    DiscoveryMinutes: 60,
  })
  const { s3 } = collector
  const old = Date.now() - 20 * DAY
  for (let index = 0; index < PAGES * pageSize; index++)
    s3.put(`flat/${number(index)}.json.gz`, 'x', { modified: old })
  const expected = [1, 2, 3, 4].map(
    quarter => `flat/${number((PAGES * pageSize * quarter) / 5)}-new.json.gz`,
  )
  const body = cloudTrailObject(1)
  for (const key of expected) s3.put(key, body)
  s3.latencyMs = 100
  const runs = await runUntil(collector, expected.length, PAGES)
  t.ok(inTime(runs), runs.map(({ ms }) => Math.round(ms)).join())
  t.ok(runs.length > 1, 'it takes more than one')
  const lists = runs.map(({ summary }) => Number(summary['lists']))
  const total = lists.reduce((sum, count) => sum + count, 0)
  // The search for folders and the listing see each page, and where time cut
  // either of them a page is asked for again.
  const most = 2 * (PAGES + runs.length)
  t.ok(total <= most, `${total} LISTs, and at most ${most} for ${PAGES} pages`)
  for (const key of expected)
    t.ok(
      runs.some(({ stdout }) => stdout.includes(key)),
      key,
    )
})

t.test('very many folders', { buffered: true }, async t => {
  const collector = await startCollector(t, {
    MaxCycleSeconds: SECONDS,
    SweepMinutes: 15,
    DiscoveryMinutes: 60,
  })
  const { s3 } = collector
  const body = cloudTrailObject(1)
  for (let index = 0; index < LEAVES; index++)
    s3.put(trailKey(daysAgo(0), 'n', { region: `region-${index}` }), body)
  s3.latencyMs = 25
  const runs = await runUntil(collector, LEAVES, MOST_CYCLES)
  t.ok(inTime(runs), runs.map(({ ms }) => Math.round(ms)).join())
  t.ok(runs.length > 1, 'it takes more than one')
  for (const { stdout } of runs.slice(1)) t.not(stdout, '', 'each finds some')
  t.strictSame(differences(stockOf(s3), runs), [])
})

t.test('the time that reading the cursor takes counts', async t => {
  const { s3, ini } = await startCollector(t, { MaxCycleSeconds: 60 })
  putToday(s3, 'a', 1)
  const lock = `${ini}.cursor.lock`
  const { elapsed } = systemClock
  // Once it is locked, half a minute has passed.
  const slow = (): number => elapsed() + (existsSync(lock) ? 30_000 : 0)
  const { summary } = await collectHere(ini, undefined, slow)
  t.equal(summary['objects_done'], 1)
  t.ok(Number(summary['duration_ms']) >= 30_000)
})
