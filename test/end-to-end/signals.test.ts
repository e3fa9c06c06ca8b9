// A signal ends the program within two seconds, through real pipes. The last line
// is whole, and the next cycle repeats little but the records not read.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { putToday, startCollector } from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import { SOON_MS, untilThere } from '../lib/hosts/interrupted-run.ts'

for (const signal of ['TERM', 'INT', 'HUP'])
  t.test(`SIG${signal} in the middle of a cycle`, async t => {
    const { s3, script, folder, run } = await startCollector(t)
    for (let index = 0; index < 60; index++)
      putToday(s3, `n-${index}`, 500, 300)
    // The reader takes a part, has the signal sent, and reads on to the end.
    const text = `
      { "$@" 2>err & echo $! >pid
        wait $!; echo $? >code; date +%s%3N >gone; } |
      { head -c 6000000; date +%s%3N >sent
        kill -${signal} $(cat pid); cat; } >out`
    await script(text)
    const read = (name: string): string =>
      readFileSync(join(folder, name), 'utf8')
    t.equal(Number(read('code')), 0, 'stopped, with the cursor intact')
    t.ok(Number(read('gone')) - Number(read('sent')) < SOON_MS)
    const before = { stdout: read('out') }
    t.ok(before.stdout.split('\n').length < 30_000, 'it was stopped')
    const runs = [before, await run()]
    const few = { repeatBytes: 3.5 * 1024 * 1024 }
    t.strictSame(differences(stockOf(s3), runs, few), [], 'repeats are few')
  })

t.test('a signal is obeyed while the host stands still', async t => {
  const { s3, script, folder, run } = await startCollector(t)
  for (let index = 0; index < 10; index++) putToday(s3, `n-${index}`, 500, 300)
  const text = `
    { "$@" 2>err & echo $! >pid
      wait $!; echo $? >code; date +%s%3N >gone; } |
    { head -c 10000 >/dev/null; date +%s%3N >sent
      kill -TERM $(cat pid); ${untilThere('gone')}; }`
  await script(text)
  const read = (name: string): number =>
    Number(readFileSync(join(folder, name), 'utf8'))
  t.equal(read('code'), 0)
  t.ok(read('gone') - read('sent') < SOON_MS)
  t.equal((await run()).records.length, 5000, 'nothing was committed')
})

t.test('a host that stalls to the end of the cycle gives exit 6', async t => {
  const { s3, script, folder, run, configure } = await startCollector(t)
  configure({ MaxCycleSeconds: 5 })
  for (let index = 0; index < 10; index++) putToday(s3, `n-${index}`, 500, 300)
  const text = `
    { "$@" 2>err; echo $? >code; } |
    { head -c 10000 >/dev/null; ${untilThere('code')}; }`
  await script(text)
  t.equal(Number(readFileSync(join(folder, 'code'), 'utf8')), 6)
  configure({})
  t.equal((await run()).records.length, 5000, 'nothing was committed')
})

// Has the program send itself a signal at the moment when it loads a module,
// the first that it loads or one in its midst.
const HOOK = `
  const Module = require('node:module')
  const { load, signal } = JSON.parse(process.env.EARLY)
  const original = Module._load
  Module._load = function (name, ...more) {
    if (name === load) {
      Module._load = original
      process.kill(process.pid, signal)
    }
    return original.call(this, name, ...more)
  }`

t.test('a signal while the program starts is a stop, too', async t => {
  const { s3, folder, run } = await startCollector(t)
  putToday(s3, 'a', 10)
  const hook = join(folder, 'hook.cjs')
  writeFileSync(hook, HOOK)
  const stopAt = (
    load: string,
    signal: string,
    args: readonly string[] = ['collect'],
  ) =>
    run(args, {
      NODE_OPTIONS: `--require=${hook}`,
      EARLY: JSON.stringify({ load, signal }),
    })
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'])
    for (const load of ['node:crypto', 'node:net']) {
      const { code, stdout, events } = await stopAt(load, signal)
      t.equal(code, 0, `${signal} when it loads ${load}`)
      t.equal(stdout, '')
      t.match(events[0], { event: 'stopped' })
    }
  const { code, stdout } = await stopAt('node:crypto', 'SIGTERM', ['--version'])
  t.strictSame([code, stdout.trim()], [0, '0.1.0'], 'a short command ends')
  t.equal((await run()).records.length, 10, 'nothing was committed')
})
