// The command reads the cursor, and nothing else is touched.
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { cycleEntry, leafEntry } from '../lib/cursor/entries.ts'
import { status } from '../../src/commands/status.ts'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import type { Outcome } from '../../src/report/outcome.ts'
import { Report } from '../../src/report/report.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const INI = 'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\n'

function start(t: Test) {
  const config = join(t.testdir({ 'aws.ini': INI }), 'aws.ini')
  const clock = new FakeClock('2026-03-10T12:00:00Z')
  const said: string[] = []
  const report = new Report({
    write: line => void said.push(line),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const run = async (
    json: boolean,
    expected: Outcome = 'done',
    more: { maxLag?: string; strict?: boolean } = {},
  ): Promise<string> => {
    let printed = ''
    const outcome = await status(
      { config, state: undefined, json, ...more },
      { clock, report, stop: new AbortController().signal },
      async text => void (printed += text),
    )
    t.equal(outcome, expected)
    t.equal(said.length > 0, expected !== 'done', said.join(''))
    return printed
  }
  return { said, path: `${config}.cursor`, clock, run }
}

t.test('without a cursor says so, and begins none', async t => {
  const { path, run } = start(t)
  t.equal(
    await run(false),
    `There is no cursor yet: ${path} comes with the first cycle.\n`,
  )
  t.match(JSON.parse(await run(true)), { last_cycle: null, leaves: [] })
  t.strictSame(await readdir(dirname(path)), ['aws.ini'])
})

t.test('reads while a cycle is at work, and changes nothing', async t => {
  const { path, clock, run } = start(t)
  const cursor = await openCursor(path)
  cursor.record(leafEntry({ prefix: 'a/' }))
  const day = '2026-03-10'
  const folder = cursor.partition('a/2026/03/10/', day)
  cursor.commit(folder, day, 1n, '2026-03-10T13:00:00Z')
  // S3 is two hours ahead of this machine.
  const clockOffset = 7_200_000
  cursor.record(cycleEntry({ clockOffset }))
  await cursor.flush()
  const lock = await acquireLock(path, { clock })
  // A line that is being written, and a file that is.
  const torn = `${readFileSync(path, 'latin1')}0123`
  writeFileSync(path, torn)
  writeFileSync(`${path}.rewriting`, 'x')
  const names = await readdir(dirname(path))
  t.match(JSON.parse(await run(true)), {
    last_cycle: { number: 1 },
    leaves: [{ prefix: 'a/', lag_seconds: 3600 }],
  })
  t.match(await run(false), ` ${torn.length} bytes, 1 object\n`)
  t.equal(readFileSync(path, 'latin1'), torn)
  t.strictSame(await readdir(dirname(path)), names)
  await lock?.release()
})

t.test('a cursor that cannot be read is an error here too', async t => {
  const { path, run } = start(t)
  writeFileSync(path, '')
  await t.rejects(run(true), { code: 'CURSOR_DAMAGED' })
})

t.test('names who is at work, and a lock that was left behind', async t => {
  const { path, clock, run } = start(t)
  const cursor = await openCursor(path)
  await cursor.close()
  t.match(JSON.parse(await run(true)), { running: null, stale_lock: null })
  t.notMatch(await run(false), 'At work')
  const lock = await acquireLock(path, { clock })
  const { pid } = process
  const since = '2026-03-10T12:00:00.000Z'
  clock.advance(5000)
  t.match(JSON.parse(await run(true)), {
    running: { pid, since, seconds: 5 },
    stale_lock: null,
  })
  t.match(
    await run(false),
    `\nAt work: a process since ${since} (5 s ago), pid ${pid} on `,
  )
  await lock?.release()
  t.match(JSON.parse(await run(true)), { running: null, stale_lock: null })
  const gone = { ...thisProcess(), start: '1', token: 'd'.repeat(16) }
  const holder = { ...gone, renewed: since, since }
  writeFileSync(`${path}.lock`, JSON.stringify(holder))
  if (gone.boot !== '') {
    t.match(JSON.parse(await run(true)), {
      running: null,
      stale_lock: { pid, since },
    })
    t.match(
      await run(false),
      /\nAt work: no process; the lock of a process since/,
    )
  }
  const old = { ...holder, host: 'elsewhere', since: undefined }
  writeFileSync(`${path}.lock`, JSON.stringify(old))
  clock.setWall(Date.now())
  t.match(JSON.parse(await run(true)), {
    running: { host: 'elsewhere', since: '', seconds: null },
  })
  clock.advance(61_000)
  t.match(JSON.parse(await run(true)), {
    stale_lock: { host: 'elsewhere', since: '' },
  })
  writeFileSync(`${path}.lock`, 'no lock')
  t.match(JSON.parse(await run(true)), { running: null, stale_lock: null })
})

t.test('--max-lag is exit 1, with a line for each lag', async t => {
  const { path, clock, run, said } = start(t)
  await run(true, 'partial', { maxLag: '60' })
  t.match(said.splice(0).join(''), 'no cycle has reached S3 yet')
  const cursor = await openCursor(path)
  const at = clock.now() - 100_000
  cursor.record(cycleEntry({ number: 1, at }))
  await cursor.flush()
  await run(true, 'done', { maxLag: '100' })
  t.match(await run(false, 'partial', { maxLag: '99' }), 'Last cycle')
  t.match(said.splice(0).join(''), /"event":"lag".*S3 ended 1 min 40 s ago/)
  await run(true, 'partial', { maxLag: '100', strict: true })
  t.match(said.splice(0).join(''), 'no event was collected yet')
  for (const more of [
    { maxLag: '0' },
    { maxLag: 'x' },
    { maxLag: '' },
    { strict: true },
  ])
    await t.rejects(run(true, 'done', more), { code: 'USAGE' })
})

t.test('a last cycle that is overdue', async t => {
  const { path, clock, run } = start(t)
  const cursor = await openCursor(path)
  cursor.record(cycleEntry({ at: clock.now() - 900_000 }))
  await cursor.flush()
  t.match(JSON.parse(await run(true)), { overdue: false })
  t.notMatch(await run(false), 'Overdue')
  cursor.record(cycleEntry({ at: clock.now() - 3_600_000 }))
  await cursor.flush()
  await cursor.close()
  t.match(JSON.parse(await run(true)), { overdue: true })
  t.match(
    await run(false),
    /\nOverdue +no cycle .* for more than 15 min: check /,
  )
})
