// Files that are due to be made compact on a disk that has no room for it: they
// go on as they are, and are made compact once there is room.

import { copyFileSync, statSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { Cursor } from '../../src/cursor/cursor.ts'
import { moveToOlder } from '../../src/cursor/older-days.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

const V1 = 'test/fixtures/cursor-v1/cursor'
const DAY = '2026-03-10'
const GROUPS = 4
const OBJECTS = 40_000

/** A disk that has no room for a new file, or for all of it. */
function diskWithoutRoom(
  call: 'open' | 'handle.write' | 'handle.sync',
  code = 'ENOSPC',
) {
  const disk = { isFull: true, refused: 0 }
  let isNew = false
  const fs = wrappedFs(async (name, run, args) => {
    if (name === 'open') isNew = String(args[0]).endsWith('.rewriting')
    if (!disk.isFull || !isNew || name !== call) return run()
    disk.refused++
    throw Object.assign(new Error(`${code}: no room`), { code })
  })
  return { disk, fs }
}

/** Fills a cursor until it is due to be made compact; gives its path. */
async function grown(t: Test): Promise<string> {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  for (let group = 0; group < GROUPS; group++) await fill(cursor, group)
  await cursor.close()
  return path
}

async function fill(cursor: Cursor, group: number): Promise<void> {
  const folder = cursor.partition('a/', DAY)
  for (let count = 0; count < OBJECTS; count++)
    cursor.commit(folder, DAY, BigInt(group * OBJECTS + count), '')
  await cursor.flush()
}

const objects = ({ state }: Cursor): number =>
  state.partitions.get('a/')?.sets.get(DAY)?.size ?? 0

const version = (path: string): unknown =>
  /"version":(\d)/.exec(readFileSync(path, 'latin1'))?.[1]

for (const call of ['open', 'handle.write', 'handle.sync'] as const)
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG'])
    t.test(`a rewrite that meets ${code} in ${call} is put off`, async t => {
      const path = await grown(t)
      const { disk, fs } = diskWithoutRoom(call, code)
      const before = readFileSync(path)
      let cursor = await openCursor(path, { fs })
      t.equal(disk.refused, 1)
      t.match(cursor.putOff, code)
      t.ok(before.equals(readFileSync(path)))
      t.strictSame(await readdir(dirname(path)), ['cursor'])
      await cursor.reserve()
      cursor.commit(cursor.partition('a/', DAY), DAY, 2n ** 60n, '')
      await cursor.flush()
      await cursor.close()

      const { size } = statSync(path)
      t.ok(size > before.length)
      disk.isFull = false
      cursor = await openCursor(path, { fs })
      t.equal(cursor.putOff, '')
      t.equal(objects(cursor), GROUPS * OBJECTS + 1)
      await cursor.close()
    })

t.test('a rewrite that fails otherwise is an error', async t => {
  const path = await grown(t)
  const { fs } = diskWithoutRoom('handle.write', 'EIO')
  await t.rejects(openCursor(path, { fs }), { code: 'CURSOR_UNWRITABLE' })
})

t.test('both files of version 1 are written on as they are', async t => {
  const path = join(t.testdir({}), 'cursor')
  for (const end of ['', '.late']) copyFileSync(V1 + end, path + end)
  const { disk, fs } = diskWithoutRoom('handle.write')
  const leaves = async (readOnly: boolean): Promise<unknown> => {
    const cursor = await openCursor(path, { readOnly })
    await cursor.close()
    return [...cursor.state.leaves.values()]
  }
  const known = await leaves(true)

  let cursor = await openCursor(path, { fs })
  const folder = cursor.partition('a/', '2026-03-11')
  cursor.commit(folder, '2026-03-11', 1n, '')
  cursor.record({
    k: 'taken',
    key: 'a/b',
    etag: '',
    size: 1,
    listed: 1,
    folder: 'a/',
    folderDay: DAY,
    day: DAY,
    modified: 0,
    newest: '',
    whole: true,
    committed: { records: 0, bytes: 0, form: '', header: -1 },
    steps: [],
  })
  await cursor.flush()
  await moveToOlder(cursor, [folder])
  await cursor.close()
  t.equal(disk.refused, 2, 'of each file')
  t.strictSame([version(path), version(`${path}.late`)], ['1', '1'])

  disk.isFull = false
  for (const round of ['as they are', 'made compact', 'and again']) {
    cursor = await openCursor(path, { fs, readOnly: round === 'as they are' })
    t.equal(cursor.state.taken.size, 1, round)
    t.equal(cursor.state.older.number, 1)
    const { state } = await cursor.older()
    t.ok(state.partitions.get('a/')?.sets.get('2026-03-11')?.has(1n))
    t.equal(state.older.number, 1)
    await cursor.close()
  }
  t.strictSame([version(path), version(`${path}.late`)], ['2', '2'])
  t.strictSame(await leaves(false), known)
})
