// The built program, ended at random moments until all is done: nothing is
// missing, repeats are bounded, every line is whole. Short here; long on
// demand: `npm run test:kills`, which sets KILLS, RECORDS and, to repeat a
// run, SEED.

import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  type Collector,
} from '../lib/hosts/collector.ts'
import { differences, stockOf, type Output } from '../lib/cycle/exactly-once.ts'
import {
  interruptedRun,
  moments,
  type End,
  type Moment,
  SOON_MS,
} from '../lib/hosts/interrupted-run.ts'

const KILLS = Number(process.env['KILLS'] ?? 10)
const RECORDS = Number(process.env['RECORDS'] ?? 10_000)
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const MIB = 1024 * 1024
// What may lie between the last commit and a crash: a step of 1 MiB inside an
// object, the pipe's MiB that counts as unread, 1 MiB to the next flush, and
// two batches on their way.
const UNCOMMITTED = 3.5 * MIB
const CODES: Record<End, readonly number[]> = {
  KILL: [0, 137],
  TERM: [0],
  INT: [0],
  HUP: [0],
  close: [0, 6],
}

t.comment(`SEED=${SEED}`)

/** Puts one object of so many records into a bucket, if any, and others of so many each; gives the bytes of their lines, about. */
function fill({ s3 }: Collector, { large = 0, small = 0, each = 200 }): number {
  if (large > 0) putToday(s3, 'large', large, 300)
  for (let at = 0; at < small; at += each)
    s3.put(
      trailKey(daysAgo((at / each) % 2), `n-${at}`),
      cloudTrailObject(each, 300),
    )
  return (large + small) * 1200
}

/** Ends cycles at these moments until so many did not get to their end, or all is done; then runs cycles until one finds nothing. */
async function collectAll(
  t: Test,
  collector: Collector,
  ends: readonly (readonly [End, Moment])[],
  kills = ends.length,
): Promise<{ runs: Output[]; ended: number }> {
  const runs: Output[] = []
  let ended = 0
  for (const [end, moment] of ends) {
    const run = await interruptedRun(collector, end, moment)
    const what = `${end} at ${moment.unit} ${moment.count}`
    t.ok(CODES[end].includes(run.code), `${what}: exit ${run.code}`)
    if (run.goneMs !== undefined) t.ok(run.goneMs < SOON_MS, `${what}: soon`)
    t.notMatch(run.stderr, /internal|at .*:\d+:\d+\)/, `${what}: no crash`)
    runs.push(run)
    const isEnded = run.code !== 0 || run.stderr.includes('"stopped"')
    if (isEnded) ended++
    if (ended === kills || (!isEnded && run.stdout === '')) break
  }
  t.comment(`${ended} of ${runs.length} cycles were ended`)
  for (let cycle = 0; cycle < 40; cycle++) {
    const run = await collector.run()
    t.equal(run.code, 0)
    runs.push(run)
    if (run.stdout === '') return { runs, ended }
  }
  t.fail('it never ends')
  return { runs, ended }
}

t.test(`SIGKILL, ${KILLS} times over ${RECORDS} records`, async t => {
  const collector = await startCollector(t)
  const bytes = fill(collector, {
    large: RECORDS / 2,
    small: RECORDS / 2,
  })
  const most = { requests: 20, bytes: bytes / 3, ms: 400 }
  const ends = moments(SEED, 2 * KILLS, most).map(
    moment => ['KILL', moment] as const,
  )
  const { runs, ended } = await collectAll(t, collector, ends, KILLS)
  t.ok(ended > 0)
  const repeatBytes = ended * UNCOMMITTED
  const stock = stockOf(collector.s3)
  t.strictSame(differences(stock, runs, { repeatBytes }), [])
})

t.test('signals, and a reader that closes the pipe', async t => {
  const collector = await startCollector(t)
  const bytes = fill(collector, { small: 6000, each: 25 })
  const order = ['TERM', 'close', 'INT', 'HUP', 'close'] as const
  const most = { requests: 20, bytes: bytes / 2, ms: 400 }
  const ends = moments(SEED, order.length, most).map((moment, index) => {
    const end = order[index] ?? 'TERM'
    // A close comes after bytes, whatever else was drawn.
    return end === 'close' && moment.unit !== 'byte'
      ? ([end, { unit: 'byte', count: moment.count * 1000 }] as const)
      : ([end, moment] as const)
  })
  const { runs, ended } = await collectAll(t, collector, ends)
  const repeatBytes = ended * UNCOMMITTED
  const stock = stockOf(collector.s3)
  t.strictSame(differences(stock, runs, { repeatBytes }), [])
})

t.test('SIGKILL in cycles of one MiB', async t => {
  const collector = await startCollector(t, { MaxCycleMegabytes: 1 })
  fill(collector, { large: 1500, small: 1500, each: 100 })
  const most = { requests: 10, bytes: MIB, ms: 600 }
  const ends = moments(SEED, 4, most).map(moment => ['KILL', moment] as const)
  const { runs, ended } = await collectAll(t, collector, ends)
  for (const { stdout } of runs) t.ok(Buffer.byteLength(stdout) <= MIB)
  // Such a cycle commits at its end.
  const stock = stockOf(collector.s3)
  t.strictSame(differences(stock, runs, { repeatBytes: ended * MIB }), [])
})
