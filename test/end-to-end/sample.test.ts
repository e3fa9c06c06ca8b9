// The safe look, on the built program: the newest records, and nothing changed.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { daysAgo, startCollector, trailKey } from '../lib/hosts/collector.ts'
import { folderState } from '../lib/files/folder-state.ts'

/** An object with an event at each of these seconds of a minute. */
const objectOf = (...seconds: number[]): Buffer =>
  gzipSync(
    JSON.stringify({
      Records: seconds.map(second => ({
        eventTime: `2026-01-02T03:04:${String(second).padStart(2, '0')}Z`,
        eventName: `at-${second}`,
      })),
    }),
  )

const named = ({ stdout }: { stdout: string }): unknown[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => (JSON.parse(line) as { vmid: unknown }).vmid)

t.test('the newest records of all folders, the newest last', async t => {
  const { s3, folder, ini, run, runHere } = await startCollector(t)
  const tmp = join(folder, 'tmp')
  mkdirSync(tmp)
  const { clock } = s3
  for (let index = 0; index < 12; index++) {
    const account = String(111122223333 + index)
    // The newest object is the last to have come, not the last by name.
    s3.clock = () => clock() - 3_600_000
    s3.put(trailKey(daysAgo(0), 'z', { account }), objectOf(59))
    s3.clock = () => clock() - 10_000 * (12 - index)
    s3.put(trailKey(daysAgo(0), 'a', { account }), objectOf(index, index + 20))
  }
  s3.clock = clock
  s3.put(trailKey(daysAgo(0), 'big'), objectOf(3, 40, 2))
  await runHere()
  const now = new Date().toISOString()
  const holder = { ...thisProcess(), token: 'd'.repeat(16), renewed: now }
  writeFileSync(`${ini}.cursor.lock`, JSON.stringify(holder))
  const before = folderState(folder)
  const one = await run(['sample'], { TMPDIR: tmp })
  t.equal(one.code, 0)
  t.equal(one.stderr, '')
  t.strictSame(named(one), ['at-40'])
  const four = await run(['sample', '-n', '4'], { TMPDIR: tmp })
  t.strictSame(named(four), ['at-29', 'at-30', 'at-31', 'at-40'])
  const all = await run(['sample', '-n', '1000'])
  t.equal(named(all).length, 9 * 2 + 3, 'of ten folders')
  t.strictSame(folderState(folder), before, 'nothing is committed')
  t.strictSame(readdirSync(tmp), [])
})

t.test('exit 1 where there are none, 2 where that is no number', async t => {
  const { s3, run } = await startCollector(t)
  const none = await run(['sample'])
  t.equal(none.code, 1)
  t.match(none.events, [{ level: 'error', event: 'no_records' }])
  s3.put(trailKey(daysAgo(0), 'a'), gzipSync('{"Records":[]}'))
  t.equal((await run(['sample'])).code, 1)
  s3.put(trailKey(daysAgo(0), 'b'), 'no gzip')
  const broken = await run(['sample'])
  t.equal(broken.code, 1)
  t.match(broken.events, [{ event: 'object_failed' }])
  for (const number of ['0', '1001', '-1', 'x'])
    t.equal((await run(['sample', `-n${number}`])).code, 2, number)
})

t.test('what is refused is exit 3', async t => {
  const { s3, run } = await startCollector(t)
  s3.put(trailKey(daysAgo(0), 'a'), objectOf(1))
  s3.fault = ({ kind }) =>
    kind === 'GET' ? { status: 403, code: 'AccessDenied' } : undefined
  t.equal((await run(['sample'])).code, 3)
  s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  t.equal((await run(['sample'])).code, 3)
})

t.test('it ends quietly with its reader', async t => {
  const { s3, ini, script, folder } = await startCollector(t)
  const seconds = Array.from({ length: 50 }, (_, index) => index)
  s3.put(trailKey(daysAgo(0), 'a'), objectOf(...seconds))
  await script(
    `{ "$1" "$2" sample -n 50 --config ${ini} 2>said; echo $? >code; } | true`,
  )
  t.equal(readFileSync(join(folder, 'code'), 'utf8'), '0\n')
  t.equal(readFileSync(join(folder, 'said'), 'utf8'), '')
})
