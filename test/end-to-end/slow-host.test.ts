// A live host that reads slowly has cycles that end in time, with what it took.
// The time is real: a pipe of 64 KB stands between two processes, and the margin
// before MaxCycleSeconds must do for a busy machine.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  emitted,
  putToday,
  startCollector,
  USER_ENV,
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
  for (let index = 10; index < 40; index++) putToday(s3, `n-${index}`, 50, 300)
  const runs = []
  for (const bytes of [800, 800]) {
    const reader = READER.replace('BYTES', String(bytes))
    const run = await runProgram(['collect', '--config', ini], {
      env: USER_ENV,
      reader,
    })
    t.equal(run.code, 0, `${bytes} bytes ten times a second`)
    t.ok(run.records.length > 20)
    runs.push(run)
  }
  const ids = emitted(runs)
  t.equal(new Set(ids).size, ids.length, 'nothing comes again')
})

t.test('also where the pipe is full of what came before', async t => {
  const { s3, folder, script } = await startCollector(t, { MaxCycleSeconds: 8 })
  for (let index = 10; index < 40; index++) putToday(s3, `n-${index}`, 50, 300)
  const reader = READER.replace('BYTES', '500')
  await script(
    `for n in 1 2 3; do "$@" 2>>err; echo $? >>codes; done | { ${reader}; } >out`,
  )
  const codes = readFileSync(join(folder, 'codes'), 'utf8')
  t.equal(codes, '0\n0\n0\n', readFileSync(join(folder, 'err'), 'utf8'))
  const ids = readFileSync(join(folder, 'out'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line =>
      String((JSON.parse(line) as { serialnumber: unknown }).serialnumber),
    )
  t.ok(ids.length > 60)
  t.equal(new Set(ids).size, ids.length, 'nothing comes again')
})
