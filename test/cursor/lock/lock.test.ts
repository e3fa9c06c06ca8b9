import { spawnSync } from 'node:child_process'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  thisProcess,
  type Process,
} from '../../../src/cursor/lock/lock-holder.ts'
import { acquireLock, type LockOptions } from '../../../src/cursor/lock/lock.ts'
import { seeLock } from '../../../src/cursor/lock/see-lock.ts'
import { failingFs } from '../../lib/files/wrapped-fs.ts'

const clock = { now: () => Date.UTC(2026, 0, 2) }
const self = thisProcess()
const dead = { ...self, pid: spawnSync(process.execPath, ['--version']).pid }
const away = { ...self, host: 'elsewhere' }

const text = (holder: Process, token = 'd'.repeat(16)): string =>
  JSON.stringify({ ...holder, token, renewed: '2026-01-01T00:00:00.000Z' })

const take = (path: string, options: Partial<LockOptions> = {}) =>
  acquireLock(path, { clock, ...options })

async function taken(path: string, options?: Partial<LockOptions>) {
  const lock = await take(path, options)
  await lock?.release()
  return lock !== undefined
}

// Sets the stamp of a lock so many seconds before now.
async function age(path: string, seconds: number): Promise<void> {
  const time = Date.now() / 1000 - seconds
  await nodeFs.utimes(`${path}.lock`, time, time)
}

t.test('one at a time, and nothing is left', async t => {
  const dir = t.testdir({ cursor: '' })
  const path = join(dir, 'cursor')
  const lock = await take(path)
  t.ok(lock)
  t.equal(await lock?.held(), true)
  t.strictSame(await nodeFs.readdir(dir), ['cursor', 'cursor.lock'])
  const { token, ...rest } = JSON.parse(
    await nodeFs.readFile(`${path}.lock`, 'utf8'),
  )
  t.match(token, /^[0-9a-f]{16}$/)
  const now = '2026-01-02T00:00:00.000Z'
  t.strictSame(rest, { ...self, renewed: now, since: now })

  t.equal(await take(path), undefined)
  await lock?.release()
  t.equal(await lock?.held(), false)
  t.equal(await taken(path), true)
  t.strictSame(await nodeFs.readdir(dir), ['cursor'])
})

t.test('the lock is its owner’s alone, whatever the umask', async t => {
  const path = join(t.testdir({}), 'cursor')
  const before = process.umask(0o777)
  const lock = await take(path).finally(() => process.umask(before))
  t.equal((await nodeFs.stat(`${path}.lock`)).mode & 0o777, 0o600)
  await lock?.release()
})

t.test('a cursor reached by a link has one lock', async t => {
  const dir = t.testdir({ cursor: '', link: t.fixture('symlink', 'cursor') })
  const lock = await take(join(dir, 'link'))
  t.equal(await take(join(dir, 'cursor')), undefined)
  t.strictSame(await nodeFs.readdir(dir), ['cursor', 'cursor.lock', 'link'])
  await lock?.release()
})

t.test(
  'a dead holder blocks nobody, nor does its pid in other hands',
  async t => {
    const dir = t.testdir({ 'a.lock': text(dead), 'b.lock': text(self) })
    t.equal(await taken(join(dir, 'a')), true)
    t.equal(await taken(join(dir, 'b')), false, 'that is us')
    await nodeFs.writeFile(join(dir, 'b.lock'), text({ ...self, start: '1' }))
    if (self.start) t.equal(await taken(join(dir, 'b')), true)
  },
)

t.test('a holder elsewhere is left alone while it renews its lock', async t => {
  const path = join(t.testdir({ 'cursor.lock': text(away) }), 'cursor')
  t.equal(await taken(path), false)
  await age(path, 55)
  t.equal(await taken(path), false)
  await age(path, -30)
  t.equal(await taken(path), false)
  await age(path, 65)
  t.equal(await taken(path), true)
  await nodeFs.writeFile(`${path}.lock`, text(away))
  await age(path, -65)
  t.equal(await taken(path), true, 'from before the clock was set back')
})

t.test('a file that is not a lock blocks for a minute', async t => {
  for (const garbage of ['', '\0\0\0', '{"pid":1}', 'x'.repeat(100_000)]) {
    const path = join(t.testdir({ 'cursor.lock': garbage }), 'cursor')
    t.equal(await taken(path), false)
    await age(path, 65)
    t.equal(await taken(path), true)
  }
})

t.test('a path that is not a file is neither a lock nor touched', async t => {
  const dir = t.testdir({
    'a.lock': {},
    'b.lock': t.fixture('symlink', 'nowhere'),
  })
  spawnSync('mkfifo', [join(dir, 'c.lock')])
  for (const [name, what] of [
    ['a', /a\.lock is not a lock file but a folder; remove it/],
    ['b', /b\.lock is not a lock file but a link.*; remove it/],
    ['c', /c\.lock is not a lock file but .*a pipe; remove it/],
  ] as const) {
    await t.rejects(take(join(dir, name)), {
      code: 'CURSOR_UNWRITABLE',
      message: what,
    })
    t.equal(await seeLock(join(dir, name), Date.now()), undefined)
  }
  t.strictSame(await nodeFs.readdir(dir), ['a.lock', 'b.lock', 'c.lock'])
})

t.test(
  'files that killed processes left are removed, and no others',
  async t => {
    const dir = t.testdir({
      'cursor.lock': text(dead),
      ['cursor.lock.' + 'd'.repeat(16)]: text(dead, 'e'.repeat(16)),
      ['cursor.lock.' + 'a'.repeat(16) + '.tmp']: '',
      'cursor.lock.mine': '',
      ['cursor.late.lock.' + 'a'.repeat(16)]: '',
    })
    t.equal(await taken(join(dir, 'cursor')), true)
    t.strictSame(await nodeFs.readdir(dir), [
      'cursor.late.lock.' + 'a'.repeat(16),
      'cursor.lock.mine',
    ])
  },
)

t.test('a holder renews its lock in place, every ten seconds', async t => {
  const path = join(t.testdir({}), 'cursor')
  let now = clock.now()
  const timers: { ms: number; renew: () => Promise<void> }[] = []
  const lock = await take(path, {
    clock: { now: () => now },
    every: (ms, renew) => {
      timers.push({ ms, renew })
      return () => timers.pop()
    },
  })
  const first = await nodeFs.readFile(`${path}.lock`, 'utf8')
  await age(path, 65)
  now += 10_000
  t.equal(timers[0]?.ms, 10_000)
  await timers[0]?.renew()
  const second = await nodeFs.readFile(`${path}.lock`, 'utf8')
  t.equal(second, first.replace('00:00:00.000', '00:00:10.000'))
  t.ok(Date.now() - (await nodeFs.stat(`${path}.lock`)).mtimeMs < 30_000)

  // Another took it, or somebody removed it: neither is touched or brought back.
  await nodeFs.writeFile(`${path}.lock`, text(away))
  await timers[0]?.renew()
  t.equal(await lock?.held(), false)
  t.equal(await nodeFs.readFile(`${path}.lock`, 'utf8'), text(away))
  const { renew } = timers[0] ?? {}
  await lock?.release()
  t.equal(timers.length, 0)
  t.equal(await nodeFs.readFile(`${path}.lock`, 'utf8'), text(away))
  await nodeFs.unlink(`${path}.lock`)
  await renew?.()
  await lock?.release()
  t.strictSame(await nodeFs.readdir(join(path, '..')), [])
})

t.test('release removes our lock, and no other', async t => {
  const path = join(t.testdir({}), 'cursor')
  const lock = await take(path)
  const ours = await nodeFs.readFile(`${path}.lock`, 'utf8')
  await nodeFs.writeFile(`${path}.lock`, text(away))
  await lock?.release()
  t.equal(await nodeFs.readFile(`${path}.lock`, 'utf8'), text(away))
  await nodeFs.writeFile(`${path}.lock`, ours)
  await lock?.release()
  t.strictSame(await nodeFs.readdir(join(path, '..')), [])
})

t.test('where there are no hard links, it still works', async t => {
  const dir = t.testdir({ 'cursor.lock': text(dead) })
  const fs = failingFs({ link: 'EPERM' })
  const lock = await take(join(dir, 'cursor'), { fs })
  t.equal(await lock?.held(), true)
  t.equal(await take(join(dir, 'cursor'), { fs }), undefined)
  await lock?.release()
  t.strictSame(await nodeFs.readdir(dir), [])
})

const error = (message: RegExp) => ({ code: 'CURSOR_UNWRITABLE', message })

t.test('a folder that is missing, full or read-only is an error', async t => {
  const dir = t.testdir({ 'folder.lock': {} })
  await t.rejects(
    take(join(dir, 'no', 'cursor')),
    error(/^locking the cursor .*ENOENT.*create its folder/),
  )
  await t.rejects(take(join(dir, 'folder')), error(/a folder; remove it/))
  for (const [call, code] of [
    ['open', 'EROFS'],
    ['handle.writeFile', 'ENOSPC'],
    ['readFile', 'EACCES'],
  ] as const) {
    await nodeFs.writeFile(join(dir, 'cursor.lock'), text(self))
    const fs = failingFs({ [call]: code })
    await t.rejects(take(join(dir, 'cursor'), { fs }), error(new RegExp(code)))
  }
  t.strictSame(await nodeFs.readdir(dir), ['cursor.lock', 'folder.lock'])
})

const timers = () =>
  process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

t.test('a lock keeps no process alive', async t => {
  const path = join(t.testdir({}), 'cursor')
  const before = timers()
  const lock = await take(path)
  t.equal(timers(), before)
  await lock?.release()
})
