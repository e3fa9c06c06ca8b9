// A live host that reads slowly: its cycles end in time, with what it took.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { runProgram } from '../lib/hosts/run-program.ts'

const READER = `node -e '
const { readSync, writeSync } = require("node:fs")
const bytes = Buffer.alloc(BYTES)
for (;;) {
  const n = readSync(0, bytes)
  if (n === 0) break
  writeSync(1, bytes, 0, n)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
}'`

t.test('each cycle ends with 0 and goes on where the last one was', async t => {
  const { s3, ini } = await startCollector(t, { MaxCycleSeconds: 8 })
  for (let index = 10; index < 40; index++)
    s3.put(trailKey(daysAgo(0), `n-${index}`), cloudTrailObject(50, 300))
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 'a test secret',
  }
  const runs = []
  for (const bytes of [800, 800]) {
    const reader = READER.replace('BYTES', String(bytes))
    const run = await runProgram(['collect', '--config', ini], { env, reader })
    t.equal(run.code, 0, `${bytes} bytes ten times a second`)
    t.ok(run.records.length > 20)
    runs.push(run)
  }
  const ids = emitted(runs)
  t.equal(new Set(ids).size, ids.length, 'nothing comes again')
})
