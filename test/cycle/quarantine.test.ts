// Cycles beside a quarantine of thousands: who is tried again, and when.

import t, { type Test } from 'tap'
import { Quarantine } from '../../src/cycle/quarantine.ts'
import {
  ABSENT,
  quarantinedCount,
  shelveSurplus,
} from '../../src/cursor/shelve.ts'
import type { Cursor } from '../../src/cursor/cursor.ts'
import type { FailedObject } from '../../src/cursor/kept-objects.ts'
import { dueRetries } from '../../src/find/due-retries.ts'
import { failed, openCursor } from '../lib/cursor/cursor-operations.ts'
import { join } from 'node:path'

const DAY_MS = 86_400_000
const START = Date.parse('2026-03-10T12:00:00Z')

async function start(t: Test, count: number, more: Partial<FailedObject>) {
  const cursor = await openCursor(join(t.testdir({}), 'cursor'))
  for (let number = 0; number < count; number++)
    quarantine(cursor, `k${number}`, START + number, more)
  await shelveSurplus(cursor)
  return cursor
}

function quarantine(
  cursor: Cursor,
  key: string,
  at: number,
  more: Partial<FailedObject>,
): void {
  cursor.record(failed(key, 0))
  const object = cursor.state.failed.get(key)
  if (object)
    cursor.record({ k: 'failed', ...object, at, quarantined: true, ...more })
}

/** A cycle in which `isRead` says of what is tried whether it was read; gives the keys that were tried. */
async function cycle(
  cursor: Cursor,
  now: number,
  isRead: (key: string) => boolean = () => false,
): Promise<string[]> {
  const opened = await Quarantine.open(cursor, now)
  const tried = dueRetries(cursor, 9, now).map(({ key }) => key)
  tried.forEach((key, index) => {
    if (isRead(key)) cursor.record({ k: 'settled', key })
    else quarantine(cursor, key, now + index, { refused: true })
  })
  await opened.close()
  return tried
}

t.test('a thousand refused ones are tried a day, by turns', async t => {
  const cursor = await start(t, 2500, { refused: true })
  t.strictSame(await cycle(cursor, START + 10_000), [], 'none was a day ago')
  const seen = new Set<string>()
  for (let day = 1; day <= 3; day++) {
    const now = START + day * DAY_MS + 10_000 * day
    const tried = await cycle(cursor, now)
    t.equal(tried.length, 1000)
    for (const key of tried) seen.add(key)
    t.strictSame(await cycle(cursor, now + 5000), [], 'once a day')
  }
  t.equal(seen.size, 2500)
  t.equal(quarantinedCount(cursor.state), 2500)
})

t.test('when one was read the next are tried at once', async t => {
  const cursor = await start(t, 3000, { refused: true })
  let now = START + DAY_MS + 10_000
  const seen = new Set<string>()
  for (let count = 0; count < 4; count++) {
    for (const key of await cycle(cursor, now, () => true)) seen.add(key)
    now += 1000
  }
  t.equal(seen.size, 3000)
  t.equal(quarantinedCount(cursor.state), 0)
})

t.test('broken objects are not tried, and the file is left alone', async t => {
  const cursor = await start(t, 1500, { refused: false })
  t.strictSame(await cycle(cursor, START + 40 * DAY_MS), [])
  t.equal(quarantinedCount(cursor.state), 1500)
  t.equal(cursor.state.shelf.note.tried, START + 499)
})

t.test('an object gone from the bucket is dropped after a month', async t => {
  const cursor = await start(t, 1500, { refused: false, code: ABSENT })
  await cycle(cursor, START + 29 * DAY_MS)
  t.equal(quarantinedCount(cursor.state), 1500)
  await cycle(cursor, START + 31 * DAY_MS)
  t.equal(quarantinedCount(cursor.state), 1000)
})
