import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  removeTemporary,
  replaceFile,
  writeAll,
} from '../../src/files/replace-file.ts'
import { failingFs, wrappedFs } from '../lib/files/wrapped-fs.ts'

const put = (text: string) => (handle: nodeFs.FileHandle) =>
  writeAll(handle, Buffer.from(text), 0)

t.test('the new file is the owner’s alone, whatever the umask', async t => {
  const dir = t.testdir({ file: 'old' })
  const before = process.umask(0o777)
  try {
    await replaceFile(nodeFs, join(dir, 'file'), put('new'))
  } finally {
    process.umask(before)
  }
  t.equal(await nodeFs.readFile(join(dir, 'file'), 'utf8'), 'new')
  t.equal((await nodeFs.stat(join(dir, 'file'))).mode & 0o777, 0o600)
  t.strictSame(await nodeFs.readdir(dir), ['file'])
})

t.test(
  'the bytes are on disk before the name, the name before the end',
  async t => {
    const calls: string[] = []
    const fs = wrappedFs((name, run) => {
      calls.push(name)
      return run()
    })
    await replaceFile(fs, join(t.testdir({}), 'file'), put('new'))
    t.strictSame(
      calls.filter(name => /write|sync|rename/.test(name)),
      ['handle.write', 'handle.sync', 'rename', 'handle.sync'],
    )
  },
)

for (const call of ['open', 'handle.write', 'handle.sync', 'rename'])
  t.test(`the old file stays when ${call} fails`, async t => {
    const dir = t.testdir({ file: 'old' })
    const fs = failingFs({ [call]: 'ENOSPC' })
    await t.rejects(replaceFile(fs, join(dir, 'file'), put('new')), {
      code: 'ENOSPC',
    })
    t.equal(await nodeFs.readFile(join(dir, 'file'), 'utf8'), 'old')
    t.strictSame(await nodeFs.readdir(dir), ['file'])
  })

t.test('a folder that cannot be synced is an error', async t => {
  const dir = t.testdir({})
  let syncs = 0
  const fs = wrappedFs(async (name, run) => {
    if (name === 'handle.sync' && ++syncs === 2) throw new Error('EIO')
    return run()
  })
  await t.rejects(replaceFile(fs, join(dir, 'file'), put('new')), /EIO/)
})

t.test('another’s temporary file is neither used nor removed', async t => {
  const dir = t.testdir({ 'file.rewriting': 'theirs' })
  await t.rejects(replaceFile(nodeFs, join(dir, 'file'), put('new')), {
    code: 'EEXIST',
  })
  t.strictSame(await nodeFs.readdir(dir), ['file.rewriting'])
})

t.test('a killed one leaves a file that is removed by name', async t => {
  const dir = t.testdir({ 'file.rewriting': '', 'file.late.rewriting': '' })
  await removeTemporary(nodeFs, join(dir, 'file'))
  await removeTemporary(nodeFs, join(dir, 'file'))
  t.strictSame(await nodeFs.readdir(dir), ['file.late.rewriting'])
  await t.rejects(
    removeTemporary(failingFs({ unlink: 'EROFS' }), join(dir, 'file')),
    { code: 'EROFS' },
  )
})

t.test('writes that take a part of the bytes are gone on with', async t => {
  const path = join(t.testdir({}), 'file')
  const fs = wrappedFs((name, run, args) =>
    name === 'handle.write'
      ? run(args[0], args[1], Math.min(2, Number(args[2])), args[3])
      : run(),
  )
  await replaceFile(fs, path, put('abcde'))
  t.equal(await nodeFs.readFile(path, 'utf8'), 'abcde')

  const full = wrappedFs(async (name, run) =>
    name === 'handle.write' ? { bytesWritten: 0 } : run(),
  )
  await t.rejects(replaceFile(full, path, put('new')), /no more bytes/)
})

t.test('root gives the new file to the owner of the old', async t => {
  if (process.getuid?.() !== 0) return
  const path = join(t.testdir({ file: '' }), 'file')
  await nodeFs.chown(path, 12_345, 12_346)
  await replaceFile(nodeFs, path, put('new'))
  const { uid, gid } = await nodeFs.stat(path)
  t.strictSame([uid, gid], [12_345, 12_346])
})

const isRoot = process.getuid?.() === 0

t.test(
  'files that root makes go to the owner of the folder, replaced ones keep theirs',
  { skip: !isRoot },
  async t => {
    const dir = t.testdir({})
    const path = join(dir, 'file')
    const owner = async (): Promise<number> => (await nodeFs.stat(path)).uid
    await nodeFs.chown(dir, 65_533, 65_533)
    await replaceFile(nodeFs, path, put('made'))
    t.equal(await owner(), 65_533)
    await nodeFs.chown(path, 65_532, 65_532)
    await replaceFile(nodeFs, path, put('made compact'))
    t.equal(await owner(), 65_532)
    await nodeFs.chown(path, 0, 0)
    await replaceFile(nodeFs, path, put('of an earlier root'))
    t.equal(await owner(), 65_533)
  },
)
