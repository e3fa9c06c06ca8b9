// How large a cursor is, and what it holds.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cursorSize } from '../../../src/commands/status/cursor-size.ts'
import { moveToOlder } from '../../../src/cursor/older-days.ts'
import { openCursor } from '../../lib/cursor/cursor-operations.ts'

t.test('counts both files, and reads them alone', async t => {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  const nothing = { bytes: 0, objects: 0, older_bytes: 0, older_objects: 0 }
  t.strictSame(await cursorSize(cursor, path), { path, ...nothing })
  const older = cursor.folder('a/2026/03/09/', '2026-03-09')
  for (const object of [1n, 2n, 3n])
    cursor.commit(older, '2026-03-09', object, '')
  const today = cursor.folder('a/2026/03/10/', '2026-03-10')
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
