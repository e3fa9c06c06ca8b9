// A try tells what writing would meet, and leaves nothing behind.

import { readFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  tryFile,
  tryFolder,
  type TryFileSystem,
} from '../../src/files/try-writing.ts'
import { folderState } from '../lib/files/folder-state.ts'

t.test('what can be written stays as it is', async t => {
  const folder = t.testdir({ file: 'kept' })
  const before = folderState(folder)
  await tryFolder(folder)
  await tryFile(join(folder, 'file'))
  t.strictSame(folderState(folder), before)
  t.equal(readFileSync(join(folder, 'file'), 'utf8'), 'kept')
})

t.test('what cannot be is told in the words of the system', async t => {
  const folder = t.testdir({ sub: {} })
  await t.rejects(tryFolder(join(folder, 'no')), { code: 'ENOENT' })
  await t.rejects(tryFile(join(folder, 'no')), { code: 'ENOENT' })
  await t.rejects(tryFile(join(folder, 'sub')), { code: 'EISDIR' })
  t.equal(folderState(folder).length, 1)
})

t.test('a full disk is noticed, and the try removed', async t => {
  const folder = t.testdir()
  const full = Object.assign(new Error('no room'), { code: 'ENOSPC' })
  const fs: TryFileSystem = {
    ...nodeFs,
    async open(...args) {
      const handle = await nodeFs.open(...args)
      handle.writeFile = () => Promise.reject(full)
      return handle
    },
  }
  await t.rejects(tryFolder(folder, fs), { code: 'ENOSPC' })
  t.strictSame(folderState(folder), [])
})
