// What a cursor knows survives its file: whatever was recorded, in whatever
// order, is there when it is opened again, compact or not.

import assert from 'node:assert/strict'
import {
  appendFile,
  readFile,
  readdir,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Entry } from '../../src/cursor/cursor-state.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import {
  failed,
  leaf,
  openCursor as open,
  operation,
  perform,
  reopen,
} from '../lib/cursor/cursor-operations.ts'
import { known } from '../lib/cursor/known-state.ts'
import { partialEntry } from '../lib/cursor/entries.ts'

t.test('a cursor that was only opened leaves no file', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await open(path)
  cursor.partition('a/', '2026-03-10')
  await cursor.flush()
  await cursor.close()
  t.strictSame(await readdir(dirname(path)), [])
})

t.test('a flush writes all in one line, and nothing before', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await open(path)
  const folder = cursor.partition('a/', '2026-03-10')
  cursor.commit(folder, '2026-03-10', 1n, '2026-03-10T01:00:00Z')
  cursor.record(leaf('a'))
  t.strictSame(await readdir(dirname(path)), [])
  await cursor.flush()
  const lines = (await readFile(path, 'utf8')).split('\n').length
  cursor.commit(folder, '2026-03-10', 2n, '')
  cursor.commit(folder, '2026-03-11', 3n, '')
  await cursor.flush()
  t.equal((await readFile(path, 'utf8')).split('\n').length, lines + 1)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  const again = await reopen(cursor, path)
  const { sets, newest } = again.partition('a/', '2026-03-10')
  t.equal(newest, '2026-03-10T01:00:00Z')
  t.strictSame([...sets.keys()], ['2026-03-10', '2026-03-11'])
  t.ok(sets.get('2026-03-10')?.has(1n))
  t.ok(sets.get('2026-03-10')?.has(2n))
  t.ok(sets.get('2026-03-11')?.has(3n))
  await again.close()
})

t.test('every recorded entry comes back', async t => {
  let run = 0
  const folder = t.testdir({})
  const property = fc.asyncProperty(
    fc.array(operation, { maxLength: 30 }),
    async operations => {
      const path = join(folder, `cursor-${run++}`)
      let cursor = await open(path)
      for (const one of operations) cursor = await perform(one, cursor, path)
      const before = known(cursor)
      cursor = await reopen(cursor, path)
      assert.deepEqual(known(cursor), before)
      await cursor.close()
    },
  )
  await fc.assert(property, { numRuns: 150 })
})

t.test('a file made compact holds the same', async t => {
  const path = join(t.testdir({}), 'cursor')
  let cursor = await open(path)
  const dated = cursor.partition('a/', '2026-03-10')
  const flat = cursor.partition('b/', '')
  let size = 0
  for (let group = 0; group < 150; group++) {
    for (let count = 0; count < 1000; count++) {
      const print = fingerprint(`${group}/${count}`, count)
      if (count % 2) cursor.commit(dated, '2026-03-10', print, '2026')
      else cursor.commit(flat, `2026-03-${10 + (count % 5)}`, print, '2025')
    }
    await cursor.flush()
    size = (await stat(path)).size
  }
  t.ok(size / 150_000 <= 12, `${size / 150_000} bytes an object`)
  cursor.record(
    failed('x', 3),
    partialEntry({ key: 'x', etag: '"2"', size: 9, records: 7 }),
    partialEntry({ key: 'y', etag: '"2"', size: 9, records: 8 }),
    {
      k: 'cycle',
      number: 4,
      at: 5,
      clockOffset: -6,
      outcome: 'partial',
      summary: { objects: 1 },
    },
    {
      k: 'listing',
      id: cursor.idOf(flat),
      listed: 1,
      swept: 2,
      begun: 3,
      resume: 'r',
      token: '',
      disordered: false,
      restarts: 0,
      after: 'a',
      dirty: true,
      unclean: '2026-03-10',
    },
  )
  const before = known(cursor)
  cursor = await reopen(cursor, path)
  t.strictSame(known(cursor), before)
  t.ok((await stat(path)).size / 150_000 <= 11, 'rewritten')
  cursor.record({ k: 'settled', key: 'y' })
  cursor.commit(cursor.partition('c/', ''), '2026-03-10', 1n, '')
  const after = known(cursor)
  cursor = await reopen(cursor, path)
  t.strictSame(known(cursor), after, 'and goes on')
  await cursor.close()
})

t.test('a line that refers to what is not there is damage', async t => {
  for (const entry of [
    { k: 'done', id: 7, day: '2026-03-10', f: '' },
    { k: 'listing', id: 7 },
    { k: 'what' },
    {},
  ]) {
    const path = join(t.testdir({}), 'cursor')
    const cursor = await open(path)
    cursor.record(entry as Entry)
    await cursor.flush()
    await cursor.close()
    const text = await readFile(path, 'utf8')
    await t.rejects(
      open(path),
      { code: 'CURSOR_DAMAGED' },
      JSON.stringify(entry),
    )
    t.equal(await readFile(path, 'utf8'), text, 'and is left as it is')
  }
})

t.test('the cursor of another bucket or log type is refused', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await open(path)
  cursor.commit(cursor.partition('f/', '2026-03-10'), '2026-03-10', 1n, '')
  await cursor.flush()
  await cursor.close()
  const text = await readFile(path, 'utf8')
  const foreign = { code: 'CURSOR_FOREIGN' }
  for (const readOnly of [true, false]) {
    await t.rejects(open(path, { bucket: 'other', readOnly }), foreign)
    await t.rejects(open(path, { logType: 'VPCFlowLogs', readOnly }), foreign)
  }
  t.equal(await readFile(path, 'utf8'), text, 'and is left as it is')
})

t.test('one that never met anything is taken over', async t => {
  const path = join(t.testdir({}), 'cursor')
  const mistyped = await open(path, { bucket: 'logz' })
  const { discovery } = mistyped.state
  mistyped.record({ k: 'discovery', ...discovery, number: 7, begun: 7 })
  await mistyped.flush()
  await mistyped.close()
  const text = await readFile(path, 'utf8')
  for (const readOnly of [true, false]) {
    const cursor = await open(path, { readOnly })
    t.ok(cursor.isTakenOver)
    t.equal(cursor.state.discovery.number, 0, 'nothing of it counts')
    await cursor.close()
    t.equal(await readFile(path, 'utf8'), text, 'until something is noted')
  }
  const cursor = await open(path)
  cursor.commit(cursor.partition('f/', '2026-03-10'), '2026-03-10', 1n, '')
  await cursor.flush()
  await cursor.close()
  const again = await open(path)
  t.notOk(again.isTakenOver)
  t.equal(again.state.partitions.size, 1)
  await again.close()
  await t.rejects(open(path, { bucket: 'logz' }), { code: 'CURSOR_FOREIGN' })
})

t.test('a cursor opened to be read writes nothing', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await open(path)
  cursor.record({ k: 'settled', key: 'a' })
  await cursor.flush()
  await cursor.close()
  const text = await readFile(path, 'utf8')
  const reader = await open(path, { readOnly: true })
  reader.record({ k: 'settled', key: 'b' })
  await reader.flush()
  await reader.close()
  t.equal(await readFile(path, 'utf8'), text)
})

t.test('a flush that failed is followed by no other', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await open(path)
  cursor.record({ k: 'settled', key: 'a' })
  await cursor.flush()
  const text = await readFile(path, 'utf8')
  const failed = { code: 'CURSOR_UNWRITABLE', message: /another program/ }
  await appendFile(path, 'x')
  cursor.commit(cursor.partition('f/', '2026-03-10'), '2026-03-10', 1n, '')
  await t.rejects(cursor.flush(), failed)
  await writeFile(path, text)
  // It names the folder whose number was lost.
  cursor.commit(cursor.partition('f/', '2026-03-10'), '2026-03-10', 2n, '')
  await t.rejects(cursor.flush(), failed)
  await cursor.close()
  t.equal(await readFile(path, 'utf8'), text)
})
