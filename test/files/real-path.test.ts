import { realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { realPath } from '../../src/files/real-path.ts'

t.test('follows links to files that exist and that do not', async t => {
  const dir = realpathSync(t.testdir({ a: { file: '' }, b: {} }))
  symlinkSync('../a/file', join(dir, 'b', 'link'))
  symlinkSync('../a/new', join(dir, 'b', 'dangling'))
  symlinkSync('b', join(dir, 'c'))
  t.equal(await realPath(join(dir, 'a', 'file')), join(dir, 'a', 'file'))
  t.equal(await realPath(join(dir, 'b', 'link')), join(dir, 'a', 'file'))
  t.equal(await realPath(join(dir, 'c', 'dangling')), join(dir, 'a', 'new'))
  t.equal(await realPath(join(dir, 'c', 'new')), join(dir, 'b', 'new'))
})

t.test('a missing folder and a ring of links are errors', async t => {
  const dir = t.testdir({})
  symlinkSync('ring', join(dir, 'ring'))
  await t.rejects(realPath(join(dir, 'no', 'file')), { code: 'ENOENT' })
  await t.rejects(realPath(join(dir, 'ring')), { code: 'ELOOP' })
})
