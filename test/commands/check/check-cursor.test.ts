// The cursor is looked at and left alone, whatever is the matter with it.

import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type * as nodeFs from 'node:fs/promises'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { checkCursor } from '../../../src/commands/check/check-cursor.ts'
import { shapeOf } from '../../../src/find/scope.ts'
import { openCursor } from '../../lib/cursor/cursor-operations.ts'
import { cycleEntry, leafEntry } from '../../lib/cursor/entries.ts'
import { mountsOf } from '../../lib/files/wrapped-fs.ts'
import { scopeOf } from '../../lib/cycle/walk-leaves.ts'
import { checking, findings, NOW } from './checking.ts'

const { settings } = checking()
const now = Date.parse(NOW)

const check = (path: string, changes: object = {}) =>
  findings(checkCursor(path, { ...settings, ...changes }, now))

async function withCursor(t: Test, cycle: object = {}): Promise<string> {
  const path = join(t.testdir(), 'x.cursor')
  const cursor = await openCursor(path)
  cursor.record(cycleEntry({ at: now - 120_000, ...cycle }))
  await cursor.flush()
  await cursor.close()
  return path
}

t.test('before the first cycle', async t => {
  const path = join(t.testdir(), 'x.cursor')
  const { lines } = await check(path)
  t.match(lines, [/^ok cursor: .*first cycle/])
  t.strictSame(await readdir(dirname(path)), [])
})

t.test('a cursor that another shard used', async t => {
  const path = await withCursor(t, { outcome: 'done' })
  const cursor = await openCursor(path)
  const shape = shapeOf(scopeOf({ Shard: { index: 1, of: 3 } }))
  const { discovery } = cursor.state
  cursor.record({ k: 'discovery', ...discovery, shape })
  await cursor.flush()
  await cursor.close()
  const other = await check(path)
  t.match(other.lines[1], /^warn cursor: .* Shard=1\/3, .* StateFile/)
  const same = await check(path, { Shard: { index: 1, of: 3 } })
  t.notMatch(same.lines, [/./, /^warn/])
})

t.test('a cursor in use, which is not touched', async t => {
  const path = await withCursor(t)
  // A line that is being written.
  writeFileSync(path, `${readFileSync(path, 'latin1')}0123`)
  const before = [readFileSync(path, 'latin1'), statSync(path).mtimeMs]
  const { lines } = await check(path)
  t.match(lines, [
    /^ok cursor: /,
    /^ok last_cycle: cycle 1 ended 2 min ago: done/,
  ])
  t.strictSame([readFileSync(path, 'latin1'), statSync(path).mtimeMs], before)
  t.strictSame(await readdir(dirname(path)), ['x.cursor'])
})

t.test('a last cycle that ended badly is a warning', async t => {
  const path = await withCursor(t, { outcome: 'access' })
  const { lines } = await check(path)
  t.match(lines[1], /^warn last_cycle: .*access.*`status`/)
})

t.test('a last cycle that ended long ago is a warning', async t => {
  const path = await withCursor(t, { at: now - 3_600_000 })
  const { lines } = await check(path)
  t.match(lines, [
    /^ok cursor: /,
    /^ok last_cycle: .*1 h ago: done/,
    /^warn last_cycle: no cycle has .* for more than 15 min: check that the host/,
  ])
})

t.test('a cursor that cannot be used', async t => {
  const path = await withCursor(t)
  const cursor = await openCursor(path)
  cursor.record(leafEntry({ prefix: 'a/' }))
  await cursor.flush()
  await cursor.close()
  const damaged = join(dirname(path), 'damaged')
  writeFileSync(damaged, 'nonsense\n')
  const folder = join(dirname(path), 'folder')
  mkdirSync(folder)
  for (const [at, changes, text] of [
    [path, { BucketName: 'other' }, /logs.*other|other.*logs/],
    [path, { LogType: 'VPCFlowLogs' }, /VPCFlowLogs/],
    [damaged, {}, /damaged/],
    [folder, {}, /it is a folder; let StateFile name a file/],
    [join(folder, 'no', 'such'), {}, /create its folder/],
  ] as const) {
    const { lines, found } = await check(at, changes)
    t.equal(lines.length, 1)
    t.match(lines[0], /^fail cursor: /)
    t.match(lines[0], text)
    t.equal(found[0]?.outcome, 'cursor')
  }
})

t.test('the file of older days is looked at too', async t => {
  const path = join(t.testdir(), 'x.cursor')
  const cursor = await openCursor(path)
  cursor.record({ k: 'older', upTo: '2026-03-01', from: '', number: 1 })
  await cursor.flush()
  await cursor.close()
  t.match((await check(path)).lines, [/^fail cursor: .*x\.cursor\.late/])
  writeFileSync(`${path}.late`, 'nonsense\n')
  t.match((await check(path)).lines, [/^fail cursor: .*x\.cursor\.late/])
})

t.test(
  'what keeps a cycle from writing it keeps check from its ok',
  async t => {
    const path = await withCursor(t)
    const failed = async (text: RegExp, fs?: typeof nodeFs): Promise<void> => {
      const { lines, found } = await findings(
        checkCursor(path, settings, now, fs),
      )
      t.equal(lines.length, 1)
      t.match(lines[0], /^fail cursor: /)
      t.match(lines[0], text)
      t.equal(found[0]?.outcome, 'cursor')
    }
    for (const [name, text] of [
      ['.lock', /x\.cursor\.lock is not a lock file but a folder; remove it/],
      ['.rewriting', /x\.cursor\.rewriting is a folder and in the way; remove/],
      ['.late.rewriting', /late\.rewriting is a folder and in the way/],
      ['.quarantine.rewriting', /quarantine\.rewriting is a folder/],
    ] as const) {
      mkdirSync(path + name)
      await failed(text)
      rmdirSync(path + name)
    }
    if (process.platform === 'linux') {
      await failed(/docker -v FILE:FILE.*mount the folder/, mountsOf(path))
      writeFileSync(`${path}.late`, '')
      await failed(/\.late: it is a mount of its own/, mountsOf(`${path}.late`))
      rmSync(`${path}.late`)
    }
    if (process.getuid?.() === 0) {
      chmodSync(dirname(path), 0o777)
      await failed(/to which everyone may write/)
      chmodSync(dirname(path), 0o700)
    }
    t.match((await check(path)).lines[0], /^ok cursor: .* can be written/)
  },
)
