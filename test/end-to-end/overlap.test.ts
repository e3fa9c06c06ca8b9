// Two cycles on one cursor: the second leaves at once. A holder that was killed
// blocks nobody, one that lives elsewhere is not robbed.

import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { putToday, startCollector } from '../lib/hosts/collector.ts'
import { untilThere } from '../lib/hosts/interrupted-run.ts'
import type { Run } from '../lib/hosts/run-program.ts'

const holder = (more: object = {}): string =>
  JSON.stringify({
    ...thisProcess(),
    token: 'd'.repeat(16),
    renewed: '2026-01-01T00:00:00.000Z',
    ...more,
  })

function leftAtOnce(t: Test, run: Run): void {
  t.equal(run.code, 0)
  t.equal(run.stdout, '')
  t.match(run.events, [{ level: 'info', event: 'locked' }])
}

const ROUNDS = 5
const STARTERS = 5

t.test('of cycles started at once, one is at work', async t => {
  const { s3, ini, run } = await startCollector(t)
  for (let round = 0; round < ROUNDS; round++) {
    putToday(s3, `n-${round}`, 1)
    // The one at work gets its first answer when all others have left.
    let left = 0
    const othersLeft = new AbortController()
    s3.fault = async () => {
      const { signal } = othersLeft
      if (!signal.aborted) await once(signal, 'abort')
      return undefined
    }
    const runs = await Promise.all(
      Array.from({ length: STARTERS }, async () => {
        const one = await run()
        if (++left === STARTERS - 1) othersLeft.abort()
        return one
      }),
    )
    const [first, ...more] = runs.filter(one => one.stdout !== '')
    t.equal(first?.records.length, 1)
    t.equal(more.length, 0)
    for (const one of runs) if (one !== first) leftAtOnce(t, one)
    t.notOk(existsSync(`${ini}.cursor.lock`))
  }
})

t.test('a killed holder blocks nobody', async t => {
  const { s3, ini, folder, script, run } = await startCollector(t)
  putToday(s3, 'a', 1)
  s3.fault = () => {
    writeFileSync(join(folder, 'stalled'), '')
    return { kind: 'stall' }
  }
  await script(`
    "$@" >out 2>err & ${untilThere('stalled')}
    kill -KILL $!; wait $!`)
  s3.fault = undefined
  const lock = `${ini}.cursor.lock`
  t.ok(existsSync(lock), 'it left its lock')
  t.equal((await run()).records.length, 1)
  if (thisProcess().start === '') return
  writeFileSync(lock, holder({ start: '1' }))
  putToday(s3, 'b', 1)
  t.equal((await run()).records.length, 1, 'nor does its pid in other hands')
})

t.test('a holder elsewhere is left alone while it may live', async t => {
  const { s3, ini, run } = await startCollector(t)
  putToday(s3, 'a', 1)
  const lock = `${ini}.cursor.lock`
  for (const text of [holder(), holder({ host: 'elsewhere' }), 'garbage']) {
    writeFileSync(lock, text)
    leftAtOnce(t, await run())
    t.equal(readFileSync(lock, 'utf8'), text, 'not touched')
  }
  t.equal((await run(['status'])).code, 0, 'status needs no lock')
  writeFileSync(lock, holder({ host: 'elsewhere' }))
  const past = Date.now() / 1000 - 65
  utimesSync(lock, past, past)
  t.equal((await run()).records.length, 1, 'not renewed for a minute')
  t.notOk(existsSync(lock))
})

t.test('a folder in the place of the lock is named, and left', async t => {
  const { ini, run } = await startCollector(t)
  const lock = `${ini}.cursor.lock`
  mkdirSync(lock)
  const { code, stdout, events } = await run()
  t.equal(code, 5)
  t.equal(stdout, '')
  t.match(events, [{ event: 'cursor', message: /\.lock .*folder; remove it$/ }])
  rmdirSync(lock)
})
