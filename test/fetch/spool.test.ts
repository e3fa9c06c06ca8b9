// The files of the spool, over processes: what is kept, what is not, and what
// a folder that cannot be used does.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hash } from 'node:crypto'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readPart } from '../../src/fetch/read-part.ts'
import { Spool, type Part } from '../../src/fetch/spool.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

const ETAG = '"0123456789abcdef0123456789abcdef-5"'
const KEY = 'AWSLogs/1/a.json.gz'
const DAY_S = 24 * 3600

function setUp(t: Test) {
  const folder = join(t.testdir(), 'cursor.spool')
  const open = (): Spool => new Spool(folder, () => Date.now())
  const files = (): string[] =>
    existsSync(folder) ? readdirSync(folder) : ['no folder']
  return { folder, open, files }
}

async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}

async function textOf(part: Part): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of readPart(part)) pieces.push(Buffer.from(piece))
  return String(Buffer.concat(pieces))
}

t.test('a body goes on where an earlier process was', async t => {
  const { folder, open, files } = setUp(t)
  const first = open()
  t.equal(await first.find(KEY), undefined)
  const begun = first.begin(KEY, ETAG, 10)
  t.strictSame(files(), ['no folder'], 'nothing before the first byte')
  await first.append(begun, chunks('abc', 'de'))
  t.equal(begun.length, 5)
  await first.close()
  const id = hash('sha256', KEY, 'hex').slice(0, 16)
  const tag = Buffer.from(ETAG).toString('base64url')
  t.strictSame(files(), [`${id}-10-${tag}`])
  t.equal(statSync(folder).mode & 0o777, 0o700)
  t.equal(statSync(join(folder, files()[0] ?? '')).mode & 0o777, 0o600)

  const second = open()
  const found = await second.find(KEY)
  t.match(found, { etag: ETAG, size: 10, length: 5 })
  t.equal(await second.find('another'), undefined)
  if (found) await second.append(found, [Buffer.from('fghij')])

  const third = open()
  const whole = await third.find(KEY)
  t.match(whole, { size: 10, length: 10 })
  if (whole) {
    t.equal(await textOf(whole), 'abcdefghij')
    t.equal(await textOf(whole), 'abcdefghij', 'it can be read again')
  }
  await third.remove(KEY)
  t.equal(await third.find(KEY), undefined)
  await third.close()
  t.strictSame(files(), ['no folder'])
})

t.test('what breaks off leaves what came', async t => {
  const { open } = setUp(t)
  const fault = new Error('aborted')
  const spool = open()
  const part = spool.begin(KEY, ETAG, 10)
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('abc')
    throw fault
  }
  await t.rejects(spool.append(part, broken()), fault)
  t.equal((await open().find(KEY))?.length, 3)
})

t.test('a file as long as no body, or old, or torn is removed', async t => {
  const { folder, open, files } = setUp(t)
  const now = Date.now() / 1000
  const path = (): string => join(folder, files()[0] ?? '')
  for (const [spoil, isKept] of [
    [() => truncateSync(path(), 2), true],
    [() => writeFileSync(path(), 'x'.repeat(11)), false],
    [() => utimesSync(path(), now, now - 8 * DAY_S), false],
    [() => utimesSync(path(), now, now - uptime() - 60), false],
  ] as const) {
    const spool = open()
    await spool.append(spool.begin(KEY, ETAG, 10), chunks('abcde'))
    spoil()
    const next = open()
    const found = await next.find(KEY)
    t.equal(found?.length, isKept ? 2 : undefined)
    await next.close()
    t.strictSame(files().length === 1 && files()[0] !== 'no folder', isKept)
    await open().remove(KEY)
  }
})

t.test('only its own files are touched', async t => {
  const { folder, open, files } = setUp(t)
  mkdirSync(folder)
  const tag = Buffer.from(ETAG).toString('base64url')
  const id = hash('sha256', KEY, 'hex').slice(0, 16)
  const secret = join(t.testdirName, 'secret')
  writeFileSync(secret, 'x'.repeat(10))
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  symlinkSync(secret, join(folder, `${id}-10-${tag}`))
  const spool = open()
  t.equal(await spool.find(KEY), undefined, 'a link is no body')
  await spool.close()
  t.equal(files().length, 2)
  t.equal(readFileSync(secret, 'utf8'), 'x'.repeat(10))
})

t.test('an ETag of any kind does no harm', async t => {
  for (const [etag, isKept] of [
    ['"../../x/y"', true],
    ['é ', true],
    ['x'.repeat(300), false],
    ['', false],
  ] as const) {
    const { open, files } = setUp(t)
    const spool = open()
    const part = spool.begin(KEY, etag, 3)
    await spool.append(part, chunks('abc'))
    t.equal(files().length, 1)
    t.equal(await textOf(part), 'abc', 'good in this cycle')
    t.equal((await open().find(KEY))?.etag, isKept ? etag : undefined)
    t.equal(files().length, isKept ? 1 : 0, 'and in the next, if it has a name')
  }
})

t.test('a folder that cannot be used says what to do', async t => {
  const { folder, open } = setUp(t)
  writeFileSync(folder, 'a file')
  const spool = open()
  t.equal(await spool.find(KEY), undefined)
  t.notOk(spool.isUnwritable)
  const part = spool.begin(KEY, ETAG, 3)
  await t.rejects(spool.append(part, chunks('abc')), {
    name: 'SpoolError',
    code: 'EEXIST',
    message: `writing the spool ${folder}: EEXIST; move`,
  })
  t.ok(spool.isUnwritable)
  await spool.remove(KEY)
  await spool.close()
  t.equal(readFileSync(folder, 'utf8'), 'a file')
})

t.test('a file cut off by hand while it is read is a fault', async t => {
  const { folder, open, files } = setUp(t)
  const spool = open()
  const part = spool.begin(KEY, ETAG, 10)
  await spool.append(part, chunks('abcdefghij'))
  truncateSync(join(folder, files()[0] ?? ''), 4)
  await t.rejects(textOf(part), { name: 'SpoolError', message: /ends at 4/ })
  await spool.remove(KEY)
  await t.rejects(textOf(part), { name: 'SpoolError', code: 'ENOENT' })
})

t.test('where one body has room, one of two gets whole', async t => {
  const { folder, files } = setUp(t)
  // Less would be written at once.
  const UNIT = 65_536
  const bytes = ['abcd', 'efgh', 'ij'].map(text =>
    text.replaceAll(/./g, letter => letter.repeat(UNIT)),
  )
  let used = 0
  const fs = wrappedFs(async (name, run, args) => {
    if (name === 'handle.write') {
      const { length } = args[0] as Buffer
      // Faults of the system come one after the other.
      await setImmediate()
      if (used + length > 12 * UNIT)
        throw Object.assign(new Error(), { code: 'ENOSPC' })
      used += length
    }
    const [path] = args
    if (name === 'unlink') used -= statSync(String(path)).size
    return run()
  })
  const spool = new Spool(folder, () => Date.now(), fs)
  await spool.find('a')
  const keys = ['a', 'b', 'c']
  const ends = await Promise.allSettled(
    keys.map(key =>
      spool.append(spool.begin(key, ETAG, 10 * UNIT), chunks(...bytes)),
    ),
  )
  const whole = keys.filter((_, index) => ends[index]?.status === 'fulfilled')
  t.equal(whole.length, 1)
  t.equal(files().length, 1, 'the others have made room')
  for (const end of ends)
    if (end.status === 'rejected')
      t.match(end.reason, { name: 'SpoolError', code: 'ENOSPC' })
  const part = await spool.find(whole[0] ?? '')
  if (part) t.equal(await textOf(part), bytes.join(''))
})

t.test('what lies in its place is never written through', async t => {
  const { folder, open } = setUp(t)
  const other = join(folder, '..', 'other')
  writeFileSync(other, 'of another')
  mkdirSync(folder)
  const spool = open()
  t.equal(await spool.find(KEY), undefined)
  const part = spool.begin(KEY, ETAG, 10)
  symlinkSync(other, part.path)
  await spool.append(part, chunks('abcde'))
  await spool.close()
  t.equal(readFileSync(other, 'utf8'), 'of another')
  t.equal(readFileSync(part.path, 'utf8'), 'abcde')

  const next = open()
  const found = await next.find(KEY)
  if (found === undefined) throw new Error('It is kept')
  unlinkSync(found.path)
  symlinkSync(other, found.path)
  await t.rejects(next.append(found, chunks('fghij')), { name: 'SpoolError' })
  t.equal(readFileSync(other, 'utf8'), 'of another')
  await next.close()
})

t.test('rubbish beside the parts is left, and does no harm', async t => {
  const { folder, open, files } = setUp(t)
  const rubbish = ['a', '0123456789abcdef-5', 'x'.repeat(200), '.hidden']
  mkdirSync(join(folder, '0123456789abcdef-5-ImEi'), { recursive: true })
  for (const name of rubbish) writeFileSync(join(folder, name), 'x')
  const spool = open()
  t.equal(await spool.find(KEY), undefined)
  await spool.append(spool.begin(KEY, ETAG, 3), chunks('abc'))
  await spool.remove(KEY)
  await spool.close()
  t.strictSame(
    files().toSorted(),
    [...rubbish, '0123456789abcdef-5-ImEi'].toSorted(),
  )
})
