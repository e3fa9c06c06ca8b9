// The bench at a thousandth of its size: what it measures is counted, what is
// wrong stops it, and nothing of it stays behind. Speed is no matter here.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { bucketObjects, type BucketSpec } from './bucket-objects.ts'

const built = spawnSync('npm', ['run', '-s', 'build:bench'], {
  encoding: 'utf8',
})
if (built.status !== 0) throw new Error(built.stderr)

const bench = resolve('dist/bench/bench.cjs')
const small = ['--scale', '0.001', '--runs', '1']

/** What a bench came to, `left` being what it left in the temporary folder. */
interface Ran {
  code: unknown
  stdout: string
  stderr: string
  left: string[]
}

async function run(
  t: Test,
  args: readonly string[],
  { program = '', stopAt = '' } = {},
): Promise<Ran> {
  const folder = t.testdir({ tmp: {}, 'program.cjs': program })
  const own = program ? ['--program', join(folder, 'program.cjs')] : []
  const child = spawn(process.execPath, [bench, ...args, ...own], {
    // The test runner adds a loader of its own to NODE_OPTIONS.
    env: { PATH: process.env['PATH'], TMPDIR: join(folder, 'tmp') },
  })
  const ran: Ran = { code: 0, stdout: '', stderr: '', left: [] }
  child.stdout.on('data', chunk => (ran.stdout += chunk))
  child.stderr.on('data', chunk => {
    ran.stderr += chunk
    // A second signal would end it before it has cleaned up.
    if (!child.killed && stopAt && ran.stderr.includes(stopAt)) child.kill()
  })
  ran.code = (await once(child, 'close'))[0]
  ran.left = readdirSync(join(folder, 'tmp'))
  return ran
}

t.test('what was put into the bucket comes out and is counted', async t => {
  const names = ['cloudtrail', 'flow', 'idle-20-million']
  const only = names.flatMap(name => ['--only', name])
  const { stdout, stderr, code, left } = await run(t, [
    ...small,
    '--json',
    ...only,
  ])
  t.equal(code, 0, stderr)
  t.strictSame(left, [])
  const { rows } = JSON.parse(stdout)
  t.match(rows, [
    { name: 'cloudtrail', objects: 1, records: 1000, gets: 1 },
    { name: 'flow', objects: 1, records: 20_000, gets: 1 },
    { name: 'idle-20-million', records: 0, outputBytes: 0, lists: 1, gets: 0 },
  ])
  for (const { name, cpu, wall, peakMiB, ratio, getRatio } of rows) {
    t.ok(cpu > 0 && wall > 0 && peakMiB > 20)
    const hasFloors = name !== 'idle-20-million'
    t.strictSame([ratio > 0, getRatio > 0], [hasFloors, hasFloors])
  }
  t.ok(rows[2].cursorBytes >= 8, 'a fingerprint has 8 bytes')
})

t.test('a program that prints a line too few has no figures', async t => {
  const program = `process.stdout.write('\\n'.repeat(999))
    console.error('{"event":"summary","records":1000,"bytes_out":999}')`
  const args = [...small, '--only', 'cloudtrail']
  const { stdout, stderr, code, left } = await run(t, args, { program })
  t.match(stderr, /expected 1000 lines .* read 999/)
  t.strictSame({ code, stdout, left }, { code: 1, stdout: '', left: [] })
})

t.test('a bench that is stopped leaves nothing behind', async t => {
  const program = 'setInterval(() => {}, 1000)'
  const args = [...small, '--only', 'idle-1']
  const stopAt = 'measuring'
  const { stderr, code, left } = await run(t, args, { program, stopAt })
  t.match(stderr, /stopped by SIGTERM/)
  t.strictSame({ code, left }, { code: 1, left: [] })
})

t.test('a row that is not there is an error', async t => {
  const { stderr, code } = await run(t, ['--only', 'nothing'])
  t.match(stderr, /no row is called nothing/)
  t.equal(code, 1)
})

t.test('a seed makes the same bucket every time, of fresh records', async t => {
  const spec: BucketSpec = {
    logType: 'CloudTrail',
    leaves: 3,
    objects: 12,
    records: 20,
    plain: true,
  }
  const noon = Date.parse('2026-03-01T12:00:00Z')
  const made = (seed: number) => [...bucketObjects(spec, seed, noon)]
  const texts = (seed: number) => made(seed).map(({ body }) => `${body}`)
  const objects = made(5)
  t.ok(isDeepStrictEqual(made(5), objects))
  t.notOk(texts(6).some(text => texts(5).includes(text)))
  const events = objects.flatMap(({ body }) => JSON.parse(`${body}`).Records)
  t.equal(new Set(events.map(({ eventID }) => eventID)).size, 240)
  t.ok(events.every(({ eventTime }) => eventTime.startsWith('2026-03-01T0')))
  t.equal(new Set(objects.map(({ key }) => key)).size, 12)
  const days = new Set(objects.map(({ key }) => /\d{4}\/..\/../.exec(key)?.[0]))
  t.strictSame([...days], ['2026/03/01', '2026/02/28'])
})
