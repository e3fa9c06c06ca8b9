// The plan and the cycle that follows agree, whatever came before; the plan
// takes no lock, writes nothing and says no secret.

import { appendFileSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  type Collector,
} from '../lib/hosts/collector.ts'
import { document, events } from '../lib/s3/broken-objects.ts'
import { folderState } from '../lib/files/folder-state.ts'

type Plan = { [name: string]: number }

/** Plans, and has the test fail if a file beside the ini is not as before. */
async function plan(t: Test, { run, folder }: Collector, args: string[] = []) {
  const before = folderState(folder)
  const { code, stdout, stderr } = await run(['plan', '--json', ...args])
  t.strictSame(
    folderState(folder),
    before,
    'nothing was changed, nothing created',
  )
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, /^\{.*\}\n$/)
  return JSON.parse(stdout) as Plan
}

async function agrees(t: Test, collector: Collector): Promise<Plan> {
  const planned = await plan(t, collector)
  const { summary } = await collector.runHere()
  t.match(summary, {
    objects_found: planned['objects'],
    bytes_in: planned['bytes'],
    lists: planned['lists'],
    gets: planned['gets'],
  })
  return planned
}

t.test('a first cycle, an idle one, and what comes between', async t => {
  const collector = await startCollector(t, {
    SweepMinutes: 15,
    DiscoveryMinutes: 60,
  })
  const { s3 } = collector
  let bytes = 0
  for (let index = 0; index < 30; index++) {
    const account = String(111122223333 + (index % 2))
    const key = trailKey(daysAgo(index % 2), `n-${index}`, { account })
    bytes += s3.put(key, cloudTrailObject(index + 1)).size
  }
  s3.put(trailKey(daysAgo(5), 'history'), cloudTrailObject(1))
  t.match(await agrees(t, collector), {
    leaves: 2,
    partitions: 4,
    objects: 30,
    gets: 30,
    bytes,
    cycles: 1,
    retries: 0,
    every_seconds: 60,
  })
  t.match(await agrees(t, collector), { leaves: 2, objects: 0, cycles: 0 })
  const { size } = putToday(s3, 'z', 3)
  t.match(await agrees(t, collector), { objects: 1, bytes: size, cycles: 1 })
  s3.put(trailKey(daysAgo(1), 'a'), cloudTrailObject(3))
  await agrees(t, collector)
})

t.test('in the middle of a backlog', async t => {
  const collector = await startCollector(t, { MaxCycleMegabytes: 1 })
  const { s3, runHere, configure } = collector
  for (let index = 0; index < 40; index++)
    s3.put(
      trailKey(daysAgo(0), `n-${index}`),
      gzipSync(document(events(`${index}`, 50, 500)), { level: 1 }),
    )
  const first = await plan(t, collector)
  t.equal(first['objects'], 40)
  t.ok(Number(first['cycles']) > 1, 'it takes several')
  const { summary } = await runHere()
  const left = Number(summary['objects_left'])
  t.ok(left > 0 && left < 40)
  const second = await plan(t, collector)
  t.equal(second['objects'], left)
  t.ok(Number(second['cycles']) > 1)
  configure({ MaxCycleMegabytes: 128 })
  t.match(await agrees(t, collector), { objects: left, cycles: 1 })
})

t.test('failed objects whose turn it is, mended or not', async t => {
  const collector = await startCollector(t)
  const { s3, runHere } = collector
  const keys = ['a', 'b', 'c'].map(name => trailKey(daysAgo(0), name))
  for (const key of keys) s3.put(key, gzipSync('{"Records":[{"a":1},{"b"'))
  await runHere()
  const [mended = '', gone = ''] = keys
  s3.put(mended, cloudTrailObject(500))
  s3.delete(gone)
  putToday(s3, 'new', 1)
  t.match(await agrees(t, collector), { objects: 4, retries: 3 })
  // The next try of what is left comes two cycles later.
  t.match(await agrees(t, collector), { objects: 0, retries: 0 })
  t.match(await agrees(t, collector), { objects: 2, retries: 2 })
})

t.test('beside a cycle at work', async t => {
  const collector = await startCollector(t)
  const { s3, runHere, ini } = collector
  putToday(s3, 'a', 1)
  await runHere()
  putToday(s3, 'b', 1)
  const holder = { ...thisProcess(), token: 'd'.repeat(16) }
  writeFileSync(
    `${ini}.cursor.lock`,
    JSON.stringify({ ...holder, renewed: new Date().toISOString() }),
  )
  appendFileSync(`${ini}.cursor`, '01234567 [{"k":"ha')
  t.match(await plan(t, collector), { objects: 1 })
})

t.test('in words, at an interval, without a secret', async t => {
  const { s3, run, configure } = await startCollector(t)
  configure({ AccessKeyId: 'AKIDTEST', SecretAccessKey: 'a test secret' })
  putToday(s3, 'a', 1)
  const planned = await run(['plan', '--every', '300'])
  t.equal(planned.code, 0)
  t.match(planned.stdout, /^New objects +1, /m)
  t.match(
    planned.stdout,
    /^A day +[\d,]+ LIST, 1 GET, with a cycle every 300 s$/m,
  )
  t.match(planned.stdout, /^Costs a day +\$0\.\d\d .*us-east-1/m)
  t.notMatch(planned.stdout + planned.stderr, /a test secret/)
})

t.test('what cannot be listed', async t => {
  const { s3, run } = await startCollector(t)
  putToday(s3, 'a', 1)
  const other = { account: '444455556666' }
  s3.put(trailKey(daysAgo(0), 'a', other), cloudTrailObject(1))
  const dated = trailKey(daysAgo(0), '', other).replace('.json.gz', '')
  s3.fault = ({ prefix }) =>
    prefix === dated ? { status: 403, code: 'AccessDenied' } : undefined
  const partly = await run(['plan', '--json'])
  t.equal(partly.code, 1)
  t.match(JSON.parse(partly.stdout), { leaves: 2, objects: 1 })
  t.match(partly.events, [{ event: 'not_listed', code: 'AccessDenied' }])
  s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  const refused = await run(['plan', '--json'])
  t.equal(refused.code, 3)
  t.equal(refused.stdout, '')
  t.match(refused.events, [{ event: 'not_collected' }])
})
