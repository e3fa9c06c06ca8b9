// Files that contradict themselves, or claim what would take all memory or time:
// each fails by its name, and what is damaged at random fails or is read, soon.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Budget } from '../../../src/decode/parquet/budget.ts'
import { ByteWindow } from '../../../src/decode/parquet/byte-window.ts'
import { Cells } from '../../../src/decode/parquet/cells.ts'
import { RunLengths } from '../../../src/decode/parquet/run-lengths.ts'
import t from 'tap'
import { DecodeError } from '../../../src/decode/decode-error.ts'
import { damage } from '../../lib/mutations.ts'
import { readRows } from '../../lib/parquet/read-rows.ts'
import {
  writeParquet,
  type MadeColumn,
  type MadeForm,
} from '../../lib/parquet/write-parquet.ts'
import { varint, type Thrift } from '../../lib/parquet/write-thrift.ts'

type Fields = Record<number, Thrift>
type Struct = { struct: Fields }

const columns: MadeColumn[] = [
  {
    name: 'srcaddr',
    type: 'text',
    values: ['a', 'b', null, 'b'],
    hasDictionary: true,
  },
  { name: 'bytes', type: 'int64', values: [1, 2, 3, 4] },
]
const structs = (fields: Fields, id: number): Struct[] =>
  fields[id] as unknown as Struct[]
const groupOf = (footer: Fields): Fields =>
  (structs(footer, 4)[0] as Struct).struct
const chunkOf = (footer: Fields, column: number): Fields => {
  const chunk = structs(groupOf(footer), 1)[column] as Struct
  return (chunk.struct[3] as Struct).struct
}

/** Writes the columns with a change of the footer. */
const withFooter = (changeFooter: (footer: Fields) => void): Buffer =>
  writeParquet(columns, { changeFooter })

/** Writes them with a change of each page's header of a kind. */
const withPage = (kind: number, change: (page: Fields) => void): Buffer => {
  const changePage: MadeForm['changePage'] = page => {
    if ((page[1] as { i32: number }).i32 === kind) change(page)
  }
  return writeParquet(columns, { changePage })
}

const first = (page: Fields, id: number): Fields => (page[id] as Struct).struct
const good = writeParquet(columns)
const tail = (length: number): Buffer => {
  const bytes = Buffer.from(good)
  bytes.writeUInt32LE(length, bytes.length - 8)
  return bytes
}

const cases: [what: string, file: Buffer, says: RegExp][] = [
  ['the start alone', Buffer.from('PAR1'), /it has 4 bytes/],
  ['cut off', good.subarray(0, -9), /does not end in PAR1/],
  ['a footer of 2 GiB', tail(2 ** 31), /footer claims/],
  ['a footer of nothing', tail(0), /footer is cut off/],
  ['a short footer', tail(40), /damaged/],
  [
    'other rows than its groups',
    withFooter(f => (f[3] = { i64: 5 })),
    /declares 5 rows, and its row groups 4/,
  ],
  [
    'fewer rows than its pages',
    withFooter(f => {
      f[3] = { i64: 3 }
      groupOf(f)[3] = { i64: 3 }
    }),
    /has more rows than its row group/,
  ],
  [
    'more rows than its pages',
    withFooter(f => {
      f[3] = { i64: 9 }
      groupOf(f)[3] = { i64: 9 }
    }),
    /has 5 rows less/,
  ],
  [
    'rows below nothing',
    withFooter(f => {
      f[3] = { i64: -4 }
      groupOf(f)[3] = { i64: -4 }
    }),
    /-4 rows/,
  ],
  [
    'a column too few',
    withFooter(f => structs(groupOf(f), 1).pop()),
    /has 1 columns, the schema 2/,
  ],
  [
    'a place beyond the end',
    withFooter(f => (chunkOf(f, 1)[9] = { i64: 1e9 })),
    /declared at bytes 1000000000/,
  ],
  [
    'a place before the start',
    withFooter(f => (chunkOf(f, 1)[9] = { i64: -8 })),
    /declared/,
  ],
  [
    'a length below nothing',
    withFooter(f => (chunkOf(f, 1)[7] = { i64: -8 })),
    /negative size/,
  ],
  [
    'columns in one another',
    withFooter(f => (chunkOf(f, 1)[9] = { i64: 5 })),
    /columns overlap/,
  ],
  [
    'an unknown codec',
    withFooter(f => (chunkOf(f, 1)[4] = { i32: 99 })),
    /compression number 99/,
  ],
  ['LZO', withFooter(f => (chunkOf(f, 1)[4] = { i32: 3 })), /compression LZO/],
  [
    'Snappy that is none',
    withFooter(f => (chunkOf(f, 1)[4] = { i32: 1 })),
    /SNAPPY cannot be inflated/,
  ],
  [
    'another type than its schema',
    withFooter(f => (chunkOf(f, 1)[1] = { i32: 1 })),
    /another name or type/,
  ],
  [
    'a cyclic schema',
    withFooter(f => (structs(f, 2)[1]!.struct[5] = { i32: 2_000_000_000 })),
    /schema is (no tree|cut off)/,
  ],
  [
    'a schema of itself',
    withFooter(
      f =>
        (f[2] = Array.from({ length: 200 }, () => ({
          struct: { 4: 'a', 5: { i32: 1 } },
        }))),
    ),
    /schema is too deep/,
  ],
  ['no columns', withFooter(f => (f[2] = [])), /no columns/],
  [
    'a page of 2 GiB',
    withPage(0, p => (p[2] = { i32: 2 ** 31 - 1 })),
    /64 MiB|shorter than|bytes where/,
  ],
  [
    'a page that is longer than its column',
    withPage(0, p => (p[3] = { i32: 5000 })),
    /a page says/,
  ],
  [
    'a page below nothing',
    withPage(0, p => (p[3] = { i32: -1 })),
    /a page says/,
  ],
  [
    'a page of two billion values',
    withPage(0, p => (first(p, 5)[1] = { i32: 2e9 })),
    /more rows than its row group/,
  ],
  [
    'a dictionary of two billion values',
    withPage(2, p => (first(p, 7)[1] = { i32: 2e9 })),
    /dictionary of 2000000000 values/,
  ],
  [
    'an unknown encoding',
    withPage(0, p => (first(p, 5)[2] = { i32: 10 })),
    /encoding ALP/,
  ],
  ['a wrong checksum', withPage(0, p => (p[4] = { i32: 7 })), /checksum/],
  [
    'nothing but pages without values',
    writeParquet(columns, {
      changePage: p => {
        p[1] = { i32: 1 }
      },
    }),
    /rows less/,
  ],
]

t.test('what contradicts itself fails by its name', async t => {
  for (const [what, file, says] of cases) {
    const { error, lines } = await readRows(file)
    t.type(error, DecodeError, what)
    t.match((error as Error).message, says, what)
    t.ok(lines.length <= 4, what)
  }
})

t.test('a million columns are refused without being made', async t => {
  const schema: Thrift[] = [{ struct: { 4: 'r', 5: { i32: 1_000_000 } } }]
  for (let i = 0; i < 1_000_000; i++) schema.push({ struct: { 4: '' } })
  const before = process.memoryUsage().rss
  const file = withFooter(f => (f[2] = schema))
  schema.length = 0
  const { error } = await readRows(file)
  t.match(error, { code: 'parquet-too-large', message: /columns/ })
  t.ok(before > 0)
})

t.test('a list that claims two billion of nothing', async t => {
  const claim = Buffer.concat([
    Buffer.from([0x15, 2, 0x19, 0xfc]),
    varint(2e9),
    Buffer.alloc(100_000),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(claim.length)
  const file = ['PAR1', claim, length, 'PAR1'].map(part =>
    Buffer.from(part as string),
  )
  const { error } = await readRows(Buffer.concat(file))
  t.match(error, { code: /^parquet/ })
})

t.test('rows without end out of nothing', async t => {
  const value = 'x'.repeat(60_000)
  const many = Array.from({ length: 20_000 }, () => value)
  const file = writeParquet([
    {
      name: 'action',
      type: 'text',
      values: many,
      hasDictionary: true,
      isRequired: true,
    },
  ])
  t.ok(file.length < 70_000)
  let rows = 0
  const { readParquet } = await import('../../../src/cycle/open-reading.ts')
  const { NO_STEPS } = await import('../../../src/cursor/kept-objects.ts')
  const reading = readParquet(file, NO_STEPS)
  await t.rejects(
    async () => {
      for await (const batch of reading.pieces) for (const _ of batch) rows++
    },
    { code: 'parquet-too-large', message: /200 times its size/ },
  )
  t.ok(rows > 15_000)
})

const samples = ['gzip-3groups', 'snappy', 'delta', 'datapage-v2'].map(form =>
  readFileSync(
    `test/fixtures/made/made-parquet/111122223333_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20261129T0000Z_${form}.log.parquet`,
  ),
)

t.test('any damage fails the file, or leaves it readable', async t => {
  const small = [1, 2] as const
  const files = [
    ...small.flatMap(version => [
      writeParquet(columns, { version, codec: 'gzip' }),
      writeParquet(columns, { version, pageRows: 2 }),
    ]),
    ...samples,
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      damage,
      async (file, change) => {
        const bytes = change(file)
        const { error } = await readRows(bytes)
        if (error === undefined) return
        t.type(error, DecodeError)
        t.notMatch((error as Error).message, /internal|undefined|is not a/)
      },
    ),
    { numRuns: 200 },
  )
})

t.test('so does each byte of a small file, flipped', async t => {
  for (const version of [1, 2] as const) {
    const file = writeParquet(columns, { version })
    for (let at = 0; at < file.length; at++)
      for (const bits of [0x01, 0x80, 0xff]) {
        const bytes = Buffer.from(file)
        bytes[at] = (bytes[at] as number) ^ bits
        const { error, lines } = await readRows(bytes)
        if (error !== undefined && !(error instanceof DecodeError))
          t.fail(`byte ${at}: ${String(error)}`)
        if (lines.length > 4) t.fail(`byte ${at}: ${lines.length} rows`)
      }
  }
})

/** Reads a run of ten levels, given as one byte. */
function levelOf(byte: number): number {
  const window = ByteWindow.of(Buffer.from([20, byte]))
  return new RunLengths(window, 1).same(10)
}

t.test('a run of a number that its bits do not hold is damage', async t => {
  t.equal(levelOf(1), 1)
  t.throws(() => levelOf(2), { code: 'parquet', message: /a run is of 2/ })
})

t.test('the last whole numbers that are exact keep each digit', async t => {
  const cells = new Cells(400, new Budget())
  const numbers = Array.from({ length: 200 }, (_, i) => 2 ** 53 - 1 - i)
  for (const number of numbers) {
    cells.integer(number)
    cells.integer(-number)
  }
  const texts = Array.from({ length: cells.count }, (_, i) =>
    cells.bytes.toString('latin1', cells.from[i], cells.to[i]),
  )
  t.strictSame(
    texts,
    numbers.flatMap(number => [`${number}`, `-${number}`]),
  )
})
