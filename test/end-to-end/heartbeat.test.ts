// With EmitHeartbeat each cycle ends with a record about itself, idle, busy,
// partial or failed. A cycle that a signal ends has none.

import { appendFileSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import type { Cycle } from '../lib/cycle/in-process-collect.ts'
import type { Line } from '../lib/hosts/run-program.ts'

const ON = { EmitHeartbeat: 'true' }
const key = (name: string): string => trailKey(daysAgo(0), name)

// What a cycle printed: its records, and the heartbeat that ends them.
function split({ stdout }: Pick<Cycle, 'stdout'>) {
  const lines = stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
  const beats = lines.filter(line => line['device_type'] === 'lr-s3-input')
  return { beats, events: lines.length - beats.length, last: lines.at(-1) }
}

t.test('by default an idle cycle prints nothing at all', async t => {
  const { s3, runHere } = await startCollector(t)
  s3.put(key('a'), cloudTrailObject(3))
  t.strictSame(split(await runHere()).beats, [])
  t.equal((await runHere()).stdout, '')
})

t.test('a busy, an idle and a partial cycle each end with it', async t => {
  const { s3, runHere } = await startCollector(t, ON)
  s3.put(key('a'), cloudTrailObject(3))
  const busy = await runHere()
  t.equal(split(busy).events, 3)
  t.equal(split(busy).beats.length, 1)
  const [line = ''] = busy.stdout.split('\n').slice(-2)
  t.match(split(busy).last, {
    device_type: 'lr-s3-input',
    status: 'ok',
    quantity: 3,
    size: Buffer.byteLength(busy.stdout) - Buffer.byteLength(line) - 1,
    objects_done: 1,
    objects_left: 0,
    newest_event: '2026-01-02T03:04:05.000Z',
    lag_seconds: busy.summary['lag_seconds'],
  })
  t.match(busy.summary, { records: 3, bytes_out: split(busy).last?.['size'] })
  t.notOk(Object.hasOwn(split(busy).last ?? {}, 'reason'))

  const idle = await runHere()
  t.equal(split(idle).events, 0)
  t.match(split(idle).beats, [{ status: 'ok', quantity: 0, size: 0 }])

  s3.put(key('b'), cloudTrailObject(300, 300).subarray(0, 2000))
  s3.put(key('c'), cloudTrailObject(2))
  const partial = await runHere()
  t.equal(partial.outcome, 'partial')
  t.match(split(partial).last, {
    status: 'partial',
    objects_failed: 1,
    quantity: split(partial).events,
    reason: 'objects that failed in this cycle: 1; `status` names them',
  })
  t.equal(split(await runHere()).last?.['objects_failed'], 1, 'the retry')
})

t.test('an outage has a reason, and leaves no cursor', async t => {
  const { s3, ini, runHere } = await startCollector(t, ON)
  s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  const refused = await runHere()
  t.equal(refused.outcome, 'access')
  t.match(split(refused).beats, [
    { status: 'outage', quantity: 0, reason: /AccessDenied/ },
  ])
  t.throws(() => readFileSync(`${ini}.cursor`), { code: 'ENOENT' })

  s3.close()
  const began = Date.now()
  const unreached = await runHere()
  t.equal(unreached.outcome, 'network')
  t.match(split(unreached).beats, [
    { status: 'outage', reason: /ECONNREFUSED/ },
  ])
  const at = Number(split(unreached).last?.['s3_record'])
  t.ok(at >= began && at <= Date.now(), "this machine's time")
})

t.test('refused objects are an outage, a reached limit is not', async t => {
  const { s3, configure, runHere } = await startCollector(t, ON)
  for (let index = 0; index < 12; index++)
    s3.put(key(`n-${index}`), cloudTrailObject(100, 9000))
  s3.fault = ({ kind }) =>
    kind === 'GET' ? { status: 403, code: 'AccessDenied' } : undefined
  t.match(split(await runHere()).last, {
    status: 'outage',
    reason: /^all 12 objects/,
    objects_left: 12,
  })
  s3.fault = () => undefined
  configure({ MaxCycleMegabytes: 1 })
  const { last, events } = split(await runHere())
  t.match(last, { status: 'ok', quantity: events }, 'it is no part of it')
  t.ok(Number(last?.['size']) > 1_000_000)
  t.ok(Number(last?.['objects_left']) > 9)
})

t.test('a slow host gets it last, after the commits', async t => {
  const { s3, ini, runHere } = await startCollector(t, ON)
  for (let index = 0; index < 3; index++)
    s3.put(key(`n-${index}`), cloudTrailObject(300, 500))
  let cursorThen = ''
  const slow = await runHere(async batch => {
    if (batch.includes('"lr-s3-input","msgsource"'))
      cursorThen = readFileSync(`${ini}.cursor`, 'latin1')
    await setImmediate()
  })
  t.equal(slow.outcome, 'done')
  t.equal(split(slow).beats.length, 1)
  t.match(split(slow).last, { quantity: 900, objects_left: 0 })
  t.match(cursorThen, '"k":"cycle"')
})

t.test('a cursor that is lost on the way is an error', async t => {
  const { s3, ini, runHere } = await startCollector(t, ON)
  await runHere()
  s3.put(key('a'), cloudTrailObject(3))
  let batches = 0
  const lost = await runHere(async () => {
    if (batches++ === 0) appendFileSync(`${ini}.cursor`, 'x')
  })
  t.equal(lost.outcome, 'cursor')
  t.match(split(lost).last, { status: 'error', reason: /\.cursor/ })
})

t.test('the built program prints one, and none after SIGTERM', async t => {
  const { s3, folder, run, script } = await startCollector(t, ON)
  s3.put(key('a'), cloudTrailObject(3))
  // The last line is held back half a second: the signal comes before it.
  await script(`
    { "$@" 2>err & echo $! >pid; wait $!; echo $? >code; } |
    { head -n 2; kill -TERM $(cat pid); cat; } >out`)
  t.equal(readFileSync(join(folder, 'code'), 'utf8'), '0\n')
  const stopped = { stdout: readFileSync(join(folder, 'out'), 'utf8') }
  t.strictSame(split(stopped).beats, [])
  t.ok(split(stopped).events < 3)
  const { code, records, summary } = await run()
  t.equal(code, 0)
  t.equal(records.length, 4, 'nothing of the first was committed')
  t.match(records[3], { device_type: 'lr-s3-input', quantity: 3 })
  t.equal(summary['records'], 3)
})
