// A day again, on the built program and through real pipes: exactly its records,
// whatever the cursor holds, and the cursor as it was.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { brokenObjects, document, events } from '../lib/s3/broken-objects.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  USER_ENV,
  type Collector,
} from '../lib/hosts/collector.ts'
import { differences, stockOf, type Stock } from '../lib/cycle/exactly-once.ts'
import { folderState } from '../lib/files/folder-state.ts'
import { runProgram } from '../lib/hosts/run-program.ts'
import { SOON_MS, untilThere } from '../lib/hosts/interrupted-run.ts'

const MIB = 1024 * 1024

/** What lies in the folders of a day. */
function stockOfDay(s3: Collector['s3'], day: string): Stock {
  const folder = `/${day.replaceAll('-', '/')}/`
  return new Map([...stockOf(s3)].filter(([key]) => key.includes(folder)))
}

t.test('each day, collected or not, with another at work', async t => {
  const collector = await startCollector(t, { MaxCycleMegabytes: 1 })
  const { s3, folder, ini, run, runHere } = collector
  const days = [0, 1, 40].map(days => daysAgo(days))
  for (const [index, day] of days.entries())
    for (let name = 0; name < 8; name++)
      s3.put(
        trailKey(day, `n-${name}`, {
          account: String(111122223333 + (name % 2)),
        }),
        cloudTrailObject(100 * (3 - index), 300),
      )
  await runHere()
  const cursor = `${ini}.cursor`
  const now = new Date().toISOString()
  const holder = { ...thisProcess(), token: 'd'.repeat(16), renewed: now }
  writeFileSync(`${cursor}.lock`, JSON.stringify(holder))
  const before = folderState(folder)
  for (const day of days) {
    const replayed = await run(['replay', '--day', day])
    t.equal(replayed.code, 0)
    const stock = stockOfDay(s3, day)
    t.strictSame(differences(stock, [replayed]), [], 'each record once')
    t.match(replayed.events, [
      { event: 'summary', day, objects_found: 8, objects_done: 8 },
    ])
    t.notMatch(replayed.stdout + replayed.stderr, /a test secret/)
  }
  t.ok(stockOfDay(s3, days[0] ?? '').size === 8)
  t.strictSame(folderState(folder), before)
})

t.test(
  'large bodies leave nothing behind, nor does a day without any',
  async t => {
    const { s3, folder, ini, run } = await startCollector(t)
    const tmp = join(folder, 'tmp')
    mkdirSync(tmp)
    const large = gzipSync(document(events('large', 40, 250_000)), { level: 1 })
    t.ok(large.length > 8 * MIB)
    s3.put(trailKey(daysAgo(3), 'large'), large)
    s3.put(trailKey(daysAgo(3), 'small'), cloudTrailObject(5))
    let spooled = 0
    s3.fault = ({ kind }) => {
      spooled = Math.max(spooled, readdirSync(tmp).length)
      return kind === 'GET' ? { kind: 'cut', after: 3 * MIB } : undefined
    }
    const args = ['replay', '--day', daysAgo(3)]
    const replayed = await run(args, { TMPDIR: tmp })
    t.equal(replayed.code, 0)
    t.strictSame(differences(stockOf(s3), [replayed]), [])
    t.equal(spooled, 1, 'it went to the disk')
    t.strictSame(readdirSync(tmp), [])
    t.notOk(existsSync(`${ini}.cursor`))
    const empty = await run(['replay', '--day', daysAgo(4)], { TMPDIR: tmp })
    t.match(empty, { code: 0, stdout: '' })
    t.match(empty.summary, { objects_found: 0, records: 0 })
  },
)

t.test('one broken object is named, the others come', async t => {
  const { s3, run } = await startCollector(t)
  const day = daysAgo(2)
  for (let name = 0; name < 12; name++)
    s3.put(trailKey(day, `n-${name}`), cloudTrailObject(5))
  const stock = stockOf(s3)
  const [broken] = brokenObjects()
  if (broken === undefined) throw new Error('there are some')
  const key = trailKey(day, broken.name)
  s3.put(key, broken.body)
  stock.set(key, broken.whole)
  const refused = trailKey(day, 'refused')
  s3.put(refused, cloudTrailObject(5))
  s3.fault = request =>
    request.key === refused ? { status: 403, code: 'AccessDenied' } : undefined
  const replayed = await run(['replay', '--day', day])
  t.equal(replayed.code, 1)
  t.strictSame(differences(stock, [replayed]), [])
  const failures = replayed.events.slice(0, -1)
  t.strictSame(
    failures.map(line => line['key']).toSorted(),
    [key, refused].toSorted(),
  )
  for (const line of failures)
    t.match(line, { level: 'error', event: 'object_failed' })
  t.match(replayed.events.at(-1), {
    event: 'summary',
    objects_found: 14,
    objects_done: 12,
    objects_failed: 2,
    objects_left: 0,
  })
})

async function putMuch(t: Test) {
  const collector = await startCollector(t)
  for (let name = 0; name < 30; name++)
    putToday(collector.s3, `n-${name}`, 500, 300)
  return {
    ...collector,
    args: `replay --day ${daysAgo(0)} --config "${collector.ini}"`,
  }
}

for (const [reader, cat] of [
  ['that reads', 'cat'],
  ['that stands still', untilThere('gone')],
])
  t.test(`SIGTERM before a host ${reader}`, async t => {
    const { s3, folder, script, args } = await putMuch(t)
    await script(`
      { "$1" "$2" ${args} 2>err & echo $! >pid
        wait $!; echo $? >code; date +%s%3N >gone; } |
      { head -c 3000000; date +%s%3N >sent
        kill -TERM $(cat pid); ${cat}; } >out`)
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    t.equal(read('code'), '0\n')
    t.ok(Number(read('gone')) - Number(read('sent')) < SOON_MS)
    const said = read('err').trim().split('\n')
    t.match(
      said.map(line => JSON.parse(line)),
      [{ event: 'stopped' }, { event: 'summary', message: 'replay ended' }],
    )
    if (cat !== 'cat') return
    const lines = read('out').split('\n')
    t.equal(lines.pop(), '', 'the last line is whole')
    t.ok(lines.length > 100 && lines.length < 15_000, 'it was stopped')
    const keys = new Set(s3.objects.keys())
    for (const line of lines) {
      const { s3_object } = JSON.parse(line) as { s3_object: string }
      if (!keys.has(s3_object.replace('s3://logs/', ''))) t.fail(line)
    }
  })

t.test('a host that goes away: exit 6', async t => {
  const { ini } = await putMuch(t)
  const args = ['replay', '--day', daysAgo(0), '--config', ini]
  const gone = await runProgram(args, {
    env: USER_ENV,
    reader: 'head -c 100000',
  })
  t.equal(gone.code, 6)
  t.match(gone.events, [{ event: 'host_gone' }, { event: 'summary' }])
})

t.test('a day that is none: exit 2, and how to write it', async t => {
  const { run } = await startCollector(t)
  for (const day of [[], ['--day', '2026-02-30']]) {
    const refused = await run(['replay', ...day])
    t.equal(refused.code, 2)
    t.match(refused.events, [{ event: 'usage', message: /--day YYYY-MM-DD/ }])
    t.equal(refused.stdout, '')
  }
})
