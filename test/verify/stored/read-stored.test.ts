// The records that a host has stored are read from files of lines, plain or gzip,
// and from stdin. Broken lines are named.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { UsageError } from '../../../src/settings/settings-error.ts'
import {
  readStored,
  type StoredLines,
} from '../../../src/verify/stored/read-stored.ts'
import { StoredRecords } from '../../../src/verify/stored/stored-records.ts'

const OBJECT = 's3://logs/AWSLogs/a.json.gz'
const line = (record: number, more: object = {}): string =>
  `${JSON.stringify({ s3_object: OBJECT, s3_record: record, ...more })}\n`

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size)
    yield bytes.subarray(at, at + size)
}

async function read(
  t: Test,
  files: Record<string, string | Buffer>,
  chunk = 0,
): Promise<StoredLines & { stored: StoredRecords }> {
  const folder = t.testdir()
  const stored = new StoredRecords()
  const names = Object.entries(files).map(([name, bytes]) => {
    if (name === '-') return name
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  })
  const stdin = Readable.from(chunksOf(Buffer.from(files['-'] ?? ''), chunk))
  const { signal } = new AbortController()
  const lines = await readStored(names, stdin, 's3://logs/', stored, signal)
  for (const one of lines.named) one.file = one.file.replace(`${folder}/`, '')
  return { ...lines, stored }
}

t.test(
  'files, gzip of several members and stdin are read together',
  async t => {
    const mixed = Buffer.concat([gzipSync(line(2)), gzipSync(line(3))])
    const { stored, records } = await read(
      t,
      {
        a: `\ufeff${line(1)}`,
        'b.gz': mixed,
        c: line(4).trim(),
        d: line(5).replace('\n', '\r\n'),
        '-': line(6) + line(7),
      },
      7,
    )
    t.equal(records, 7)
    t.strictSame(stored.missing(OBJECT, 7), [])
  },
)

t.test(
  'members that hosts add, heartbeats and lines of other sources are ignored',
  async t => {
    const others = [
      '{"event":"heartbeat","status":"ok"}',
      JSON.stringify({ s3_object: 's3://other/a.gz', s3_record: 1 }),
      JSON.stringify({ s3_object: OBJECT }),
      JSON.stringify({ s3_object: OBJECT, s3_record: '1x' }),
      JSON.stringify({ s3_object: 7, s3_record: 1 }),
      '[1]',
      'null',
      ' null ',
      `null${' '.repeat(80)}`,
      `${' '.repeat(80)}null\t`,
      `${' '.repeat(100_000)}null`,
      '12',
      '"text"',
      'true',
    ]
    const read1 = await read(t, {
      a: `${others.join('\n')}\n\n \n${' '.repeat(100)}\n${' '.repeat(100_000)}\n${line(1, { date: 1.5 })}${line(2)}`,
    })
    t.match(read1, { records: 2, others: others.length, broken: 0 })
    t.strictSame(read1.stored.missing(OBJECT, 2), [])
    const asText = JSON.stringify({ s3_object: OBJECT, s3_record: '3' })
    t.match(await read(t, { a: asText }), { records: 1 })
  },
)

t.test('broken lines are named, and the lines around them count', async t => {
  const torn = line(2).slice(0, 30)
  const { stored, broken, named } = await read(t, {
    a: `${line(1)}${torn}\n${line(3)}{]\n`,
    b: `${torn}${line(2)}${line(2)}`,
  })
  t.equal(broken, 3)
  t.match(named, [
    { file: 'a', line: 2, reason: /no JSON/ },
    { file: 'a', line: 4 },
    { file: 'b', line: 1 },
  ])
  t.strictSame(stored.missing(OBJECT, 3), [], 'it is there whole elsewhere')
})

t.test(
  'a damaged file is named, and its lines before the damage count',
  async t => {
    const whole = gzipSync(line(1) + line(2))
    const { named, broken } = await read(t, {
      'cut.gz': whole.subarray(0, -9),
      'more.gz': Buffer.concat([whole, Buffer.from('x')]),
      b: line(3),
    })
    t.equal(broken, 2)
    t.match(named, [{ file: 'cut.gz' }, { file: 'more.gz', line: 3 }])
  },
)

t.test('lines of 16 MiB are read, and a longer one is named', async t => {
  const long = line(2, { original_message: 'x'.repeat(16 * 1024 * 1024) })
  const endless = Buffer.alloc(70 * 1024 * 1024, 0x7b)
  const { records, named, stored } = await read(t, {
    a: Buffer.concat([
      Buffer.from(line(1) + long),
      endless,
      Buffer.from(`\n${line(3)}`),
    ]),
  })
  t.equal(records, 3)
  t.match(named, [{ line: 3, reason: /too long/ }])
  t.strictSame(stored.missing(OBJECT, 3), [])
})

t.test('long lines that hold no record are not parsed', async t => {
  const foreign = [
    `{"x":"${'a'.repeat(100_000)}"}`,
    `[${'{},'.repeat(100_000)}{}]`,
    'b'.repeat(100_000),
  ]
  const torn = foreign[0]?.slice(0, -9)
  const text = `${foreign.join('\n')}\n${torn}\n${line(1)}`
  const { parse } = JSON
  t.teardown(() => (JSON.parse = parse))
  let parsed = 0
  JSON.parse = (text: string) => {
    parsed += text.length
    return parse(text) as unknown
  }
  const lines = await read(t, { a: text }, 1000)
  t.match(lines, { records: 1, others: foreign.length, named: [{ line: 4 }] })
  t.ok(parsed < 1000)
})

t.test('a file that cannot be read is a usage error', async t => {
  const { signal } = new AbortController()
  for (const file of [join(t.testdir(), 'none'), t.testdir()])
    await t.rejects(
      readStored([file], Readable.from([]), '', new StoredRecords(), signal),
      UsageError,
    )
})

t.test('a signal ends the reading, also while nothing comes', async t => {
  const stop = new AbortController()
  const stdin = new PassThrough()
  stdin.write(line(1) + line(2).slice(0, 9))
  const stored = new (class extends StoredRecords {
    override add(object: string, record: number): boolean {
      setImmediate(() => stop.abort())
      return super.add(object, record)
    }
  })()
  const lines = await readStored(
    ['-'],
    stdin,
    's3://logs/',
    stored,
    stop.signal,
  )
  t.match(lines, { records: 1, broken: 0 })
})
