// A large object over a slow line, by the program as it is built: it comes
// over cycles that end in time, through a file beside the cursor.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import {
  daysAgo,
  emitted,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import type { Run } from '../lib/hosts/run-program.ts'

const MIB = 1_048_576

t.test('a large object comes over cycles, each byte once', async t => {
  const { s3, ini, run, configure } = await startCollector(t, {
    MaxCycleSeconds: 10,
  })
  const Records = Array.from({ length: 100 }, (_, index) => ({
    eventID: `event-${index}`,
    requestParameters: { noise: randomBytes(90_000).toString('base64') },
  }))
  const body = gzipSync(JSON.stringify({ Records }), { level: 1 })
  t.ok(body.length > 8 * MIB)
  const key = trailKey(daysAgo(0), 'large')
  s3.put(key, body)
  s3.put(trailKey(daysAgo(0), 'small'), gzipSync('{"eventID":"1"}'))
  s3.fault = request =>
    request.key === key
      ? { kind: 'slow', bytesPerSecond: 0.9 * MIB }
      : undefined
  const spool = `${ini}.cursor.spool`
  const runs: Run[] = []
  let fetched = 0
  do {
    const cycle = await run()
    runs.push(cycle)
    t.equal(cycle.code, 0)
    fetched += Number(cycle.summary['bytes_in'])
    if (!existsSync(spool)) break
    const [name = ''] = readdirSync(spool)
    const { size, mode } = statSync(join(spool, name))
    t.equal(mode & 0o777, 0o600)
    t.ok(size <= body.length)
    s3.fault = undefined
    configure({ MaxCycleSeconds: 600 })
  } while (runs.length < 4)
  t.equal(runs.length, 2)
  t.equal(runs[0]?.records.length, 1, 'others are not kept')
  const ids = emitted(runs)
  t.equal(new Set(ids).size, 101, 'nothing missing')
  t.equal(ids.length, 101, 'nothing twice')
  t.equal(fetched, body.length + gzipSync('{"eventID":"1"}').length)
  const ranges = s3.requests
    .filter(request => request.key === key && request.kind === 'GET')
    .map(({ range }) => range)
  t.equal(ranges.length, 2)
  t.equal(ranges[0], undefined)
  t.match(ranges[1], /^bytes=\d+-$/)
})
