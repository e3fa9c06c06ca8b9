// The room that a journal keeps behind its last line: lines go over it, closing
// or the next opening cuts it, and to readers it is nothing.

import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Journal } from '../../src/cursor/journal.ts'
import { openJournal } from '../../src/cursor/open-journal.ts'
import type { FileSystem } from '../../src/files/replace-file.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

const header = {
  format: 'lr-s3-input cursor',
  version: 1,
  bucket: 'b',
  log_type: 'CloudTrail',
}
const ROOM = 65_536
const refused = { code: 'CURSOR_UNWRITABLE', message: /another program/ }

const newPath = (t: Test): string => join(t.testdir({}), 'cursor')

function open(
  path: string,
  options: { readOnly?: boolean; fs?: FileSystem } = {},
): Promise<Journal> {
  return openJournal({ path, header, ...options })
}

const sizeOf = async (path: string): Promise<number> =>
  (await nodeFs.stat(path)).size

async function stored(path: string): Promise<unknown[]> {
  const journal = await open(path, { readOnly: true })
  t.equal(journal.tornBytes, 0)
  return [...journal.entries()]
}

t.test('room is written over, and cut at the end', async t => {
  const path = newPath(t)
  for (const begun of [[], [1]]) {
    const journal = await open(path)
    await journal.append(begun)
    await journal.reserve([2])
    const size = await sizeOf(path)
    const before = await nodeFs.readFile(path)
    t.ok(before.subarray(-ROOM).equals(Buffer.alloc(ROOM)))
    t.strictSame((await stored(path)).slice(-1), [2])
    await journal.append([3])
    t.equal(await sizeOf(path), size, 'no room was added')
    t.strictSame((await stored(path)).slice(-2), [2, 3])
    await journal.close()
    const content = await nodeFs.readFile(path)
    t.equal(content.at(-1), 0x0a)
    t.ok(content.length < before.length)
  }
  t.strictSame(await stored(path), [2, 3, 1, 2, 3])
})

t.test('room may be all that is written', async t => {
  const path = newPath(t)
  const journal = await open(path)
  await journal.reserve([])
  t.strictSame(await stored(path), [])
  await journal.append([1])
  await journal.close()
  t.strictSame(await stored(path), [1])
})

t.test('room that is used up is not renewed', async t => {
  const path = newPath(t)
  const journal = await open(path)
  await journal.reserve([1])
  const long = 'x'.repeat(ROOM * 0.75)
  for (let count = 0; count < 3; count++) await journal.append([long])
  t.strictSame(await stored(path), [1, long, long, long])
  const size = await sizeOf(path)
  await journal.close()
  t.equal(await sizeOf(path), size)
})

t.test('room that a kill leaves is cut, and is no torn tail', async t => {
  const path = newPath(t)
  const killed = await open(path)
  await killed.append([1])
  const size = await sizeOf(path)
  await killed.reserve([])
  const reader = await open(path, { readOnly: true })
  t.equal(reader.tornBytes, 0)
  t.equal(await sizeOf(path), size + ROOM, 'a reader leaves it')

  const next = await open(path)
  t.equal(next.tornBytes, 0)
  t.equal(await sizeOf(path), size)
  t.strictSame([...next.entries()], [1])
  await next.append([2])
  t.strictSame(await stored(path), [1, 2])
})

t.test('a line broken off in it is a torn tail', async t => {
  const path = newPath(t)
  const killed = await open(path)
  await killed.reserve([1])
  const file = await nodeFs.open(path, 'r+')
  await file.write('00000000 [2', (await sizeOf(path)) - ROOM)
  await file.close()
  const next = await open(path)
  t.equal(next.tornBytes, 11)
  t.strictSame([...next.entries()], [1])
})

t.test('a rewrite ends it, and a killed one is made compact', async t => {
  const path = newPath(t)
  const journal = await open(path)
  await journal.append([1])
  const long = 'x'.repeat(2 ** 20)
  await journal.append([long])
  await journal.reserve([2])
  t.ok(journal.needsRewrite)
  const next = await open(path)
  t.ok(next.needsRewrite, 'room counts for nothing')
  await next.rewrite(['all'])
  await next.append([3])
  t.strictSame(await stored(path), ['all', 3])
  await next.reserve([4])
  await next.rewrite(['again'])
  await next.append([5])
  await next.close()
  t.strictSame(await stored(path), ['again', 5])
})

t.test('a disk without room for it is left as it was', async t => {
  const path = newPath(t)
  let left = Infinity
  const fs = wrappedFs(async (name, run, args) => {
    if (name !== 'handle.write') return run()
    if (left === 0)
      throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
    const length = Math.min(left, Number(args[2]))
    left -= length
    return run(args[0], args[1], length, args[3])
  })
  const full = { code: 'CURSOR_UNWRITABLE', message: /ENOSPC.*make room/ }
  const journal = await open(path, { fs })
  left = 4096
  await t.rejects(journal.reserve([1]), full)
  t.strictSame(await nodeFs.readdir(join(path, '..')), [])
  left = Infinity
  await journal.append([1])
  const before = await nodeFs.readFile(path)
  left = 4096
  await t.rejects(journal.reserve([2]), full)
  t.ok((await nodeFs.readFile(path)).equals(before))
})

t.test('another writer is noticed in it', async t => {
  const path = newPath(t)
  const one = await open(path)
  await one.reserve([1])
  const backup = await nodeFs.readFile(path)
  const other = await open(path)
  await t.rejects(one.append([2]), refused, 'opening cut it')
  await other.reserve([])
  await other.append([3])
  await nodeFs.writeFile(path, backup)
  await t.rejects(other.append([4]), refused, 'a backup of the same size')
  await other.close()
  t.strictSame(await stored(path), [1])
})

t.test('closing leaves what another wrote', async t => {
  const path = newPath(t)
  const one = await open(path)
  await one.append([1])
  await one.reserve([])
  const other = await open(path)
  await other.append([2])
  await one.close()
  t.strictSame(await stored(path), [1, 2])
})
