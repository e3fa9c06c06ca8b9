// Objects that cannot be read, among many that can: the others come in the
// first cycle, each bad one is named with its reason, gives what is whole of
// it once over all attempts, is asked for in cycles 1, 2, 4, 8 and 16, and
// then no more until someone asks for it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deflateSync, gzipSync } from 'node:zlib'
import {
  bomb,
  brokenObjects,
  document,
  events,
} from '../lib/s3/broken-objects.ts'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf, type Output } from '../lib/cycle/exactly-once.ts'
import type { Fault } from '../lib/s3/faults.ts'

const MIB = 1024 * 1024
const TODAY = daysAgo(0)

t.test('the others flow, the bad are tried and given up', async t => {
  const { s3, run, runHere } = await startCollector(t)
  for (let index = 0; index < 12; index++)
    s3.put(trailKey(TODAY, `good-${index}`), cloudTrailObject(50))
  const stock = stockOf(s3)
  const good = [...stock.keys()]

  const says = new Map<string, RegExp>()
  for (const { name, body, whole, says: reason } of brokenObjects()) {
    const key = trailKey(TODAY, name)
    s3.put(key, body)
    stock.set(key, whole)
    says.set(key, reason)
  }
  const bad = (name: string, reason: RegExp, options = {}): string => {
    const key = trailKey(TODAY, name)
    s3.put(key, gzipSync(document(events(name, 5))), options)
    says.set(key, reason)
    return key
  }
  bad('archived', /archive/, { storageClass: 'GLACIER' })
  const answers = new Map<string, Fault>([
    [bad('denied', /AccessDenied/), { status: 403, code: 'AccessDenied' }],
    [bad('kms', /kms/i), { status: 400, code: 'KMS.DisabledException' }],
    [bad('short', /bytes/), { kind: 'short', length: 20 }],
  ])
  const deleted = bad('deleted', /NoSuchKey|deleted/)
  // What changes after it was listed is taken as it is now.
  const changed = trailKey(TODAY, 'changed')
  s3.put(changed, gzipSync(document(events('changed', 5))))
  const mended = events('changed', 7)
  stock.set(changed, mended)
  s3.fault = ({ kind, key = '' }) => {
    if (kind !== 'GET') return undefined
    if (key === deleted) s3.delete(key)
    if (key === changed) s3.put(key, gzipSync(document(mended)))
    return answers.get(key)
  }

  const first = await run()
  t.equal(first.code, 1)
  for (const key of good) t.ok(first.stdout.includes(key), `${key} comes`)
  for (const [key, reason] of says)
    t.match(
      first.events.find(line => line['key'] === key),
      { level: 'error', event: 'object_failed', message: reason, attempts: 1 },
    )
  t.match(first.summary, {
    objects_done: good.length + 1,
    objects_failed: says.size,
    objects_quarantined: 0,
  })

  const asked = new Map([...says.keys()].map(key => [key, [1]]))
  const runs: Output[] = [first]
  for (let cycle = 2; cycle <= 18; cycle++) {
    s3.resetRequests()
    const { outcome, summary, ...output } = await runHere()
    runs.push(output)
    for (const key of new Set(s3.requests.map(({ key = '' }) => key)))
      asked.get(key)?.push(cycle)
    const isAttempt = [2, 4, 8, 16].includes(cycle)
    t.equal(outcome, isAttempt ? 'partial' : 'done', `cycle ${cycle}`)
    // Of what is refused or not reached one attempt an hour counts.
    const given = says.size - answers.size
    if (cycle === 18) t.equal(summary['objects_quarantined'], given)
  }
  for (const [key, cycles] of asked) t.strictSame(cycles, [1, 2, 4, 8, 16], key)
  t.strictSame(differences(stock, runs), [])
})

t.test('retry --all and mended objects give their records', async t => {
  const { s3, run, runHere } = await startCollector(t, { MaxObjectAttempts: 1 })
  const broken = brokenObjects()
  for (const { name, body } of broken) s3.put(trailKey(TODAY, name), body)
  t.equal((await runHere()).outcome, 'partial')
  for (const { name } of broken)
    s3.put(trailKey(TODAY, name), gzipSync(document(events(name, 30))))
  t.equal((await runHere()).stdout, '', 'not before someone asks')
  t.equal((await run(['retry', '--all'])).code, 0)
  const mended = await runHere()
  t.equal(mended.outcome, 'done')
  t.strictSame(differences(stockOf(s3), [mended]), [], 'whole, once')
  t.equal((await runHere()).stdout, '')
})

t.test('what is no flow log fails by its form, and nothing of it', async t => {
  const { s3, runHere } = await startCollector(t, {
    LogType: 'VPCFlowLogs',
    Inclusions: '',
  })
  const folder = `AWSLogs/111122223333/vpcflowlogs/us-east-1/${TODAY.replaceAll('-', '/')}`
  const log = 'version srcaddr dstaddr\n2 10.0.0.1 10.0.0.2\n'
  const json = document(events('trail', 5))
  const forms: [name: string, body: Buffer | string, says: RegExp][] = [
    ['twice', gzipSync(gzipSync(log)), /The gzip data holds gzip/],
    ['zlib', deflateSync(log), /The object is zlib/],
    ['parquet', gzipSync('PAR1....PAR1'), /The gzip data holds Parquet/],
    ['page', '<!doctype html><title>502</title>', /HTML/],
    ['json', gzipSync(json), /JSON/],
    ['lines', '{"version":2}\n{"version":2}\n', /JSON/],
    ['csv', gzipSync(log.replaceAll(' ', ',')), /CSV/],
    ['utf16', Buffer.from(log, 'utf16le'), /UTF-16/],
  ]
  for (const [name, body] of forms) s3.put(`${folder}/${name}.log.gz`, body)
  s3.put(`${folder}/good.log.gz`, gzipSync(log))
  const { outcome, stdout, events: said } = await runHere()
  t.equal(outcome, 'partial')
  t.match(stdout, /^[^\n]*good\.log\.gz[^\n]*\n$/, 'one line')
  for (const [name, , says] of forms)
    t.match(
      said.find(line => line['key'] === `${folder}/${name}.log.gz`),
      { event: 'object_failed', message: says, attempts: 1, records: 0 },
    )
  t.equal((await runHere()).stdout, '')
})

t.test('an empty object is none', async t => {
  const { s3, runHere } = await startCollector(t)
  s3.put(trailKey(TODAY, 'empty'), '')
  s3.put(trailKey(TODAY, 'good'), cloudTrailObject(5))
  const first = await runHere()
  t.equal(first.stdout.split('\n').length, 6)
  t.equal((await runHere()).stdout, '')
})

t.test('a bomb ends soon and in flat memory', async t => {
  const { s3, folder, run } = await startCollector(t, {
    MaxObjectAttempts: 1,
    MaxCycleSeconds: 600,
  })
  const key = trailKey(TODAY, 'bomb')
  s3.put(key, bomb())
  s3.put(trailKey(TODAY, 'good'), cloudTrailObject(5))
  const peak = join(folder, 'peak')
  const preload = join(folder, 'preload.cjs')
  writeFileSync(
    preload,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`,
  )
  const first = await run(['collect'], { NODE_OPTIONS: `--require=${preload}` })
  t.equal(first.code, 1)
  t.equal(first.records.length, 5)
  const [failed] = first.events.filter(line => line['key'] === key)
  t.match(failed, { event: 'object_failed', message: /inflates to more than/ })
  const megabytes = (Number(readFileSync(peak, 'utf8')) * 1024) / MIB
  t.ok(megabytes < 150, `${megabytes} MiB`)
  s3.resetRequests()
  t.equal((await run()).code, 0)
  t.equal(s3.count('GET'), 0, 'and is not asked for again')
})
