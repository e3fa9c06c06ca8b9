// One cycle that meets thousands of objects that cannot be read: however many,
// it holds few of them, writes few bytes for each, and what could not be
// written to the file of quarantined objects is tried again.

import { statSync } from 'node:fs'
import t, { type Test } from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import { MAX_IN_FULL, quarantinedCount } from '../../src/cursor/shelve.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

const COUNT = 2200
// A line of the quarantine, or of the journal for what is kept in full.
const MOST_BYTES = 700

const open = (cycle: InProcessCycle): Promise<Cursor> =>
  Cursor.open({
    path: cycle.cursorPath,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })

function start(t: Test): InProcessCycle {
  const cycle = new InProcessCycle(t, 'MaxObjectAttempts=1\n')
  for (let index = 0; index < COUNT; index++)
    cycle.putBody(`broken-${index}`, '{"Records":[{]}')
  cycle.put('good', 3)
  return cycle
}

async function known(cycle: InProcessCycle) {
  const cursor = await open(cycle)
  const { state } = cursor
  await cursor.close()
  return {
    quarantined: quarantinedCount(state),
    inFull: state.failed.size - state.waiting,
    waiting: state.waiting,
    shelved: state.shelf.size,
  }
}

t.test('of thousands that break in one cycle few are held', async t => {
  const cycle = start(t)
  const { ids, counts, error } = await cycle.run()
  t.equal(error, undefined)
  t.equal(ids.length, 3)
  t.equal(counts.objects_failed, COUNT)
  t.equal(counts.objects_left, 0)
  t.strictSame(await known(cycle), {
    quarantined: COUNT,
    inFull: MAX_IN_FULL,
    waiting: 0,
    shelved: COUNT - MAX_IN_FULL,
  })
  const { size } = statSync(cycle.cursorPath)
  const most = MAX_IN_FULL * MOST_BYTES + (COUNT - MAX_IN_FULL) * 12 + 10_000
  t.ok(size < most, `${size} bytes of the cursor, ${most} at most`)
  const again = await cycle.run()
  t.strictSame([again.ids, again.counts.gets], [[], 0], 'none is tried again')
})

t.test('an object refused beside others is shelved, too', async t => {
  const cycle = start(t)
  cycle.store.onGet = ({ key }) => {
    if (!key.includes('broken')) return
    throw new SourceError('no', { code: 'AccessDenied', kind: 'access' })
  }
  for (let index = 0; index < 20; index++) cycle.put(`more-${index}`, 1)
  const { ids, outage, said } = await cycle.run()
  t.equal(outage, undefined)
  t.equal(ids.length, 23)
  t.equal((await known(cycle)).quarantined, COUNT)
  const told = said.filter(({ event }) => event === 'objects_failed')
  t.ok(told.length < 10, `${told.length} lines`)
})

t.test('a stop in mid-cycle loses none', async t => {
  const cycle = start(t)
  for (let index = 0; index < 100; index++) cycle.put(`good-${index}`, 40, 600)
  cycle.host = ({ batch, stop }) => {
    if (batch === 3) stop.abort()
  }
  await cycle.run()
  cycle.host = () => {}
  await cycle.run()
  t.equal((await known(cycle)).quarantined, COUNT)
})

t.test('without room for the quarantine all else is committed', async t => {
  const cycle = start(t)
  let isFull = true
  cycle.fs = wrappedFs(async (name, run, args) => {
    const isShelf = String(args[0]).includes('.quarantine')
    if (isFull && name === 'open' && isShelf)
      throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
    return run()
  })
  const { ids, error } = await cycle.run()
  t.equal(ids.length, 3)
  t.match(error, { code: 'CURSOR_UNWRITABLE', message: /\.quarantine.*ENOSPC/ })
  t.match(await known(cycle), { inFull: MAX_IN_FULL, shelved: 0 })
  isFull = false
  const again = await cycle.run()
  t.equal(again.error, undefined)
  t.strictSame(again.ids, [], 'nothing comes a second time')
  t.equal(
    (await known(cycle)).quarantined,
    COUNT,
    'and the rest is tried again',
  )
})
