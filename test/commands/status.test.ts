// The command reads the cursor, and nothing else is touched.
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { cycleEntry, leafEntry } from '../lib/cursor/entries.ts'
import { status } from '../../src/commands/status.ts'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import { Report } from '../../src/report/report.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const INI = 'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\n'

function start(t: Test) {
  const config = join(t.testdir({ 'aws.ini': INI }), 'aws.ini')
  const clock = new FakeClock('2026-03-10T12:00:00Z')
  const report = new Report({
    write: line => t.fail(line),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const run = async (json: boolean): Promise<string> => {
    let printed = ''
    const outcome = await status(
      { config, state: undefined, json },
      { clock, report, stop: new AbortController().signal },
      async text => void (printed += text),
    )
    t.equal(outcome, 'done')
    return printed
  }
  return { path: `${config}.cursor`, clock, run }
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
  const folder = cursor.folder('a/2026/03/10/', day)
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
