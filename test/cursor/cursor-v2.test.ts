// A cursor of version 2 with entries of every kind. Its names and numbers stay
// as they are, whatever the code calls them: the file is read, and written
// anew byte for byte as it was when version 2 was made.

import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isTaken } from '../../src/cursor/taken-objects.ts'
import { isSetAside } from '../../src/cursor/shelve.ts'
import { stepsDone } from '../../src/cursor/failed-objects.ts'
import type { Cursor } from '../../src/cursor/cursor.ts'
import type { Entry } from '../../src/cursor/cursor-state.ts'
import { isRefused } from '../../src/find/refused-leaves.ts'
import { dueRetries } from '../../src/find/due-retries.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { known } from '../lib/cursor/known-state.ts'

const FIXTURE = 'test/fixtures/cursor-v2'
const TRAIL = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const AT = Date.parse('2026-03-16T12:00Z')
const KINDS: Record<Entry['k'], true> = {
  leaf: true,
  gone: true,
  discovery: true,
  folder: true,
  listing: true,
  listed: true,
  done: true,
  partial: true,
  failed: true,
  settled: true,
  shelved: true,
  unshelved: true,
  shelf: true,
  taken: true,
  untaken: true,
  host: true,
  drop: true,
  moved: true,
  older: true,
  lookBack: true,
  patterns: true,
  clock: true,
  silence: true,
  verify: true,
  cycle: true,
}

/** Opens a copy of a file of the fixture. */
async function openCopy(t: Test, name: string, more: object = {}) {
  const path = join(t.testdir({}), 'cursor')
  copyFileSync(join(FIXTURE, name), path)
  const cursor = await openCursor(path, more)
  t.teardown(() => cursor.close())
  return { cursor, path }
}

const open = async (t: Test): Promise<Cursor> =>
  (await openCopy(t, 'cursor')).cursor

t.test('the file has entries of every kind', async t => {
  const text = readFileSync(join(FIXTURE, 'cursor'), 'utf8')
  for (const kind of Object.keys(KINDS)) t.match(text, `{"k":"${kind}",`)
})

t.test('it is written anew as it was written then', async t => {
  const { path } = await openCopy(t, 'cursor', { rewriteBytes: 0 })
  const compact = readFileSync(join(FIXTURE, 'compact'), 'utf8')
  t.equal(readFileSync(path, 'utf8'), compact)
})

t.test('both forms of the file say the same', async t => {
  const { cursor } = await openCopy(t, 'compact')
  t.strictSame(known(cursor), known(await open(t)))
})

t.test('its knowledge of objects holds', async t => {
  const cursor = await open(t)
  const { state } = cursor
  t.equal(stepsDone(cursor, 'partial', '"e3"').records, 4)
  t.equal(stepsDone(cursor, 'failed', '"e1"').records, 2)
  const retries = dueRetries(cursor, 9, AT)
  t.match(retries, [{ key: 'failed' }])
  t.equal(retries.length, 1)
  t.ok(isSetAside(state, 'refused'))
  t.notOk(isSetAside(state, 'settled'))
  t.ok(isTaken(state, { key: 'taken', size: 690 }))
  const { sets } = cursor.partition(`${TRAIL}2026/03/16/`, '2026-03-16')
  t.ok(sets.get('2026-03-16')?.has(2n))
})

t.test('its knowledge of leaves holds', async t => {
  const { leaves, discovery, shelf } = (await open(t)).state
  t.strictSame(
    [...leaves.values()].map(leaf => [leaf.layout, isRefused(leaf)]),
    [
      ['date', false],
      ['hive', true],
      ['flat', false],
    ],
  )
  t.equal(discovery.left.length, 2)
  t.equal(shelf.size, 2)
})
