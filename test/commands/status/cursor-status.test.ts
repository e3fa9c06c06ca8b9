// What a cursor knows, under the names of `status --json`.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cycleEntry, leafEntry } from '../../lib/cursor/entries.ts'
import {
  cursorStatus,
  cursorSize,
} from '../../../src/commands/status/cursor-status.ts'
import type { Layout } from '../../../src/cursor/cursor-state.ts'
import { failed, openCursor } from '../../lib/cursor/cursor-operations.ts'
import { moveToOlder } from '../../../src/cursor/older-days.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const open = (t: Test) => openCursor(join(t.testdir({}), 'cursor'))

t.test('of a cursor that has seen nothing', async t => {
  const { state } = await open(t)
  t.strictSame(cursorStatus(state, now), {
    last_cycle: null,
    nothing_matches: '',
    leaves: [],
    failed: [],
    failed_objects: 0,
    quarantined: [],
    quarantined_objects: 0,
    late: { found: 0, began: '', ended: '' },
    waiting_since: '',
    backlog: { left: [], growing: false },
    taken: { objects: 0, records: 0 },
    verified_until: '',
    not_proved: 0,
  })
})

t.test('the last cycle, with its counts', async t => {
  const cursor = await open(t)
  const summary = { records: 7 }
  cursor.record(
    cycleEntry({ number: 3, at: now, outcome: 'access', summary }),
    { k: 'lookBack', began: now, ended: 0, complete: 0, found: 2 },
  )
  t.match(cursorStatus(cursor.state, now), {
    last_cycle: {
      number: 3,
      at: '2026-03-10T12:00:00.000Z',
      outcome: 'access',
      exit: 3,
      records: 7,
    },
    late: { found: 2, began: '2026-03-10T12:00:00.000Z', ended: '' },
  })
})

t.test('each leaf by its own newest event, in every layout', async t => {
  const cursor = await open(t)
  const leaf = (prefix: string, layout: Layout, from: string, seen = 1) =>
    cursor.record(leafEntry({ prefix, layout, from, seen }))
  leaf('b/', 'flat', '2026-03-09')
  leaf('b/', 'date', '2026-03-08')
  leaf('a/', 'hive', '2026-03-07')
  leaf('c/', 'date', '2026-03-06')
  const commit = (prefix: string, day: string, newest: string) =>
    cursor.commit(cursor.partition(prefix, day), day, 1n, newest)
  commit('b/', '', '2026-03-10T11:59:00Z')
  commit('b/2026/03/09/', '2026-03-09', '2026-03-09T23:00:00Z')
  commit('b/2026/03/10/', '2026-03-10', '2026-03-10T11:00:00Z')
  commit('b/2026/03/08/', '2026-03-08', '2026-03-08T11:00:00Z')
  commit('a/year=2026/month=03/day=10/', '2026-03-10', '2026-03-10T11:58:00Z')
  t.strictSame(cursorStatus(cursor.state, now).leaves, [
    {
      prefix: 'a/',
      newest_event: '2026-03-10T11:58:00Z',
      lag_seconds: 120,
      oldest_open_day: '2026-03-07',
    },
    {
      prefix: 'b/',
      newest_event: '2026-03-10T11:59:00Z',
      lag_seconds: 60,
      oldest_open_day: '2026-03-09',
    },
    {
      prefix: 'b/',
      newest_event: '2026-03-10T11:00:00Z',
      lag_seconds: 3600,
      oldest_open_day: '2026-03-08',
    },
    {
      prefix: 'c/',
      newest_event: '',
      lag_seconds: null,
      oldest_open_day: '2026-03-06',
    },
  ])
})

t.test('no leaf of settings that have changed', async t => {
  const cursor = await open(t)
  const { discovery } = cursor.state
  cursor.record(
    { k: 'discovery', ...discovery, number: 2, since: 2 },
    leafEntry({ prefix: 'old/', seen: 1 }),
    leafEntry({ prefix: 'new/', seen: 2 }),
  )
  t.strictSame(
    cursorStatus(cursor.state, now).leaves.map(({ prefix }) => prefix),
    ['new/'],
  )
})

t.test('failed and quarantined objects, each by key', async t => {
  const cursor = await open(t)
  for (const key of ['z', 'a', 'q']) cursor.record(failed(key, 3))
  const object = cursor.state.failed.get('q')
  if (object)
    cursor.record({ k: 'failed', ...object, attempts: 5, quarantined: true })
  const expected = {
    code: 'gzip',
    reason: 'cut',
    attempts: 1,
    records: 3,
    next_cycle: 2,
  }
  const status = cursorStatus(cursor.state, now)
  t.strictSame(status.failed, [
    { key: 'a', ...expected },
    { key: 'z', ...expected },
  ])
  t.strictSame(status.quarantined, [
    { key: 'q', ...expected, attempts: 5, next_cycle: null },
  ])
})

t.test('what three cycles left, and whether that grows', async t => {
  const cursor = await open(t)
  for (const [left, last, growing] of [
    [[1, 2], 3, true],
    [[1, 2], 2, false],
    [[2, 1], 3, false],
    [[2], 3, false],
    [[], 3, false],
    [undefined, 3, false],
    [[0, 1], 0, false],
  ] as const) {
    const summary = { objects_left: last }
    cursor.record(cycleEntry({ summary, ...(left && { left }) }))
    t.strictSame(cursorStatus(cursor.state, now).backlog, {
      left: [...(left ?? []), last],
      growing,
    })
  }
})

t.test('counts both files, and reads them alone', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  const nothing = { bytes: 0, objects: 0, older_bytes: 0, older_objects: 0 }
  t.strictSame(await cursorSize(cursor, path), { path, ...nothing })
  const older = cursor.partition('a/2026/03/09/', '2026-03-09')
  for (const object of [1n, 2n, 3n])
    cursor.commit(older, '2026-03-09', object, '')
  const today = cursor.partition('a/2026/03/10/', '2026-03-10')
  for (const object of [4n, 5n]) cursor.commit(today, '2026-03-10', object, '')
  await cursor.flush()
  t.match(await cursorSize(cursor, path), { objects: 5, older_objects: 0 })
  await moveToOlder(cursor, [older])
  await cursor.close()
  const read = await openCursor(path, { readOnly: true })
  t.strictSame(await cursorSize(read, path), {
    path,
    bytes: statSync(path).size,
    objects: 2,
    older_bytes: statSync(`${path}.late`).size,
    older_objects: 3,
  })
  await read.close()
})
