// Quarantined objects beyond a thousand: a fingerprint stays in the cursor, and
// the rest is in a file of its own, whatever is killed or put back.

import {
  appendFileSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Cursor } from '../../src/cursor/cursor.ts'
import type { FailedObject } from '../../src/cursor/kept-objects.ts'
import {
  isSetAside,
  quarantinedCount,
  shelvedObjects,
  shelveSurplus,
  takeOff,
  unshelve,
} from '../../src/cursor/shelve.ts'
import { failed, openCursor, reopen } from '../lib/cursor/cursor-operations.ts'
import { known } from '../lib/cursor/known-state.ts'

const keyOf = (number: number): string =>
  `AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/10/${number}.json.gz`

function quarantine(cursor: Cursor, from: number, to: number, records = 0) {
  for (let number = from; number < to; number++) {
    cursor.record(failed(keyOf(number), records))
    const object = cursor.state.failed.get(keyOf(number))
    if (object)
      cursor.record({ k: 'failed', ...object, at: number, quarantined: true })
  }
}

async function shelved(cursor: Cursor): Promise<FailedObject[]> {
  const objects: FailedObject[] = []
  for await (const one of shelvedObjects(cursor)) objects.push(one)
  return objects
}

const numbers = (objects: readonly FailedObject[]): number[] =>
  objects.map(({ at }) => at).toSorted((a, b) => a - b)

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

async function start(t: Test, count: number, records = 0) {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  quarantine(cursor, 0, count, records)
  await shelveSurplus(cursor)
  return { path, cursor, file: `${path}.quarantine` }
}

t.test('those tried last are kept in full, and none is forgotten', async t => {
  const { path, cursor } = await start(t, 2500)
  for (const one of [cursor, await reopen(cursor, path)]) {
    t.equal(one.state.failed.size, 1000)
    t.equal(quarantinedCount(one.state), 2500)
    t.ok(upTo(0, 2500).every(number => isSetAside(one.state, keyOf(number))))
    t.notOk(isSetAside(one.state, keyOf(2500)))
    t.strictSame(numbers(await shelved(one)), upTo(0, 1500))
  }
})

t.test('each costs the cursor no more than twelve bytes', async t => {
  const { path, cursor } = await start(t, 9000)
  const again = await reopen(cursor, path)
  const { size } = statSync(path)
  quarantine(again, 9000, 29_000)
  await shelveSurplus(again)
  // The second opening makes it compact.
  const last = await reopen(await reopen(again, path), path)
  t.equal(quarantinedCount(last.state), 29_000)
  const more = statSync(path).size - size
  t.ok(more < 20_000 * 12, `${more} bytes more`)
})

t.test('the steps of an object come back with it', async t => {
  const { path, cursor } = await start(t, 1002, 7)
  const again = await reopen(cursor, path)
  unshelve(again, (await shelved(again)).slice(0, 1))
  t.match(again.state.failed.get(keyOf(0)), { records: 7, etag: '"1"' })
  t.equal(quarantinedCount(again.state), 1002)
  // Its line is of no more use, and it gets another.
  await shelveSurplus(again)
  const last = await reopen(again, path)
  t.strictSame(numbers(await shelved(last)), [0, 1])
})

t.test('an object taken off is gone', async t => {
  const { path, cursor } = await start(t, 1003)
  takeOff(cursor, [keyOf(1)])
  const again = await reopen(cursor, path)
  t.strictSame(numbers(await shelved(again)), [0, 2])
  t.notOk(isSetAside(again.state, keyOf(1)))
  quarantine(again, 1003, 1004)
  await shelveSurplus(again)
  t.strictSame(numbers(await shelved(again)), [0, 2, 3])
})

t.test('a kill between the two files leaves both whole', async t => {
  const { path, cursor, file } = await start(t, 1002)
  const before = readFileSync(path)
  quarantine(cursor, 1002, 1004)
  await shelveSurplus(cursor)
  await cursor.close()
  const state = known(cursor)
  const after = readFileSync(path)
  // The file was written, and the cursor never learnt of it.
  writeFileSync(path, before)
  const again = await openCursor(path)
  t.equal(quarantinedCount(again.state), 1002)
  quarantine(again, 1002, 1004)
  await shelveSurplus(again)
  t.strictSame(numbers(await shelved(again)), upTo(0, 4))
  await again.close()

  // The end of a write that was broken off.
  writeFileSync(path, after)
  appendFileSync(file, 'torn')
  const torn = await openCursor(path)
  t.strictSame(known(torn), state)
  t.strictSame(numbers(await shelved(torn)), upTo(0, 4))
  quarantine(torn, 1004, 1005)
  await shelveSurplus(torn)
  t.strictSame(numbers(await shelved(torn)), upTo(0, 5))
})

t.test('the remains of a killed rewrite do not stop the next one', async t => {
  const { path, cursor, file } = await start(t, 1002)
  writeFileSync(`${file}.rewriting`, 'left')
  takeOff(cursor, [keyOf(0)])
  quarantine(cursor, 1002, 1003)
  await shelveSurplus(cursor)
  const again = await reopen(cursor, path)
  t.strictSame(numbers(await shelved(again)), [1, 2])
})

t.test('a file that is missing, older or damaged is exit 5', async t => {
  const { path, cursor, file } = await start(t, 1500)
  const older = readFileSync(file, 'latin1')
  quarantine(cursor, 1500, 1600)
  await shelveSurplus(cursor)
  await cursor.close()
  const good = readFileSync(file, 'latin1')
  writeFileSync(file, older, 'latin1')
  await t.rejects(openCursor(path), { message: /quarantine.*older copy/ })
  rmSync(file)
  await t.rejects(openCursor(path), { message: /quarantine.*not there/ })
  writeFileSync(file, good.replace('"key":"A', '"key":"B'), 'latin1')
  const opened = await openCursor(path, { readOnly: true })
  await t.rejects(shelved(opened), { code: 'CURSOR_DAMAGED' })
  writeFileSync(file, good, 'latin1')
  t.equal((await shelved(await openCursor(path))).length, 600)
})
