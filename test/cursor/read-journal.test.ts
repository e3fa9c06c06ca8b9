import * as nodeFs from 'node:fs/promises'
import fc from 'fast-check'
import t from 'tap'
import { CursorError } from '../../src/cursor/cursor-error.ts'
import {
  entriesLine,
  headerLine,
  readEntries,
} from '../../src/cursor/journal-lines.ts'
import { readJournal } from '../../src/cursor/read-journal.ts'
import { failingFs } from '../lib/files/wrapped-fs.ts'

const header = {
  format: 'lr-s3-input cursor',
  version: 2,
  bucket: 'b',
  log_type: 'CloudTrail',
}
const path = '/cursor'
const plain = headerLine(header, 0)

const read = (...parts: (string | Buffer)[]) =>
  readJournal(
    {
      ...nodeFs,
      stat: () => nodeFs.stat(import.meta.filename),
      readFile: async () => Buffer.concat(parts.map(part => Buffer.from(part))),
    } as unknown as typeof nodeFs,
    path,
    header,
  )

async function entries(...parts: (string | Buffer)[]): Promise<unknown[]> {
  const found = await read(...parts)
  if (found === undefined) return []
  return [...readEntries(found.content, found.start, found.end)]
}

t.test('no file is none; one cut into its header is damaged', async t => {
  t.equal(await readJournal(nodeFs, `${t.testdirName}/none`, header), undefined)
  for (let length = 0; length < plain.length; length++)
    for (const tail of [Buffer.alloc(0), Buffer.alloc(9)])
      await t.rejects(read(plain.subarray(0, length), tail), {
        name: 'CursorError',
      })
  t.strictSame(await entries(plain), [])
})

t.test('a torn tail is left out', async t => {
  const good = [plain, entriesLine([1, 2]), entriesLine([3])]
  for (const tail of [
    '',
    entriesLine([4]).subarray(0, -1),
    Buffer.alloc(4096),
    '00000000 [4]\n',
    '\n\n',
    Buffer.concat([Buffer.alloc(10), entriesLine([4]).subarray(5, -1)]),
  ])
    t.strictSame(await entries(...good, tail), [1, 2, 3])
})

t.test('of a torn tail, zeros at the end do not count', async t => {
  const good = [plain, entriesLine([1])]
  for (const [tail, torn] of [
    ['', 0],
    ['\0', 0],
    [Buffer.alloc(65_536), 0],
    ['00a', 3],
    ['00a\0\0', 3],
    ['\0\0a\0', 3],
    ['00000000 [4]\n', 13],
  ] as const)
    t.match(await read(...good, tail), { torn })
})

t.test('a line written over zeros meanwhile is read again', async t => {
  const [one, two] = [entriesLine([1]), entriesLine([2])]
  const whole = Buffer.concat([plain, one, two, Buffer.alloc(99)])
  // The page that was read before either line was written.
  const early = Buffer.from(whole).fill(0, plain.length, plain.length + 9)
  let readings = 0
  const found = await readJournal(
    {
      ...nodeFs,
      stat: () => nodeFs.stat(import.meta.filename),
      readFile: async () => (readings++ === 0 ? early : whole),
    } as unknown as typeof nodeFs,
    path,
    header,
  )
  t.equal(found?.end, plain.length + one.length + two.length)
  t.equal(readings, 2)
})

t.test('no flipped byte is ever taken for less than was written', async t => {
  const body = [entriesLine([{ a: 'é' }, 'b']), entriesLine([[1]])]
  const last = entriesLine([{ c: null }])
  const length = body.reduce((sum, line) => sum + line.length, 0)
  const all = [{ a: 'é' }, 'b', [1], { c: null }]
  for (const compact of [0, length, length + last.length]) {
    const whole = Buffer.concat([headerLine(header, compact), ...body, last])
    t.strictSame(await entries(whole), all)
    for (let at = 0; at < whole.length; at++)
      for (const value of [0, 10, 32, 91, whole[at]! ^ 1, whole[at]! ^ 0x80]) {
        if (value === whole[at]) continue
        const flipped = Buffer.from(whole)
        flipped[at] = value
        const found = await entries(flipped).catch((error: unknown) => error)
        if (found instanceof CursorError) continue
        const torn = at >= whole.length - last.length
        if (torn && JSON.stringify(found) === JSON.stringify(all.slice(0, 3)))
          continue
        return t.fail(`byte ${at} as ${value}`, { found, compact })
      }
  }
})

t.test(
  'a compact part that is cut short is damage, not a torn tail',
  async t => {
    const line = entriesLine(['failed', 'objects'])
    const head = headerLine(header, line.length)
    t.strictSame(await entries(head, line), ['failed', 'objects'])
    for (let length = 0; length < line.length; length++)
      await t.rejects(read(head, line.subarray(0, length)), {
        code: 'CURSOR_DAMAGED',
        message: /good up to byte \d+ and should be up to \d+/,
      })
  },
)

t.test('damage names the line, and says what to do', async t => {
  const bad = '00000000 [0]\n'
  await t.rejects(read(plain, entriesLine([1]), bad, entriesLine([2])), {
    code: 'CURSOR_DAMAGED',
    message:
      /^reading the cursor \/cursor: line 3 \(at byte \d+\).*backup.*`skip`/,
  })
  await t.rejects(read(bad, entriesLine([1])), {
    code: 'CURSOR_DAMAGED',
    message: /line 1 /,
  })
})

t.test('a file that was never a cursor is left alone', async t => {
  for (const text of ['[Plugin]\nRegion = x\n', 'x', '{}\n', '\0x'])
    await t.rejects(read(text), { code: 'CURSOR_FOREIGN' })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async bytes => {
      if (bytes.every(byte => byte === 0)) return
      await read(Buffer.from(bytes)).then(
        () => t.fail('taken for a cursor', { bytes }),
        (error: unknown) => error instanceof CursorError || t.fail(),
      )
    }),
  )
})

t.test('another’s cursor is refused, and named', async t => {
  const refused = (other: object, code: string, message: RegExp) =>
    t.rejects(read(headerLine({ ...header, ...other }, 0)), { code, message })
  const named = async (other: object, message: RegExp) => {
    const head = headerLine({ ...header, ...other }, 0)
    const { foreign } = (await read(head)) ?? {}
    t.match(foreign, { code: 'CURSOR_FOREIGN', message })
    const bad = '00000000 [0]\n'
    // Whether it is whole is for its owner to know.
    const damaged = read(head, bad, entriesLine([1]))
    await t.rejects(damaged, { code: 'CURSOR_FOREIGN', message })
  }
  await named(
    { bucket: 'x'.repeat(5000) },
    /belongs to bucket "x{99} and LogType "CloudTrail".*"b" and LogType "CloudTrail".*set StateFile .*move the cursor away/,
  )
  await named({ log_type: 'VPCFlowLogs' }, /"VPCFlowLogs"/)
  await named({ bucket: 1 }, /bucket 1 /)
  await refused({ format: 'other' }, 'CURSOR_FOREIGN', /format is "other"/)
  await refused({ version: 3 }, 'CURSOR_NEWER', /version 3.*knows 2/)
  for (const version of [0, 1.5, '2', '3x', null])
    await refused({ version }, 'CURSOR_FOREIGN', /version /)
  await refused({ version: undefined }, 'CURSOR_FOREIGN', /version undefined/)
})

t.test('of a newer version, only the header is read', async t => {
  await t.rejects(
    read(headerLine({ ...header, version: 3 }, 0), 'x', entriesLine([1])),
    { code: 'CURSOR_NEWER' },
  )
})

t.test('headers of good checksum and wrong make are refused', async t => {
  for (const value of [null, 5, [], 'x', { ...header, compact: 'x' }, header]) {
    const [line] = [entriesLine([value])]
    await t.rejects(read(line), CursorError)
  }
})

t.test('a folder, a device and a file that cannot be read', async t => {
  await t.rejects(readJournal(nodeFs, t.testdir({}), header), {
    code: 'CURSOR_UNREADABLE',
    message: /a folder; let StateFile name a file/,
  })
  await t.rejects(readJournal(nodeFs, '/dev/null', header), {
    code: 'CURSOR_UNREADABLE',
    message: /a device or a pipe/,
  })
  const file = `${t.testdir({ file: '' })}/file`
  for (const code of ['EIO', 'EACCES'])
    await t.rejects(readJournal(failingFs({ readFile: code }), file, header), {
      code: 'CURSOR_UNREADABLE',
      message: new RegExp(`^reading the cursor .*${code}.*; `),
    })
})
