// A cursor that cannot be used: exit 5, one line that says what to do, and the
// file left byte for byte as it was. Nothing comes out that does not come
// again once it is mended, and never is a cursor begun anew by itself.

import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { headerLine } from '../../src/cursor/journal-lines.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import type { Run } from '../lib/hosts/run-program.ts'

// A busy machine looks for folders for long.
const LONG = { MaxCycleSeconds: 240 }

function refused(t: Test, run: Run, message: RegExp): void {
  t.equal(run.code, 5)
  t.equal(run.stdout, '')
  const errors = run.events.filter(({ level }) => level === 'error')
  t.equal(errors.length, 1, 'one line')
  t.match(errors[0], { event: 'cursor', message })
}

// What lies at a path, without following links.
function contentOf(path: string): string {
  const found = lstatSync(path)
  return found.isFile() ? readFileSync(path, 'latin1') : `mode ${found.mode}`
}

const header = {
  format: 'lr-s3-input cursor',
  version: 2,
  bucket: 'logs',
  log_type: 'CloudTrail',
}
const damaged = /backup, or move it away and run `skip`/

t.test('whatever is wrong with the file, it stays as it is', async t => {
  const { s3, ini, run, configure } = await startCollector(t, LONG)
  const path = `${ini}.cursor`
  putToday(s3, 'm', 2)
  t.equal((await run()).records.length, 2)
  // The second cycle appends, so that there is a line to be torn.
  putToday(s3, 'n', 1)
  t.equal((await run()).records.length, 1)
  const good = readFileSync(path)
  putToday(s3, 'a', 3)

  const first = headerLine(header, 0).length
  const flipped = Buffer.from(good)
  flipped[first + 20] = 0
  const whoseHeader = (other: object) =>
    Buffer.concat([
      headerLine({ ...header, ...other }, 0),
      good.subarray(first),
    ])
  const contents: [string, Buffer, RegExp][] = [
    ['emptied', Buffer.alloc(0), /it is empty; .*`skip`/],
    ['all zeros', Buffer.alloc(good.length), /all zeros; .*`skip`/],
    ['cut into the header', good.subarray(0, first - 9), damaged],
    ['cut into the compact part', good.subarray(0, first + 99), damaged],
    ['with a flipped byte', flipped, damaged],
    [
      'of a newer version',
      whoseHeader({ version: 3 }),
      /run the newer program/,
    ],
    [
      'of another bucket',
      whoseHeader({ bucket: 'b' }),
      /bucket "b".*StateFile/,
    ],
    ['of another kind', Buffer.from('[any]\nx=1\n'), /StateFile.*`skip`/],
  ]
  for (const [what, content, message] of contents)
    await t.test(what, async t => {
      writeFileSync(path, content)
      refused(t, await run(), message)
      t.ok(readFileSync(path).equals(content), 'untouched')
    })
  const others: [string, () => void, RegExp][] = [
    ['a folder', () => mkdirSync(path), /a folder; let StateFile name a file/],
    ['a pipe', () => spawnSync('mkfifo', [path]), /let StateFile name a file/],
    [
      'a link into no folder',
      () => symlinkSync('no/cursor', path),
      /ENOENT.*create its folder/,
    ],
  ]
  for (const [what, make, message] of others)
    await t.test(what, async t => {
      rmSync(path, { recursive: true })
      make()
      const before = contentOf(path)
      refused(t, await run(), message)
      t.equal(contentOf(path), before, 'untouched')
      rmSync(path, { recursive: true })
      writeFileSync(path, good)
    })
  await t.test('in a folder that is missing', async t => {
    configure({ StateFile: 'no/cursor' })
    refused(t, await run(), /ENOENT.*create its folder/)
    // Root may write anywhere but here.
    configure({ StateFile: '/sys/lr-s3-input.cursor' })
    if (existsSync('/sys/kernel'))
      refused(t, await run(), /(EACCES|EPERM|EROFS).*; let /)
    configure({})
  })
  const isRoot = process.getuid?.() === 0
  const skip = isRoot && 'root may read and write whatever its mode'
  await t.test('that may not be read or written', { skip }, async t => {
    chmodSync(path, 0)
    refused(t, await run(), /EACCES.*let the user who runs this/)
    chmodSync(path, 0o600)
    chmodSync(join(ini, '..'), 0o500)
    refused(t, await run(), /EACCES.*let the user who runs this/)
    t.equal((await run(['status'])).code, 0, 'to be read it needs no folder')
    chmodSync(join(ini, '..'), 0o700)
  })

  t.ok(readFileSync(path).equals(good))
  const { code, records } = await run()
  t.equal(code, 0)
  t.equal(records.length, 3, 'mended, it goes on where it was')
})

t.test('a torn tail is cut off, with a warning, and no gap', async t => {
  const { s3, ini, run } = await startCollector(t, LONG)
  putToday(s3, 'm', 2)
  await run()
  appendFileSync(`${ini}.cursor`, '00a\0\0\0')
  putToday(s3, 'a', 1)
  const next = await run()
  t.equal(next.code, 0)
  t.equal(next.records.length, 1)
  t.match(next.events, [
    { level: 'warning', event: 'cursor_torn', bytes: 3 },
    { event: 'summary' },
  ])
})

t.test('a disk that is full is found before a line is printed', async t => {
  const { s3, ini, folder, run, script } = await startCollector(t, LONG)
  // Enough for a file beyond the limit, which is of 4 KiB.
  for (let region = 1; region <= 30; region++)
    s3.put(
      trailKey(daysAgo(0), 'm', { region: `eu-west-${region}` }),
      cloudTrailObject(1),
    )
  t.equal((await run()).records.length, 30)
  const path = `${ini}.cursor`
  const good = readFileSync(path)
  t.ok(good.length > 4096)
  for (const name of ['a', 'b']) putToday(s3, name, 5)
  // A limit on file sizes stands in for the full disk: it needs no mount. What
  // tap loads into programs by NODE_OPTIONS would die of that limit's signal.
  await script(`
    { { (unset NODE_OPTIONS; ulimit -f 8; exec "$@"); echo $? >code; } 2>&1 1>&3 |
      cat >err; } 3>&1 | cat >out`)
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
  t.equal(read('code'), '5\n')
  t.equal(read('out'), '')
  t.match(
    read('err'),
    /"event":"cursor".*EFBIG.*the cursor is as it was before/,
  )
  t.ok(readFileSync(path).equals(good), 'nothing is committed')
  t.notOk(existsSync(`${path}.lock`))
  const { code, records } = await run()
  t.equal(code, 0)
  t.equal(records.length, 10, 'with room, all comes')
})
