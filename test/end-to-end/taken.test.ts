// What a host has taken and may still hold in its memory, through the built
// program: who the host is, whatever stands between it and us, and what is told
// of it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cloudTrailObject, trailKey } from '../lib/hosts/collector.ts'
import { hostWorld, recordsOf, TODAY } from '../lib/hosts/host-world.ts'
import { runProgram, type Line } from '../lib/hosts/run-program.ts'
import { startVector, type Vector } from '../lib/hosts/vector-process.ts'

const EVENTS = 100

t.jobs = 2

/** A bucket with objects, and what runs on it. */
async function setUp(t: Test, objects: number, settings = {}) {
  const world = await hostWorld(t, { HostQueueRecords: 5000, ...settings })
  const { s3, ini, folder, argv } = world
  for (let index = 0; index < objects; index++)
    s3.put(trailKey(TODAY, `n-${index}`), cloudTrailObject(EVENTS))
  const run = (...args: string[]) => runProgram([...args, '--config', ini])
  let made = 0
  return {
    ...world,
    run,
    pid: join(folder, 'pid'),
    vector: (between: string[] = [], passes?: number): Vector =>
      startVector({
        command: [...between, ...argv],
        holds: 3000,
        disk: join(folder, `disk-${++made}`),
        ...(passes !== undefined && { passes }),
      }),
    status: async (): Promise<Line> =>
      JSON.parse((await run('status', '--json')).stdout) as Line,
  }
}

/** Waits until so many more cycles have ended. */
async function cycles(vector: Vector, count: number): Promise<void> {
  const { length } = vector.state.codes
  await vector.until(({ codes }) => codes.length >= length + count)
}

for (const [name, ...between] of [
  ['a shell', '/bin/sh', '-c', '"$@"; true', 'sh'],
  ['timeout', '/usr/bin/env', 'timeout', '60'],
  ['a session of its own', '/usr/bin/env', 'setsid', '-w'],
  [
    'a shell whose child holds the pipe',
    '/bin/sh',
    '-c',
    'sleep 5 & "$@"; code=$?; kill $!; exit $code',
    'sh',
  ],
] as const)
  t.test(`under ${name} the host is who reads`, async t => {
    const { vector } = await setUp(t, 3)
    const first = vector([...between], 50)
    await first.until(({ held }) => held === 250)
    await cycles(first, 3)
    t.match(first.state, { passed: 50, held: 250 }, 'nothing comes again')
    t.equal(recordsOf(await first.end('SIGKILL')).length, 50)
    const second = vector([...between])
    await second.until(({ passed }) => passed === 300)
    await cycles(second, 2)
    t.equal(recordsOf(await second.end('SIGTERM')).length, 300)
  })

t.test('what is taken is told of, and is neither left nor late', async t => {
  const { vector, run, status } = await setUp(t, 3, { EmitHeartbeat: true })
  const host = vector()
  await host.until(({ passed }) => passed > 300)
  await cycles(host, 1)
  t.match(await status(), {
    taken: { objects: 3, records: 300 },
    last_cycle: { exit: 0, objects_left: 0 },
    failed: [],
    quarantined: [],
    late: { found: 0 },
  })
  t.match((await run('status')).stdout, /3 objects, 300 records/)
  const lines = recordsOf(await host.end('SIGTERM'))
  const beats = lines.filter(({ s3_object: object }) =>
    String(object).startsWith('heartbeat:'),
  )
  t.not(beats.length, 0)
  for (const beat of beats) t.match(beat, { status: 'ok', objects_left: 0 })
})

t.test('a reload that loses what was held: retry --taken', async t => {
  const { vector, run, status } = await setUp(t, 5)
  const host = vector([], 100)
  await host.until(({ held }) => held === 400)
  await cycles(host, 1)
  host.reload()
  await host.until(({ held, codes }) => held === 0 && codes.length > 1)
  t.equal(host.state.passed, 100, 'the host is the same')
  const { code, stdout } = await run('retry', '--taken')
  t.equal(code, 0)
  t.equal(stdout, '5 objects queued for the next cycle\n')
  await host.until(({ passed }) => passed === 600)
  await cycles(host, 2)
  t.match(await status(), { taken: { objects: 5, records: 500 }, failed: [] })
  const all = await host.end('SIGTERM')
  const ids = recordsOf(all).map(({ serialnumber: id }) => id)
  t.equal(ids.length, 600, 'once')
  t.equal(new Set(ids).size, 500, 'nothing is missing')
})

t.test('three hosts in a row are warned of, each gets all', async t => {
  const { run } = await setUp(t, 2)
  for (const isWarned of [false, false, true]) {
    const { records, events, code } = await run('collect')
    t.equal(code, 0)
    t.equal(records.length, 200)
    t.equal(
      events.some(({ event }) => event === 'host_changes'),
      isWarned,
    )
  }
})

t.test('the program is killed right after it was taken', async t => {
  const { vector, pid } = await setUp(t, 3)
  const tellPid = `echo $$ >"${pid}"; exec "$@"`
  const host = vector(['/bin/sh', '-c', tellPid, 'sh'], 50)
  await host.until(({ held }) => held === 249)
  // Its last line is held back for half a second.
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
  await cycles(host, 3)
  const { passed, held } = host.state
  t.equal(passed + held, 599, 'all but the last came, and then all, once')
  const before = await host.end('SIGKILL')
  const second = vector()
  await second.until(({ passed: count }) => count === 300)
  await cycles(second, 2)
  const after = await second.end('SIGTERM')
  t.equal(recordsOf(after).length, 300, 'another host gets all')
  t.equal(recordsOf(before).length, 50)
})
