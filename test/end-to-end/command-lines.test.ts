// Every command with right and with wrong arguments: whatever happens, each
// line on stderr is one JSON object (runProgram parses them all), and a copy of
// those that come after the settings lies in LogFile.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { commands } from '../../src/commands/command-table.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

// What a command needs besides --config.
const WORDS: Record<string, readonly string[]> = {
  retry: ['--all'],
  replay: ['--day', daysAgo(0)],
}
const names = Object.keys(commands).filter(name => name !== 'init')
// `encrypt` looks at no settings but its own.
const onBucket = names.filter(name => name !== 'encrypt')

// Each line has what a shipper routes by; the levels are those that are said.
function levelsOf(t: Test, { events }: Run): Set<unknown> {
  for (const { time, level, event, message } of events) {
    t.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    t.match(event, /^[a-z_]+$/)
    t.match(message, /\S/)
    t.ok(['info', 'warning', 'error'].includes(String(level)))
  }
  return new Set(events.map(({ level }) => level))
}

t.test('right: help and init', async t => {
  for (const args of [['--help', 'check'], ['init']]) {
    const run = await runProgram(args)
    t.equal(run.code, 0)
    t.equal(run.stderr, '')
    t.match(run.stdout, /\S\n$/)
  }
})

t.test('wrong: no settings, and words nobody knows', async t => {
  const args = [
    ...names.map(name => [name, ...(WORDS[name] ?? [])]),
    ['init', '--frobnicate\u001b[2J\n'],
  ]
  for (const run of await Promise.all(args.map(args => runProgram(args)))) {
    t.equal(run.code, 2)
    t.equal(run.stdout, '')
    t.strictSame([...levelsOf(t, run)], ['error'])
    t.equal(run.events.length, 1)
  }
})

t.test('each on a bucket, with and without --quiet, and a LogFile', async t => {
  const { s3, folder, configure, run } = await startCollector(t, {
    LogFile: 'log',
    LogApiRequests: 'true',
    Regoin: 'odd',
  })
  const log = join(folder, 'log')
  putToday(s3, 'a', 3)
  const runs: [string, Run, string][] = []
  const take = async (name: string, ...more: string[]) => {
    rmSync(log, { force: true })
    const args = [name, ...(WORDS[name] ?? []), ...more]
    const end = await run(args)
    const copy = existsSync(log) ? readFileSync(log, 'utf8') : ''
    runs.push([args.join(' '), end, copy])
  }
  for (const name of onBucket) await take(name, '--quiet')
  s3.put(trailKey(daysAgo(0), 'b'), cloudTrailObject(3).subarray(0, 60))
  for (const name of ['collect', 'replay', 'skip', 'retry']) await take(name)
  configure({ Endpoint: 'http://127.0.0.1:9', LogFile: 'log' })
  for (const name of ['collect', 'replay', 'skip']) await take(name, '--quiet')
  for (const [name, run, copy] of runs) {
    const levels = levelsOf(t, run)
    const isQuiet = name.includes('--quiet')
    if (isQuiet) t.notOk(levels.has('info'), name)
    if (name.startsWith('check')) continue
    t.ok(levels.has('warning'), `${name}: Regoin`)
    t.equal(copy, run.stderr, `${name}: LogFile`)
  }
  t.ok(runs.some(([, run]) => levelsOf(t, run).has('info')))
})
