// Every sample of flow logs in Parquet: pyarrow's in seven forms, DuckDB's, and
// one of pandas with wrong types. What must come is told by the rows beside them.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as zlib from 'node:zlib'
import { readRows, stored } from '../../lib/parquet/read-rows.ts'

const MADE = 'test/fixtures/made/made-parquet'
const FLOWS = 'test/fixtures/vpcflow'
const hasZstd = 'zstdDecompressSync' in zlib

type Row = Record<string, unknown>

t.test('a file of each form gives the rows', async t => {
  // JSON.parse would round a number that is beyond 2^53.
  const rows = readFileSync(join(MADE, 'rows.ndjson'), 'utf8')
    .trimEnd()
    .replaceAll(/: (\d{16,})/g, ': "$1"')
    .split('\n')
    .map((line): Row => JSON.parse(line))
    // Nulls are left out there.
    .map((row, _, [first = {}]) =>
      Object.keys(first)
        .map(name => String(row[name] ?? '-').replaceAll(' ', '%20'))
        .join(' '),
    )
  t.match(rows[3], / 9007199254740993 /)
  const names = readdirSync(MADE).filter(name => name.endsWith('.parquet'))
  t.equal(names.length, 7)
  for (const name of names) {
    const body = readFileSync(join(MADE, name))
    const file = await stored(join(t.testdir(), 'file'), body)
    for (const bytes of [body, file]) {
      const { lines, error } = await readRows(bytes)
      if (name.includes('zstd') && !hasZstd) {
        t.match(error, { code: 'parquet-form', message: /ZSTD.*Node 22\.15/ })
        t.strictSame(lines, [])
        continue
      }
      t.equal(error, undefined, name)
      t.strictSame(lines, rows, name)
    }
  }
})

t.test('files that DuckDB made of text give that text', async t => {
  const folder = join(FLOWS, 'opensearch')
  const start = 'aws_vpc_flow-raw.lines1-250'
  const text = readFileSync(join(folder, `${start}.log`), 'utf8')
  for (const kind of ['null', 'dash']) {
    const name = `${start}.converted-${kind}.log.parquet`
    const { lines } = await readRows(readFileSync(join(folder, name)))
    t.strictSame(lines, text.trimEnd().split('\n'), name)
  }
})

t.test('types that are none of AWS are read as they are', async t => {
  const name = join(FLOWS, 'flowlogs-reader', 'flows.parquet')
  const { lines, error } = await readRows(readFileSync(name))
  t.equal(error, undefined)
  t.strictSame(lines, [
    '2 123456789010 eni-102010ab 198.51.100.1 192.0.2.1 443 49152 6 10 840 1439387263 1439387264 ACCEPT OK',
    '2 123456789010 eni-202010ab - - None None None None None 1439387263 1439387264 - NODATA',
    '2 123456789010 eni-202010ab 198.51.100.7 192.0.2.156 80 100 8080 None None 1439387263 1439387264 - NODATA',
  ])
})
