import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Journal } from '../../src/cursor/journal.ts'
import { openJournal } from '../../src/cursor/open-journal.ts'
import { entriesLine } from '../../src/cursor/journal-lines.ts'
import type { FileSystem } from '../../src/files/replace-file.ts'
import { failingFs, wrappedFs } from '../lib/files/wrapped-fs.ts'

const header = {
  format: 'lr-s3-input cursor',
  version: 1,
  bucket: 'b',
  log_type: 'CloudTrail',
}
const mebibyte = 1_048_576

function open(path: string, fs?: FileSystem): Promise<Journal> {
  return openJournal({ path, header, ...(fs && { fs }) })
}

async function stored(path: string, readOnly = true): Promise<unknown[]> {
  const journal = await openJournal({ path, header, readOnly })
  const entries = [...journal.entries()]
  await journal.close()
  return entries
}

t.test('a journal that is only opened leaves no file', async t => {
  const dir = t.testdir({})
  const journal = await open(join(dir, 'cursor'))
  t.equal(journal.exists, false)
  t.strictSame([...journal.entries()], [])
  await journal.append([])
  await journal.close()
  t.strictSame(await nodeFs.readdir(dir), [])
})

t.test('appended entries come back in order', async t => {
  const dir = t.testdir({})
  const path = join(dir, 'cursor')
  const first = await open(path)
  await first.append([{ k: 'é\n"' }, [1, [2]], null, 'text'])
  // Not awaited one by one, yet in turn.
  await Promise.all([first.append([5]), first.append([6, 7])])
  await first.close()
  const second = await open(path)
  t.equal(second.exists, true)
  await second.append([8])
  t.strictSame(
    [...second.entries()],
    [{ k: 'é\n"' }, [1, [2]], null, 'text', 5, 6, 7],
  )
  t.throws(() => [...second.entries()], /only once/)
  t.strictSame((await stored(path)).slice(4), [5, 6, 7, 8])
  t.strictSame(await nodeFs.readdir(dir), ['cursor'])
})

t.test('a rewrite replaces what was there, and appending goes on', async t => {
  const path = join(t.testdir({}), 'cursor')
  const journal = await open(path)
  await journal.append([1, 2])
  await journal.rewrite(new Set(['both']))
  t.equal(journal.appendedBytes, 0)
  await journal.append([3])
  t.equal(journal.appendedBytes, entriesLine([3]).length)
  t.strictSame(await stored(path), ['both', 3])
})

t.test('the file is its owner’s alone, whatever the umask', async t => {
  const path = join(t.testdir({}), 'cursor')
  const before = process.umask(0o777)
  try {
    await (await open(path)).append([1])
  } finally {
    process.umask(before)
  }
  t.equal((await nodeFs.stat(path)).mode & 0o777, 0o600)
})

t.test('through a link, the file it points to is rewritten', async t => {
  const dir = t.testdir({ real: {}, cursor: t.fixture('symlink', 'real/file') })
  const path = join(dir, 'cursor')
  const journal = await open(path)
  await journal.append([1])
  await journal.rewrite([2])
  t.ok((await nodeFs.lstat(path)).isSymbolicLink())
  t.strictSame(await nodeFs.readdir(join(dir, 'real')), ['file'])
  t.strictSame(await stored(path), [2])
})

t.test(
  'a rewrite is due after 1 MiB and half of the compact part, also when every cycle is killed',
  async t => {
    const path = join(t.testdir({}), 'cursor')
    const text = 'x'.repeat(mebibyte / 4)
    const add = async (times: number): Promise<boolean> => {
      // A new journal each time: the process before was killed.
      for (let i = 0; i < times; i++) await (await open(path)).append([text])
      return (await open(path)).needsRewrite
    }
    t.equal(await add(4), false, 'the first is the compact part')
    t.equal(await add(1), true)
    const journal = await open(path)
    t.equal(journal.needsRewrite, true)
    await journal.rewrite(Array.from({ length: 12 }, () => text))
    t.equal(journal.needsRewrite, false, '3 MiB compact')
    t.equal(await add(6), false, 'half of it appended')
    t.equal(await add(1), true, 'more than half')
  },
)

t.test('a rewrite can be made due sooner', async t => {
  const path = join(t.testdir({}), 'cursor')
  const rewriteBytes = 1000
  const add = async (text: string): Promise<boolean> => {
    const journal = await openJournal({ path, header, rewriteBytes })
    await journal.append([text])
    return journal.needsRewrite
  }
  t.equal(await add('x'.repeat(900)), false)
  t.equal(await add('x'.repeat(900)), false)
  t.equal(await add('x'.repeat(900)), true)
})

t.test(
  'a torn tail is cut off for writing, and left alone for reading',
  async t => {
    const path = join(t.testdir({}), 'cursor')
    await (await open(path)).append([1])
    const torn = Buffer.concat([await nodeFs.readFile(path), Buffer.from('0a')])
    await nodeFs.writeFile(path, torn)
    await nodeFs.writeFile(`${path}.rewriting`, 'x')
    t.strictSame(await stored(path), [1])
    t.strictSame(await nodeFs.readFile(path), torn)
    t.ok(await nodeFs.stat(`${path}.rewriting`))

    t.strictSame(await stored(path, false), [1])
    t.strictSame(await nodeFs.readFile(path), torn.subarray(0, -2))
    await t.rejects(nodeFs.stat(`${path}.rewriting`), { code: 'ENOENT' })
  },
)

t.test('an emptied file is never begun anew', async t => {
  const path = join(t.testdir({}), 'cursor')
  for (const content of ['', '\0\0\0']) {
    await nodeFs.writeFile(path, content)
    await t.rejects(open(path), { code: 'CURSOR_DAMAGED' })
    t.equal(String(await nodeFs.readFile(path)), content)
  }
})

t.test('one that is opened to be read, or closed, is not written', async t => {
  const path = join(t.testdir({}), 'cursor')
  const refused = { name: 'CursorError', code: 'CURSOR_UNWRITABLE' }
  const reader = await openJournal({ path, header, readOnly: true })
  await t.rejects(reader.append([1]), refused)
  await t.rejects(reader.rewrite([1]), refused)
  const journal = await open(path)
  await journal.close()
  await t.rejects(journal.append([1]), refused)
  await t.rejects(nodeFs.stat(path), { code: 'ENOENT' })
})

t.test('close waits for what is being written', async t => {
  const path = join(t.testdir({}), 'cursor')
  const journal = await open(path)
  const append = journal.append([1])
  await journal.close()
  t.strictSame(await stored(path), [1])
  await append
})

t.test('a missing folder is named, and is to be created', async t => {
  await t.rejects(open(join(t.testdir({}), 'no', 'cursor')), {
    code: 'CURSOR_UNREADABLE',
    message: /^opening the cursor .*ENOENT.*create its folder/,
  })
})

t.test('a file that cannot be written is found out at once', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  for (const fs of [
    failingFs({ open: 'EACCES' }),
    failingFs({ unlink: 'EROFS' }),
  ])
    await t.rejects(open(path, fs), {
      code: 'CURSOR_UNWRITABLE',
      message: /^opening the cursor .*(EACCES|EROFS)/,
    })
  t.strictSame(await stored(path), [1])
})

t.test('a full disk takes nothing away and half of nothing in', async t => {
  const path = join(t.testdir({}), 'cursor')
  let full = false
  const fs = wrappedFs(async (name, run, args) => {
    if (!full || name !== 'handle.write') return run()
    // The disk takes a few bytes more, then none.
    if (Number(args[2]) > 5) return run(args[0], args[1], 5, args[3])
    throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
  })
  const journal = await open(path, fs)
  const refused = {
    code: 'CURSOR_UNWRITABLE',
    message: /^writing the cursor .*ENOSPC.*make room/,
  }
  full = true
  await t.rejects(journal.append(['created']), refused)
  t.strictSame(await nodeFs.readdir(join(path, '..')), [])
  full = false
  await journal.append([1])
  const before = await nodeFs.readFile(path)
  full = true
  await t.rejects(journal.append(['new']), refused)
  await t.rejects(journal.rewrite(['compact']), refused)
  t.strictSame(await nodeFs.readFile(path), before)
  full = false
  await journal.append([2])
  t.strictSame(await stored(path), [1, 2])
})

t.test('a write that failed and cannot be taken back is the last', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  const disk = failingDisk()
  const journal = await open(path, disk.fs)
  disk.failing = /^handle\.(write|truncate)$/
  await t.rejects(journal.append(['lost']), { message: /EIO/ })
  disk.failing = undefined
  await t.rejects(journal.append([2]), {
    code: 'CURSOR_UNWRITABLE',
    message: /could not be taken back/,
  })
})

t.test('a commit that did not reach the disk does not count', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  const disk = failingDisk()
  const journal = await open(path, disk.fs)
  disk.failing = /^handle\.write$/
  await t.rejects(journal.append(['lost']), { code: 'CURSOR_UNWRITABLE' })
  t.strictSame(await stored(path), [1])
  disk.failing = undefined
  await journal.append([2])
  t.strictSame(await stored(path), [1, 2])
})

t.test('a copy in its place is written on', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  const journal = await open(path)
  await journal.append([2])
  await nodeFs.copyFile(path, `${path}.copy`)
  await nodeFs.rename(`${path}.copy`, path)
  await journal.append([3])
  t.strictSame(await stored(path), [1, 2, 3])
})

t.test('a second writer is noticed, not mixed in', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  const [one, other] = [await open(path), await open(path)]
  await one.append([2])
  const refused = { code: 'CURSOR_UNWRITABLE', message: /another program/ }
  await t.rejects(other.append([3]), refused)
  await t.rejects(other.rewrite([3]), refused)
  await nodeFs.unlink(path)
  await t.rejects(one.append([4]), { message: /ENOENT/ })
})

t.test('a line of good checksum that is no array is damage', async t => {
  const path = join(t.testdir({}), 'cursor')
  await (await open(path)).append([1])
  // cbf43926 is the published check value for these digits.
  await nodeFs.appendFile(path, 'cbf43926 123456789\n')
  await t.rejects(stored(path), { code: 'CURSOR_DAMAGED' })
})

// A disk on which calls are made and then found to have failed.
function failingDisk() {
  const disk = { failing: undefined as RegExp | undefined, fs: nodeFs }
  disk.fs = wrappedFs(async (name, run) => {
    const fails = disk.failing?.test(name) === true
    const result = fails && name === 'handle.truncate' ? 0 : await run()
    if (fails)
      throw Object.assign(new Error('EIO: made to fail'), { code: 'EIO' })
    return result
  })
  return disk
}

// A process that may die at any call, half-way through a write. Nothing is
// synced: what a power cut takes is taken from the file afterwards.
function mortalFs(): { fs: FileSystem; dieAfter(calls: number): void } {
  let left = Infinity
  const fs = wrappedFs(async (name, run, args) => {
    // What a dead process had open is closed for it.
    if (name !== 'handle.close' && left-- <= 0) {
      if (left === -1 && name === 'handle.write')
        await run(args[0], args[1], Number(args[2]) >> 1, args[3])
      throw new Error('killed')
    }
    return name.endsWith('sync') ? undefined : run()
  })
  return { fs, dieAfter: calls => (left = calls) }
}

const size = (path: string): Promise<number> =>
  nodeFs.stat(path).then(
    stat => stat.size,
    () => 0,
  )

const sizeWithoutRoom = async (path: string): Promise<number> => {
  const content = await nodeFs.readFile(path, 'latin1').catch(() => '')
  return content.replace(/\0+$/, '').length
}

const entries = fc.array(fc.jsonValue({ maxDepth: 1 }), {
  minLength: 1,
  maxLength: 3,
})
const step = fc.record({
  what: fc.constantFrom('append', 'append', 'reserve', 'rewrite'),
  entries,
  dieAfter: fc.option(fc.nat(16), { nil: Infinity }),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
  tail: fc.constantFrom('kill', 'cut', 'zeros', 'noise'),
})

t.test(
  'after any crash there is what was promised, and of the rest all or nothing',
  async t => {
    const dir = t.testdir({})
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const path = join(dir, `cursor${runs++}`)
        let promised: string[] = []
        let mortal = mortalFs()
        let journal = await open(path, mortal.fs)
        for (const { what, entries, dieAfter, cut, tail } of steps) {
          const durable = await sizeWithoutRoom(path)
          const inode = (await nodeFs.stat(path).catch(() => undefined))?.ino
          const texts = entries.map(entry => JSON.stringify(entry))
          const wanted = what === 'rewrite' ? texts : [...promised, ...texts]
          mortal.dieAfter(dieAfter)
          const kept = await journal[what](entries).then(
            () => true,
            () => false,
          )
          if (kept) promised = wanted
          if (dieAfter === Infinity) continue
          const now = await nodeFs.stat(path).catch(() => undefined)
          if (!kept && now && now.ino === inode && tail !== 'kill') {
            const from = durable + Math.floor(cut * (now.size - durable))
            await nodeFs.truncate(path, from)
            if (tail === 'zeros') await nodeFs.truncate(path, now.size)
            if (tail === 'noise')
              await nodeFs.appendFile(
                path,
                Buffer.alloc(now.size - from, '\n?'),
              )
          }
          mortal = mortalFs()
          journal = await open(path, mortal.fs)
          const found = [...journal.entries()].map(entry =>
            JSON.stringify(entry),
          )
          const same = (other: string[]) => found.join() === other.join()
          if (!same(promised) && !same(wanted))
            throw new Error(
              `found ${found}, promised ${promised}, or ${wanted}`,
            )
          if ((await size(`${path}.rewriting`)) > 0) throw new Error('leftover')
          promised = found
        }
      }),
      { numRuns: 100 },
    )
    t.ok(runs >= 100)
  },
)
