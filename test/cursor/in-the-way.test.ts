// What stands in the way of a file that is to be written anew, and how it is told.

import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isMount } from '../../src/files/is-mount.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { failingFs, mountsOf } from '../lib/files/wrapped-fs.ts'

const DAY = '2026-03-10'
const skip = process.platform !== 'linux' && 'mounts are read from /proc'

async function written(t: Test): Promise<string> {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  cursor.commit(cursor.partition('a/', DAY), DAY, 2n ** 60n, '')
  await cursor.flush()
  await cursor.close()
  return path
}

t.test('a cursor that is a mount of its own is told so', { skip }, async t => {
  const path = await written(t)
  const before = readFileSync(path)
  await t.rejects(openCursor(path, { fs: mountsOf(path) }), {
    code: 'CURSOR_UNWRITABLE',
    message: /docker -v FILE:FILE.*mount the folder/,
  })
  t.ok(readFileSync(path).equals(before))
  const fs = mountsOf(join(path, '..'))
  await (await openCursor(path, { fs })).close()
})

t.test('where the system does not tell, a rewrite does', async t => {
  const fs = failingFs({ rename: 'EBUSY' })
  const cursor = await openCursor(join(t.testdir({}), 'cursor'), { fs })
  cursor.commit(cursor.partition('a/', DAY), DAY, 2n ** 60n, '')
  await t.rejects(cursor.flush(), {
    code: 'CURSOR_UNWRITABLE',
    message: /EBUSY.*docker -v FILE:FILE.*mount the folder/,
  })
})

t.test('blanks in the name of a mount', { skip }, async t => {
  t.ok(await isMount('/a b\\c', mountsOf('/a\\040b\\134c')))
  t.notOk(await isMount('/a', mountsOf('/a\\040b')))
  t.notOk(await isMount('/', failingFs({ readFile: 'EACCES' })))
  t.ok(await isMount('/', nodeFs))
})

t.test('a folder in place of the temporary file is named', async t => {
  const path = await written(t)
  mkdirSync(`${path}.rewriting`)
  await t.rejects(openCursor(path), {
    code: 'CURSOR_UNWRITABLE',
    message: /cursor\.rewriting is a folder and in the way .*; remove it/,
  })
  const none = join(mkdtempSync(join(tmpdir(), 'none-')), 'cursor')
  mkdirSync(`${none}.rewriting`)
  await t.rejects(openCursor(none), { message: /\.rewriting is a folder/ })
  await nodeFs.rm(join(none, '..'), { recursive: true })
})
