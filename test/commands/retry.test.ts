// Quarantined objects go back to where they wait for their next try.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cycleEntry, partialEntry } from '../lib/cursor/entries.ts'
import type { Entry } from '../../src/cursor/cursor-state.ts'
import { NO_RECORD } from '../../src/cursor/cut-state.ts'
import { retry } from '../../src/commands/retry.ts'
import { NO_STEPS, type FailedObject } from '../../src/cursor/kept-objects.ts'
import { quarantinedCount, shelveSurplus } from '../../src/cursor/shelve.ts'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import { Report } from '../../src/report/report.ts'
import { failed, openCursor } from '../lib/cursor/cursor-operations.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const INI =
  'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\nMaxCycleSeconds=30\n'

const quarantinedOf = (key: string) =>
  ({ ...failed(key, 0), quarantined: true }) as { k: 'failed' } & FailedObject

// Objects q1 and q2 are quarantined, f failed; the last cycle was number 8.
async function start(t: Test, isEmpty = false) {
  const config = join(t.testdir({ 'aws.ini': INI }), 'aws.ini')
  const path = `${config}.cursor`
  const clock = new FakeClock()
  if (!isEmpty) {
    const cursor = await openCursor(path)
    for (const key of ['q1', 'q2', 'f']) {
      cursor.record(failed(key, 3))
      const object = cursor.state.failed.get(key)
      const quarantined = key !== 'f'
      if (object)
        cursor.record({
          k: 'failed',
          ...object,
          attempts: 4,
          due: 11,
          quarantined,
        })
    }
    cursor.record(partialEntry({ key: 'q2', etag: '"2"', size: 9, records: 9 }))
    cursor.record(cycleEntry({ number: 8 }))
    await cursor.flush()
    await cursor.close()
  }
  const said: { [name: string]: unknown }[] = []
  const report = new Report({
    write: line => said.push(JSON.parse(line)),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const printed: string[] = []
  const run = (keys: string[], all = false, taken = false, forget = false) =>
    clock.run(
      retry(
        { config, state: undefined, keys, all, taken, forget },
        { clock, report, stop: new AbortController().signal },
        async text => void printed.push(text),
      ),
    )
  const stored = async (): Promise<Record<string, FailedObject>> => {
    const { state } = await openCursor(path, { readOnly: true })
    return Object.fromEntries(state.failed)
  }
  return { path, clock, said, printed, run, stored }
}

t.test('queues what is named, by key or URL, and nothing else', async t => {
  const { run, stored, said, printed } = await start(t)
  const before = await stored()
  t.equal(await run(['q1', 's3://logs/q1']), 'done')
  t.strictSame(printed, ['1 object queued for the next cycle\n'])
  t.strictSame(said, [])
  t.strictSame(await stored(), {
    ...before,
    q1: {
      ...before['q1'],
      attempts: 0,
      counted: 0,
      tries: 0,
      due: 9,
      quarantined: false,
    },
  })
})

t.test('--all queues all, and what was emitted stays so', async t => {
  const { run, stored, printed } = await start(t)
  const before = await stored()
  t.equal(await run([], true), 'done')
  t.equal(await run([], true), 'done')
  t.strictSame(printed, [
    '2 objects queued for the next cycle\n',
    '0 objects queued for the next cycle\n',
  ])
  const { q1, q2, f } = await stored()
  t.match(q1, { etag: '"1"', records: 3, attempts: 0, due: 9 })
  t.match(q2, { etag: '"2"', records: 9, attempts: 0, quarantined: false })
  t.strictSame(f, before['f'])
})

t.test(
  'a broken object is decoded anew, others go on where they were',
  async t => {
    const { path, run, stored } = await start(t)
    const cursor = await openCursor(path)
    const { q1, q2 } = Object.fromEntries(cursor.state.failed)
    if (!q1 || !q2) throw new Error('they are not there')
    const steps = { records: 5, bytes: 700, form: 'records', header: -1 }
    cursor.record({ k: 'failed', ...q1, ...steps, code: 'gzip' })
    cursor.record({ k: 'failed', ...q2, ...steps, code: NO_RECORD })
    const refused = { key: 'q3', code: 'AccessDenied', refused: true }
    cursor.record({ k: 'failed', ...q1, ...steps, ...refused })
    await cursor.flush()
    await cursor.close()
    t.equal(await run([], true), 'done')
    const { q1: broken, q2: slow, q3 } = await stored()
    t.match(broken, { etag: '"1"', records: 5, bytes: 0, form: '' })
    t.match(slow, steps)
    t.match(q3, steps)
  },
)

t.test('names what is not quarantined, and queues the others', async t => {
  const { run, stored, said, printed } = await start(t)
  t.equal(await run(['nowhere', 'f', 'q2']), 'partial')
  t.strictSame(printed, ['1 object queued for the next cycle\n'])
  t.match(said, [
    {
      level: 'error',
      event: 'not_quarantined',
      key: 'nowhere',
      message: /^s3:\/\/logs\/nowhere is not quarantined; `status`/,
    },
    {
      key: 'f',
      message: /not quarantined but failed, attempts: 4, next try: in 3 cycles/,
    },
  ])
  t.equal((await stored())['q2']?.quarantined, false)
})

t.test('refuses what it cannot mean, and touches nothing', async t => {
  const { path, run } = await start(t, true)
  await t.rejects(run([]), { code: 'USAGE', message: /KEYs or --all/ })
  await t.rejects(run(['a'], true), { code: 'USAGE' })
  await t.rejects(run(['s3://other/a']), {
    code: 'USAGE',
    message: /s3:\/\/other\/a is not in the bucket.* logs/,
  })
  await t.rejects(run(['s3://logsX/a']), { code: 'USAGE' })
  t.equal(await run([], true), 'done')
  t.equal(existsSync(path), false, 'no cursor is begun')
})

t.test('waits for a cycle, but not for ever', async t => {
  const { path, clock, run, said, printed } = await start(t)
  const lock = await acquireLock(path, { clock })
  t.equal(await run([], true), 'partial')
  t.equal(clock.elapsed(), 30_000, 'MaxCycleSeconds')
  t.strictSame(printed, [])
  t.match(said, [
    { level: 'error', event: 'locked', message: /30 s; try again/ },
  ])
  const { sleep } = clock
  clock.sleep = async (...wait) => {
    await lock?.release()
    await sleep.apply(clock, wait)
  }
  t.equal(await run([], true), 'done')
})

t.test(
  '--taken queues what the host may have lost, whole and in part',
  async t => {
    const { path, run, stored, printed } = await start(t)
    const before = await stored()
    const cursor = await openCursor(path)
    const taken: Entry & { k: 'taken' } = {
      k: 'taken',
      key: '',
      etag: '"1"',
      size: 1,
      listed: 1,
      folder: 'a/',
      folderDay: '',
      day: '2026-03-10',
      modified: 5,
      newest: '',
      whole: true,
      committed: { ...NO_STEPS, records: 2 },
      steps: [{ ...NO_STEPS, at: 40, records: 7 }],
    }
    cursor.record(
      { ...taken, key: 'whole' },
      { ...taken, key: 'f', whole: false },
      { ...taken, key: 'cut', whole: false },
      partialEntry({ key: 'cut', etag: '"1"', size: 1, records: 7 }),
      { ...taken, key: 'changed', whole: false },
      partialEntry({ key: 'changed', etag: '"2"', size: 1, records: 7 }),
    )
    await cursor.flush()
    await cursor.close()
    t.equal(await run([], false, true), 'done')
    t.strictSame(printed, ['4 objects queued for the next cycle\n'])
    const after = await stored()
    t.match(after['whole'], {
      code: 'Taken',
      attempts: 0,
      due: 9,
      records: 2,
      quarantined: false,
    })
    t.strictSame(after['f'], { ...before['f'], records: 2, due: 9 })
    const { state } = await openCursor(path, { readOnly: true })
    t.equal(state.taken.size, 0)
    t.equal(state.partial.get('cut')?.records, 2)
    t.equal(
      state.partial.get('changed')?.records,
      7,
      'it is another object now',
    )
    for (const odd of [
      [['q1'], false, true],
      [[], true, true],
    ] as const)
      await t.rejects(run([...odd[0]], odd[1], odd[2]), { name: 'UsageError' })
  },
)

t.test('what is shelved is queued, as much as may wait', async t => {
  const { path, run, stored, printed } = await start(t)
  const cursor = await openCursor(path)
  for (let number = 0; number < 12_000; number++)
    cursor.record({ ...quarantinedOf(`k${number}`), at: number })
  await shelveSurplus(cursor)
  await cursor.close()
  t.equal(await run(['k5']), 'done')
  t.match(await stored(), { k5: { quarantined: false, due: 9 } })
  t.equal(await run([], true), 'done')
  const all = Object.values(await stored())
  t.equal(all.filter(one => !one.quarantined).length, 10_000)
  const { state } = await openCursor(path, { readOnly: true })
  // q1, q2 and all but k5 are quarantined; f and k5 wait.
  t.equal(quarantinedCount(state), 12_001 - 9998)
  t.match(printed, [
    '1 object queued for the next cycle\n',
    /^9998 objects queued for the next cycle; 2003 more stay in quarantine/,
  ])
})

t.test('what is to be forgotten counts as skipped', async t => {
  const { path, run, stored, printed } = await start(t)
  const cursor = await openCursor(path)
  for (let number = 0; number < 1500; number++)
    cursor.record({ ...quarantinedOf(`k${number}`), at: number })
  await shelveSurplus(cursor)
  await cursor.close()
  t.equal(await run(['k5', 'k1400', 'q1'], false, false, true), 'done')
  t.equal(await run([], true, false, true), 'done')
  t.strictSame(printed, ['3 objects forgotten\n', '1499 objects forgotten\n'])
  t.strictSame(Object.keys(await stored()), ['f'])
  const { state } = await openCursor(path, { readOnly: true })
  t.equal(quarantinedCount(state), 0)
  t.equal(state.partitions.get('a/')?.sets.get('2026-03-10')?.size, 1502)
  t.equal(await run(['f'], false, false, true), 'partial')
  await t.rejects(run([], false, true, true), { name: 'UsageError' })
})
