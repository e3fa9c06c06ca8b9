// Flow logs in Parquet through the built program: beside the same rows in text,
// beside files that are damaged, through the spool, and under SIGKILL
// (KILLS=25 for more of them, SEED to repeat a run).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PIPE_DISTANCE } from '../../src/output/stdout-kind.ts'
import {
  daysAgo,
  emitted,
  startCollector,
  type Collector,
} from '../lib/hosts/collector.ts'
import { interruptedRun, moments } from '../lib/hosts/interrupted-run.ts'
import { writeParquet, type MadeColumn } from '../lib/parquet/write-parquet.ts'

const KILLS = Number(process.env['KILLS'] ?? 4)
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const OPENSEARCH = 'test/fixtures/vpcflow/opensearch'
const START = 'aws_vpc_flow-raw.lines1-250'
const MIB = 1024 * 1024
const flows = { LogType: 'VPCFlowLogs' }

const key = (name: string, day = daysAgo(0)): string =>
  `AWSLogs/111122223333/vpcflowlogs/us-east-1/${day.replaceAll('-', '/')}/${name}`

const sample = (end: string): Buffer =>
  readFileSync(join(OPENSEARCH, `${START}.${end}`))

/** Makes a file of so many rows, of which each is another. */
function rowsOf(count: number, pageRows = 1000): Buffer {
  const numbers = Array.from({ length: count }, (_, i) => i)
  const text = (name: string, of: (i: number) => string): MadeColumn => ({
    name,
    type: 'text',
    values: numbers.map(of),
  })
  const columns: MadeColumn[] = [
    { ...text('version', () => '5'), hasDictionary: true },
    text('srcaddr', i => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`),
    { name: 'bytes', type: 'int64', values: numbers },
    { name: 'start', type: 'int64', values: numbers.map(() => 1_800_000_000) },
    text('subnet_id', i => `${i}`.padEnd(600, 'x')),
  ]
  return writeParquet(columns, { pageRows, groupRows: 4 * pageRows })
}

const told = (
  { records }: Awaited<ReturnType<Collector['run']>>,
  name: string,
): object[] =>
  records
    .filter(({ s3_object }) => String(s3_object).endsWith(name))
    .map(record => ({ ...record, s3_object: '', serialnumber: '' }))

t.test('the default takes them, with the lines of text', async t => {
  const { s3, run } = await startCollector(t, flows)
  s3.put(key('a.log.gz'), sample('with-header.log.gz'))
  s3.put(key('b.log.parquet'), sample('converted-null.log.parquet'))
  s3.put(key('c.log.parquet'), sample('converted-dash.log.parquet'))
  const cycle = await run()
  t.equal(cycle.code, 0, cycle.stderr)
  t.equal(cycle.records.length, 750)
  const text = told(cycle, 'a.log.gz')
  t.strictSame(told(cycle, 'b.log.parquet'), text)
  t.strictSame(told(cycle, 'c.log.parquet'), text)
  t.equal((await run()).records.length, 0)
  const again = await run(['replay', '--day', daysAgo(0)])
  t.equal(again.stdout.trimEnd().split('\n').length, 750)
  const check = await run(['check'])
  t.match(check.stdout, /decode.*250|decode.*read as VPCFlowLogs/)
})

t.test('a damaged one fails alone, with the rows before', async t => {
  const { s3, run } = await startCollector(t, flows)
  const good = rowsOf(100, 20)
  const bad = Buffer.from(good)
  bad.fill(0xff, bad.indexOf('55xxx') - 4, bad.indexOf('55xxx'))
  s3.put(key('bad.log.parquet'), bad)
  s3.put(key('cut.log.parquet'), good.subarray(0, -50))
  s3.put(key('good.log.parquet'), good)
  const cycle = await run()
  t.equal(cycle.code, 1)
  t.equal(told(cycle, 'good.log.parquet').length, 100)
  t.equal(told(cycle, 'bad.log.parquet').length, 40)
  t.equal(told(cycle, 'cut.log.parquet').length, 0)
  t.match(cycle.stderr, /bad\.log\.parquet: The Parquet file is damaged/)
  t.match(cycle.stderr, /cut\.log\.parquet: .*does not end in PAR1/)
})

t.test(`SIGKILL, ${KILLS} times, in memory and in the spool`, async t => {
  t.comment(`SEED=${SEED}`)
  const collector = await startCollector(t, flows)
  const counts = { 'small.log.parquet': 6000, 'large.log.parquet': 16_000 }
  for (const [name, count] of Object.entries(counts))
    collector.s3.put(key(name), rowsOf(count))
  const lineBytes = 1700
  const bytes = lineBytes * 22_000
  const latest = { requests: 8, bytes: bytes / KILLS, ms: 300 }
  const runs: { records: Record<string, unknown>[]; stdout: string }[] = []
  let ended = 0
  for (const moment of moments(SEED, 3 * KILLS, latest)) {
    if (ended === KILLS) break
    const run = await interruptedRun(collector, 'KILL', moment)
    const lines = run.stdout.split('\n').slice(0, -1)
    runs.push({ ...run, records: lines.map(line => JSON.parse(line)) })
    if (run.code === 0) break
    ended++
  }
  const last = await collector.run()
  t.equal(last.code, 0, last.stderr)
  runs.push(last)
  t.equal((await collector.run()).stdout, '')
  const all = emitted(runs as never)
  const wanted = Object.entries(counts).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, i) => `s3://logs/${key(name)}#${i + 1}`),
  )
  t.strictSame([...new Set(all)].toSorted(), wanted.toSorted())
  const repeats = all.length - wanted.length
  // At most a step, the output between two saves, the lines that the host must
  // have taken behind a step, and for each of these and the pipe some batches of
  // 64 KiB. A slow disk brings most kills near to it: they fall into the save.
  const most = 2 * MIB + PIPE_DISTANCE.records * lineBytes + MIB / 2
  t.ok(repeats * lineBytes <= ended * most, `${repeats} again of ${ended}`)
})

t.test('cycles of one MiB go on where the last ended', async t => {
  const { s3, run } = await startCollector(t, {
    ...flows,
    MaxCycleMegabytes: 1,
  })
  s3.put(key('a.log.parquet'), rowsOf(2500, 400))
  const runs = []
  for (let cycle = 0; cycle < 12; cycle++) {
    const one = await run()
    t.equal(one.code, 0, one.stderr)
    runs.push(one)
    if (one.records.length === 0) break
  }
  t.ok(runs.length > 3)
  const all = emitted(runs)
  t.equal(all.length, 2500)
  t.equal(new Set(all).size, 2500)
})
