// The two files together: what moves is there before it leaves, whatever
// breaks in between, and the cursor is refused without the other.

import { execFileSync } from 'node:child_process'
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rename,
  stat,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Cursor } from '../../src/cursor/cursor.ts'
import type { Partition } from '../../src/cursor/cursor-state.ts'
import {
  catchUp,
  olderFor,
  dropFromOlder,
  moveToOlder,
} from '../../src/cursor/older-days.ts'
import { openCursor, reopen } from '../lib/cursor/cursor-operations.ts'

const DAYS = ['2026-03-08', '2026-03-09', '2026-03-10']

/** A cursor with a folder a day, so many objects in each, on the disk. */
async function threeDays(t: Test, count = 3) {
  const path = join(t.testdir({}), 'cursor')
  const cursor = await openCursor(path)
  for (const day of DAYS)
    for (let print = 0; print < count; print++)
      cursor.commit(
        cursor.partition(`a/${day}/`, day),
        day,
        print1(day, print),
        '',
      )
  await cursor.flush()
  return { path, late: `${path}.late`, cursor }
}

const print1 = (day: string, print: number): bigint =>
  BigInt(day.slice(-2)) * 1_000_000n + BigInt(print)

const folders = (cursor: Cursor, ...days: string[]): Partition[] =>
  days.map(day => cursor.partition(`a/${day}/`, day))

/** The days of which a file holds every object. */
const held = ({ state }: Cursor, count = 3): string[] =>
  DAYS.filter(day => {
    const set = state.partitions.get(`a/${day}/`)?.sets.get(day)
    return (
      set?.size === count &&
      Array.from({ length: count }, (_, at) => at).every(print =>
        set.has(print1(day, print)),
      )
    )
  })

t.test('days move, and come back', async t => {
  let { path, late, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, ...DAYS.slice(0, 2)))
  t.equal((await stat(late)).mode & 0o777, 0o600)
  cursor = await reopen(cursor, path)
  t.strictSame(held(cursor), DAYS.slice(2))
  t.equal(cursor.state.partitions.size, 1)
  t.equal(cursor.usesOlder, false, 'not opened unless asked for')
  t.strictSame(held(await cursor.older()), DAYS.slice(0, 2))
  t.equal(cursor.state.older.upTo, '2026-03-09')
  for (const folder of folders(cursor, ...DAYS)) await olderFor(cursor, folder)
  cursor = await reopen(cursor, path)
  t.strictSame(held(cursor), DAYS)
  await moveToOlder(cursor, folders(cursor, ...DAYS))
  cursor = await reopen(cursor, path)
  t.strictSame(held(await cursor.older()), DAYS, 'once more, and no more')
  await cursor.close()
})

t.test(
  'a partition that was listed, or is newer, needs no sets back',
  async t => {
    let { path, cursor } = await threeDays(t)
    await moveToOlder(cursor, folders(cursor, DAYS[0] ?? ''))
    cursor = await reopen(cursor, path)
    const [first, , third] = folders(cursor, ...DAYS)
    if (first) await olderFor(cursor, { ...first, listed: 1, swept: 1 })
    if (third) await olderFor(cursor, third)
    const flat = cursor.partition('flat/', '')
    t.equal(await olderFor(cursor, { ...flat, swept: 1 }), undefined)
    t.equal(cursor.usesOlder, false)
    t.ok(await olderFor(cursor, flat), 'it may have had another name')
    await cursor.close()
  },
)

t.test('empty days leave without a file', async t => {
  const path = join(t.testdir({}), 'cursor')
  let cursor = await openCursor(path)
  const folder = cursor.partition('a/', '2026-03-08')
  cursor.idOf(folder)
  await moveToOlder(cursor, [folder])
  await dropFromOlder(cursor, '2026-03-09')
  cursor = await reopen(cursor, path)
  t.equal(cursor.state.partitions.size, 0)
  t.equal(cursor.state.older.upTo, '')
  await t.rejects(stat(`${path}.late`))
  await cursor.close()
})

t.test('a kill between the files loses nothing', async t => {
  for (const victim of ['older', 'cursor'] as const) {
    let { path, cursor } = await threeDays(t)
    const mortal = victim === 'older' ? await cursor.older() : cursor
    mortal.flush = async () => {
      throw new Error('killed')
    }
    await t.rejects(moveToOlder(cursor, folders(cursor, ...DAYS.slice(0, 2))))
    await cursor.close()
    cursor = await openCursor(path)
    t.strictSame(held(cursor), DAYS, `${victim} not written`)
    t.equal(cursor.state.older.upTo, '')
    await moveToOlder(cursor, folders(cursor, ...DAYS.slice(0, 2)))
    cursor = await reopen(cursor, path)
    t.strictSame(held(cursor), DAYS.slice(2))
    t.strictSame(held(await cursor.older()), DAYS.slice(0, 2))
    await cursor.close()
  }
})

t.test('large days move in pieces', async t => {
  const count = 110_000
  let { path, late, cursor } = await threeDays(t, count)
  const older = await cursor.older()
  const sizes: number[] = []
  const flush = older.flush.bind(older)
  older.flush = async () => {
    const before = (await stat(late).catch(() => undefined))?.size ?? 0
    await flush()
    sizes.push((await stat(late)).size - before)
  }
  await moveToOlder(cursor, folders(cursor, ...DAYS))
  t.ok(sizes.length > 3)
  t.ok(Math.max(...sizes) < 1_300_000, `${Math.max(...sizes)} bytes`)
  cursor = await reopen(cursor, path)
  t.strictSame(held(await cursor.older(), count), DAYS)
  t.ok((await stat(late)).size / count / 3 < 11)
  await cursor.close()
})

t.test('old days go, and the cursor says so first', async t => {
  let { path, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, ...DAYS))
  await dropFromOlder(cursor, '2026-03-08')
  t.equal(cursor.state.older.from, '', 'there is none')
  const older = await cursor.older()
  const { flush } = older
  older.flush = async () => {
    throw new Error('killed')
  }
  await t.rejects(dropFromOlder(cursor, '2026-03-10'))
  older.flush = flush
  await cursor.close()
  cursor = await openCursor(path)
  t.equal(cursor.state.older.from, '2026-03-10')
  t.strictSame(held(await cursor.older()), DAYS)
  await dropFromOlder(cursor, '2026-03-10')
  cursor = await reopen(cursor, path)
  t.strictSame(held(await cursor.older()), DAYS.slice(2))
  await cursor.close()
})

t.test('without the file of older days a cursor is refused', async t => {
  const { path, late, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, DAYS[0] ?? ''))
  await cursor.close()
  await rename(late, `${late}.away`)
  for (const readOnly of [false, true])
    await t.rejects(openCursor(path, { readOnly }), {
      name: 'CursorError',
      message: `looking for the file of older days ${late}: the cursor names it and it is not there; put it back, or move the cursor away too and run \`skip\` to begin from now`,
    })
  await rename(`${late}.away`, late)
  const content = await readFile(late)
  const broken: [string, string, () => Promise<void>][] = [
    ['CURSOR_DAMAGED', 'empty', () => truncate(late, 0)],
    ['CURSOR_DAMAGED', 'cut', () => truncate(late, content.length - 9)],
    [
      'CURSOR_FOREIGN',
      'the cursor itself',
      async () => writeFile(late, await readFile(path)),
    ],
    ['CURSOR_FOREIGN', 'any file', () => writeFile(late, 'hello\n')],
  ]
  for (const [code, what, breaks] of broken) {
    await breaks()
    const found = await readFile(late)
    for (const readOnly of [true, false])
      await t.rejects(
        openCursor(path, { readOnly }),
        { code, message: late },
        what,
      )
    t.ok(found.equals(await readFile(late)), 'and is left as it is')
    await writeFile(late, content)
  }
  await unlink(path)
  await rename(late, path)
  await t.rejects(openCursor(path), { code: 'CURSOR_FOREIGN' })
})

t.test('an older copy of the file of older days is refused', async t => {
  let { path, late, cursor } = await threeDays(t)
  const [first, second] = folders(cursor, ...DAYS)
  if (!first || !second) throw new Error('three days make three folders')
  await moveToOlder(cursor, [first])
  await cursor.close()
  await copyFile(path, `${path}.backup`)
  await copyFile(late, `${late}.backup`)

  cursor = await openCursor(path)
  await moveToOlder(cursor, [second])
  await cursor.close()
  await copyFile(late, `${late}.newer`)
  await copyFile(`${late}.backup`, late)
  const stale = {
    name: 'CursorError',
    code: 'CURSOR_UNREADABLE',
    message:
      /\.late: it is an older copy, of write 1 where the cursor knows of 2; put the newer one back, or the cursor of the same backup/,
  }
  for (const readOnly of [false, true])
    await t.rejects(openCursor(path, { readOnly }), stale)

  const torn = ['0123 [torn', '\0'.repeat(5000), `${'x'.repeat(3000)}\n`]
  for (const tail of torn) {
    await copyFile(`${late}.backup`, late)
    await appendFile(late, tail)
    for (const readOnly of [true, false])
      await t.rejects(
        openCursor(path, { readOnly }),
        stale,
        'behind a torn tail',
      )
    await copyFile(`${late}.newer`, late)
    await appendFile(late, tail)
    for (const readOnly of [true, false])
      await (await openCursor(path, { readOnly })).close()
  }

  await copyFile(`${late}.newer`, late)
  cursor = await openCursor(path)
  t.strictSame(held(await cursor.older()), DAYS.slice(0, 2))
  await cursor.close()
  await copyFile(`${path}.backup`, path)
  cursor = await openCursor(path)
  t.strictSame(held(cursor), DAYS.slice(1), 'an older cursor is none the worse')
  t.ok(cursor.isBehind)
  await moveToOlder(cursor, folders(cursor, ...DAYS.slice(1)))
  cursor = await reopen(cursor, path)
  t.strictSame(held(await cursor.older()), DAYS)
  t.equal(cursor.state.older.number, 3)
  await cursor.close()
})

t.test('dropping days is a write, too', async t => {
  let { path, late, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, ...DAYS))
  await copyFile(late, `${late}.backup`)
  await dropFromOlder(cursor, '2026-03-09')
  await cursor.close()
  await copyFile(`${late}.backup`, late)
  await t.rejects(openCursor(path), { message: /write 1 .* knows of 2/ })
})

t.test('a cursor from a backup takes over what moved since', async t => {
  let { path, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, DAYS[0] ?? ''))
  await copyFile(path, `${path}.backup`)
  // One of a day that the copy knows, all of one that it does not.
  const [, second] = folders(cursor, ...DAYS)
  const later = cursor.partition('a/2026-03-11/', '2026-03-11')
  if (!second) throw new Error('three days make three folders')
  for (const folder of [second, later])
    cursor.commit(folder, folder.day, 7n, '')
  await cursor.flush()
  await moveToOlder(cursor, [second, later])
  await cursor.close()

  await copyFile(`${path}.backup`, path)
  for (const readOnly of [true, false]) {
    cursor = await openCursor(path, { readOnly })
    t.ok(cursor.isBehind)
    await catchUp(cursor)
    t.match(cursor.state.older, { upTo: '2026-03-11', number: 2 })
    t.ok(
      cursor.partition(second.prefix, second.day).sets.get(second.day)?.has(7n),
    )
    const folder = cursor.partition(later.prefix, later.day)
    await olderFor(cursor, folder)
    t.ok(folder.sets.get(later.day)?.has(7n))
    await cursor.flush()
    await cursor.close()
  }
  cursor = await openCursor(path)
  t.notOk(cursor.isBehind, 'once')
  const before = await readFile(path)
  await catchUp(cursor)
  await cursor.flush()
  t.ok(before.equals(await readFile(path)))
  t.equal(cursor.usesOlder, false)
  await cursor.close()
})

t.test('a path that is not a file is not waited for', async t => {
  const { path, late, cursor } = await threeDays(t)
  await moveToOlder(cursor, folders(cursor, DAYS[0] ?? ''))
  await cursor.close()
  await unlink(late)
  execFileSync('mkfifo', [late])
  await t.rejects(openCursor(path), { message: /\.late: .* a pipe/ })
  await unlink(late)
  await mkdir(late)
  await t.rejects(openCursor(path), { message: /\.late: .* a folder/ })
})
