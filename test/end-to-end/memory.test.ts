import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { daysAgo, startCollector, trailKey } from '../lib/hosts/collector.ts'

const MIB = 1024 * 1024
// A little less than the largest element that is allowed.
const LARGE = 15.9 * MIB

// A record of 15.9 MiB, with what its shape asks for between the braces.
const large = (id: string, inside: string): string =>
  `{"eventID":"${id}","requestParameters":{${inside}}}`

const member = (index: number): string =>
  `"member${index}":"${'x'.repeat(180)}"`

const shapes: Record<string, string> = {
  'one text': `"text":"${'x'.repeat(LARGE)}"`,
  'text in two-byte characters': `"text":"${'語'.repeat(LARGE / 3)}"`,
  'nothing but quotes': `"text":"${'\\"'.repeat(LARGE / 2)}"`,
  'many members': Array.from({ length: 80_000 }, (_, at) => member(at)).join(),
}

t.test('records of almost 16 MiB in a row need less than 150 MiB', async t => {
  const collector = await startCollector(t, { MaxCycleSeconds: 600 })
  const hook = join(collector.folder, 'peak.cjs')
  const peak = join(collector.folder, 'peak')
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync('${peak}', String(process.resourceUsage().maxRSS)))`,
  )
  let bytes = 0
  for (const [shape, inside] of Object.entries(shapes)) {
    const records = ['1', '2', '3'].map(id => large(id, inside))
    const body = gzipSync(`{"Records":[${records.join()}]}`, { level: 1 })
    collector.s3.put(trailKey(daysAgo(0), shape.replaceAll(' ', '-')), body)
    bytes += 3 * Buffer.byteLength(records[0] ?? '')
  }

  const run = await collector.run(['collect'], {
    NODE_OPTIONS: `--require=${hook}`,
  })
  t.equal(run.code, 0)
  t.equal(run.records.length, 3 * Object.keys(shapes).length)
  let told = 0
  for (const record of run.records) {
    t.equal(record['truncated'], true)
    told += Number(record['original_bytes'])
  }
  // Quotes inside of original_message take a byte more each.
  t.ok(told > bytes && told < 2.5 * bytes)
  t.ok(run.stdout.split('\n').every(line => Buffer.byteLength(line) < MIB))
  // It is counted in kilobytes.
  const mebibytes = Number(readFileSync(peak, 'utf8')) / 1024
  t.ok(mebibytes > 40 && mebibytes < 150, `${mebibytes} MiB`)
})
