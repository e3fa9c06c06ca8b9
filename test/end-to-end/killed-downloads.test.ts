// A large object whose download or emission is ended in its middle: what was
// fetched is not fetched again, what was printed comes again only in part,
// and nothing is left on the disk.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { document, events } from '../lib/s3/broken-objects.ts'
import { daysAgo, startCollector, trailKey } from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import {
  interruptedRun,
  moments,
  type Watch,
  SOON_MS,
} from '../lib/hosts/interrupted-run.ts'

const MIB = 1024 * 1024
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const KILLS = Math.min(Number(process.env['KILLS'] ?? 3), 12)
const KEY = trailKey(daysAgo(0), 'large')
const STALLS_AT = 5 * MIB
// What the commit rule holds back for lines of 2.3 KB, 1,100 of them, a step
// of 1 MiB inside the object, 1 MiB to the next flush, and two batches.
const UNCOMMITTED = 5.5 * MIB

/** Makes an object of so many records that has at least a kilobyte for each. */
const large = (name: string, records = 9000): Buffer =>
  gzipSync(document(events(name, records, 1024)), { level: 1 })

const spooled = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder).reduce(
        (sum, name) => sum + statSync(join(folder, name)).size,
        0,
      )
    : 0

t.comment(`SEED=${SEED}`)

for (const end of ['KILL', 'TERM'] as const)
  for (const isChanged of [false, true])
    t.test(
      `SIG${end} while it is fetched${isChanged ? ', then it changes' : ''}`,
      async t => {
        const collector = await startCollector(t)
        const { s3, ini, run } = collector
        const folder = `${ini}.cursor.spool`
        s3.put(KEY, large('first'))
        s3.fault = ({ key, range }) =>
          key === KEY && range === undefined
            ? { kind: 'stall-body', after: STALLS_AT }
            : undefined
        const watch: Watch = kill => {
          const timer = setInterval(() => {
            // The last piece may still be on its way to the disk.
            if (spooled(folder) < STALLS_AT - MIB) return
            clearInterval(timer)
            kill()
          }, 20)
          t.teardown(() => clearInterval(timer))
        }
        const ended = await interruptedRun(collector, end, watch)
        t.not(ended.goneMs, undefined, 'most of it is on the disk')
        t.ok(Number(ended.goneMs) < SOON_MS)
        t.equal(ended.stdout, '')
        s3.fault = undefined
        s3.resetRequests()
        if (isChanged) s3.put(KEY, large('second'))
        const next = await run()
        const asked = s3.requests
          .filter(({ key, status }) => key === KEY && status < 300)
          .map(({ range }) => Number(range?.match(/\d+/)?.[0] ?? 0))
        t.equal(asked.length, 1)
        if (isChanged) t.equal(asked[0], 0, 'anew')
        else t.ok(Number(asked[0]) >= STALLS_AT - MIB, `from ${asked[0]} on`)
        t.equal(next.code, 0)
        t.strictSame(differences(stockOf(s3), [next]), [])
        t.notOk(existsSync(folder), 'nothing is left on the disk')
      },
    )

t.test('SIGKILL while it is fetched and printed, at random', async t => {
  const collector = await startCollector(t)
  const { s3, ini, run } = collector
  s3.put(KEY, large('random', 12_000))
  s3.put(trailKey(daysAgo(0), 'small'), large('small', 100))
  s3.fault = ({ kind }) =>
    kind === 'GET' ? { kind: 'slow', bytesPerSecond: 40 * MIB } : undefined
  const runs = []
  let kills = 0
  const most = { requests: 5, bytes: 15 * MIB, ms: 800 }
  for (const moment of moments(SEED, KILLS, most)) {
    const ended = await interruptedRun(collector, 'KILL', moment)
    t.comment(`${moment.unit} ${moment.count}: exit ${ended.code}`)
    if (ended.code !== 0) kills++
    runs.push(ended)
  }
  s3.fault = undefined
  for (let cycle = 0; cycle < 2; cycle++) runs.push(await run())
  t.equal(runs.at(-1)?.code, 0)
  const repeatBytes = kills * UNCOMMITTED
  t.strictSame(differences(stockOf(s3), runs, { repeatBytes }), [])
  t.notOk(existsSync(`${ini}.cursor.spool`), 'nothing is left on the disk')
})
