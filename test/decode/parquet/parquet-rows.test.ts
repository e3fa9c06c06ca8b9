// Rows of files that are made here: any columns, pages and forms give the lines
// of their values, from any row on.

import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { readRows, stored } from '../../lib/parquet/read-rows.ts'
import {
  writeParquet,
  type MadeColumn,
  type MadeForm,
} from '../../lib/parquet/write-parquet.ts'

const textOf = (value: unknown): string =>
  String(value ?? '').replaceAll(/[ \t\r\n]/g, encodeURIComponent) || '-'

const linesOf = (columns: readonly MadeColumn[]): string[] =>
  (columns[0]?.values ?? []).map((_, row) =>
    columns.map(({ values }) => textOf(values[row])).join(' '),
  )

const NAMES = 'version account_id srcaddr bytes start action own_column'
const cell = {
  text: fc.oneof(
    fc.constantFrom(
      '-',
      '',
      'ACCEPT',
      '10.0.0.1',
      'a b',
      'tab\tLF\nCR\r',
      '"\\',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  ),
  int32: fc.integer(),
  int64: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    // Where numbers end to be exact.
    fc.bigInt({ min: 2n ** 53n - 70n, max: 2n ** 53n + 70n }),
    fc.bigInt({ min: -(2n ** 53n) - 70n, max: -(2n ** 53n) + 70n }),
  ),
}

const columnsOf = (rows: number): fc.Arbitrary<MadeColumn[]> =>
  fc.tuple(
    ...NAMES.split(' ').map(name =>
      fc
        .record({
          type: fc.constantFrom(
            'text' as const,
            'int32' as const,
            'int64' as const,
          ),
          isRequired: fc.boolean(),
          hasDictionary: fc.boolean(),
          isOften: fc.boolean(),
        })
        .chain(({ type, isRequired, hasDictionary, isOften }) => {
          const one = cell[type] as fc.Arbitrary<string | number | bigint>
          const value = isOften ? fc.constantFrom(...fc.sample(one, 3)) : one
          return fc
            .array(isRequired ? value : fc.option(value), {
              minLength: rows,
              maxLength: rows,
            })
            .map(values => ({ name, type, values, isRequired, hasDictionary }))
        }),
    ),
  )

const form: fc.Arbitrary<MadeForm> = fc.record({
  version: fc.constantFrom(1, 2),
  codec: fc.constantFrom('none', 'gzip'),
  pageRows: fc.integer({ min: 1, max: 70 }),
  groupRows: fc.integer({ min: 1, max: 60 }),
})

const file = fc
  .integer({ min: 1, max: 60 })
  .chain(rows => fc.tuple(columnsOf(rows), form))

t.test('rows come as they were written, from any row on', async t => {
  const path = join(t.testdir(), 'file')
  await fc.assert(
    fc.asyncProperty(file, async ([columns, how]) => {
      const bytes = writeParquet(columns, how)
      const { lines, error, steps } = await readRows(bytes)
      t.equal(error, undefined)
      t.strictSame(lines, linesOf(columns))
      const body = await stored(path, bytes)
      for (const [row, step] of steps.entries()) {
        const rest = await readRows(row % 2 === 0 ? bytes : body, step)
        t.strictSame(rest.lines, lines.slice(row + 1))
        t.strictSame(rest.steps.at(-1) ?? step, steps.at(-1))
      }
    }),
    { numRuns: 10 },
  )
})

const text = (name: string, values: MadeColumn['values']): MadeColumn => ({
  name,
  type: 'text',
  values,
})

t.test('more rows than are read at a time', async t => {
  const count = 5000
  const numbers = Array.from({ length: count }, (_, i) => i)
  const columns: MadeColumn[] = [
    { name: 'srcport', type: 'int32', values: numbers, hasDictionary: true },
    { name: 'bytes', type: 'int64', values: numbers.map(i => i * 1e10) },
    text(
      'action',
      numbers.map(i => (i % 7 === 0 ? null : `a${i}`)),
    ),
    {
      ...text(
        'account_id',
        numbers.map(() => '1'),
      ),
      hasDictionary: true,
    },
    text(
      'log_status',
      numbers.map(() => null),
    ),
  ]
  for (const codec of ['none', 'gzip'] as const)
    for (const pageRows of [count, 1500, 999]) {
      const bytes = writeParquet(columns, { codec, pageRows })
      const { lines } = await readRows(bytes)
      t.strictSame(lines, linesOf(columns))
      const done = { records: 3210, bytes: 1, form: 'parquet', header: -1 }
      const rest = await readRows(bytes, done)
      t.strictSame(rest.lines, lines.slice(3210))
    }
})

t.test('a page larger than is read at once, from a file', async t => {
  const count = 30_000
  const values = Array.from({ length: count }, (_, i) =>
    `${i}`.padStart(60, 'x'),
  )
  for (const codec of ['none', 'gzip'] as const) {
    const columns = [text('srcaddr', values), text('action', values)]
    const bytes = writeParquet(columns, { codec })
    const body = await stored(join(t.testdir(), 'file'), bytes)
    const { lines, error } = await readRows(body)
    t.equal(error, undefined)
    t.strictSame(lines, linesOf(columns))
    const cut = bytes.indexOf(values[20_000] as string)
    if (codec === 'gzip' || cut < 0) continue
    // All rows before the damage come, then it fails.
    bytes.fill(0xff, cut - 4, cut)
    const broken = await readRows(bytes)
    t.match(broken.error, { code: 'parquet' })
    t.strictSame(broken.lines, lines.slice(0, broken.lines.length))
    t.ok(broken.lines.length > 10_000)
  }
})

t.test('what is no UTF-8 is mended, a long row is none', async t => {
  const bytes = writeParquet([text('action', ['xyz', 'b', 'c'.repeat(70_000)])])
  bytes.fill(0xff, bytes.indexOf('xyz'), bytes.indexOf('xyz') + 2)
  const { lines } = await readRows(bytes)
  t.strictSame(lines.slice(0, 2), ['\ufffd\ufffdz', 'b'])
  t.equal(lines[2]?.length, 70_000)
})

t.test('no rows are no fault, other columns are', async t => {
  t.match(await readRows(writeParquet([text('action', [])])), {
    lines: [],
    error: undefined,
  })
  const other = [text('name', ['a']), text('time', ['b']), text('who', ['c'])]
  t.match(await readRows(writeParquet(other)), {
    lines: [],
    error: { code: 'not-a-log', message: /columns "name", "time", "who"/ },
  })
})
