// A small writer of Parquet, by its specification and not by our reader: flat
// columns of text and whole numbers, plain or with a dictionary, in pages of
// either version, not compressed or in gzip.

import { gzipSync } from 'node:zlib'
import {
  varint,
  writeStruct,
  type Thrift,
  type ThriftFields,
} from './write-thrift.ts'

/** A column and its values, null where there is none. */
export interface MadeColumn {
  name: string
  type: 'text' | 'int32' | 'int64'
  values: readonly (string | number | bigint | null)[]
  /** REQUIRED, so that it has no levels; it must have no null. */
  isRequired?: boolean
  hasDictionary?: boolean
}

/** How a file is written. */
export interface MadeForm {
  version?: 1 | 2
  codec?: 'none' | 'gzip'
  /** Rows of a page, and of a row group. */
  pageRows?: number
  groupRows?: number
  /** How often the data pages of a row group follow each other, and the row groups; for large files that are made soon. */
  copies?: { pages: number; groups: number }
  /** Changes what is written of the footer, or of the header of each page. */
  changeFooter?: (footer: Record<number, Thrift>) => void
  changePage?: (header: Record<number, Thrift>) => void
}

const TYPES = { text: 6, int32: 1, int64: 2 }
const PLAIN = 0
const RLE = 3
const RLE_DICTIONARY = 8
const GZIP = 2
const MAGIC = Buffer.from('PAR1')

/** Writes a file of columns, which all have as many values. */
export function writeParquet(
  columns: readonly MadeColumn[],
  form: MadeForm = {},
): Buffer {
  const rows = columns[0]?.values.length ?? 0
  const { groupRows = Math.max(1, rows), copies } = form
  const times = copies?.pages ?? 1
  const file: Buffer[] = [MAGIC]
  let at = MAGIC.length
  const groups: Thrift[] = []
  const starts: number[] = []
  for (let copy = 0; copy < (copies?.groups ?? 1); copy++)
    for (let from = 0; from < rows; from += groupRows) starts.push(from)
  for (const from of starts) {
    const to = Math.min(rows, from + groupRows)
    const chunks = columns.map(column => {
      const values = column.values.slice(from, to)
      const made = pagesOf({ ...column, values }, form)
      const first = column.hasDictionary ? 1 : 0
      const data = Array.from({ length: times }, () => made.slice(first))
      const pages = [...made.slice(0, first), ...data.flat()]
      const bytes = Buffer.concat(pages)
      const start = at
      file.push(bytes)
      at += bytes.length
      return chunkOf(column, start, pages, values.length * times, form)
    })
    groups.push({
      struct: { 1: chunks, 2: { i64: at }, 3: { i64: (to - from) * times } },
    })
  }
  const footer: Record<number, Thrift> = {
    1: { i32: 1 },
    2: [
      { struct: { 4: 'schema', 5: { i32: columns.length } } },
      ...columns.map(elementOf),
    ],
    3: { i64: rows * times * (copies?.groups ?? 1) },
    4: groups,
    6: 'lr-s3-input test',
  }
  form.changeFooter?.(footer)
  const bytes = writeStruct(footer)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([...file, bytes, length, MAGIC])
}

const elementOf = ({ name, type, isRequired }: MadeColumn): Thrift => ({
  struct: {
    1: { i32: TYPES[type] },
    3: { i32: isRequired ? 0 : 1 },
    4: name,
    6: type === 'text' ? { i32: 0 } : undefined,
  },
})

function chunkOf(
  column: MadeColumn,
  start: number,
  pages: readonly Buffer[],
  values: number,
  { codec }: MadeForm,
): Thrift {
  const bytes = pages.reduce((sum, page) => sum + page.length, 0)
  const first = column.hasDictionary ? (pages[0]?.length ?? 0) : 0
  return {
    struct: {
      2: { i64: start },
      3: {
        struct: {
          1: { i32: TYPES[column.type] },
          2: [{ i32: PLAIN }, { i32: RLE }, { i32: RLE_DICTIONARY }],
          3: [column.name],
          4: { i32: codec === 'gzip' ? GZIP : 0 },
          5: { i64: values },
          6: { i64: bytes },
          7: { i64: bytes },
          9: { i64: start + first },
          11: column.hasDictionary ? { i64: start } : undefined,
        },
      },
    },
  }
}

function pagesOf(column: MadeColumn, form: MadeForm): Buffer[] {
  const { values, hasDictionary } = column
  const { pageRows = Math.max(1, values.length) } = form
  const entries = [...new Set(values.filter(value => value !== null))]
  const codes = new Map(entries.map((value, code) => [value, code]))
  const pages: Buffer[] = []
  if (hasDictionary)
    pages.push(
      page({ 1: { i32: 2 } }, plain(column, entries), form, {
        7: { struct: { 1: { i32: entries.length }, 2: { i32: PLAIN } } },
      }),
    )
  for (let from = 0; from < values.length; from += pageRows) {
    const some = values.slice(from, from + pageRows)
    const there = some.filter(value => value !== null)
    const body = hasDictionary
      ? codesOf(
          there.map(value => codes.get(value) as number),
          entries.length,
        )
      : plain(column, there)
    const levels = column.isRequired
      ? Buffer.alloc(0)
      : runs(
          some.map(value => (value === null ? 0 : 1)),
          1,
        )
    const encoding = { i32: hasDictionary ? RLE_DICTIONARY : PLAIN }
    pages.push(
      dataPage(some.length, there.length, levels, body, encoding, column, form),
    )
  }
  return pages
}

function dataPage(
  rows: number,
  there: number,
  levels: Buffer,
  body: Buffer,
  encoding: Thrift,
  column: MadeColumn,
  form: MadeForm,
): Buffer {
  if (form.version === 2)
    return page(
      { 1: { i32: 3 } },
      body,
      form,
      {
        8: {
          struct: {
            1: { i32: rows },
            2: { i32: rows - there },
            3: { i32: rows },
            4: encoding,
            5: { i32: levels.length },
            6: { i32: 0 },
          },
        },
      },
      levels,
    )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(levels.length)
  const prefix = column.isRequired ? [] : [length, levels]
  return page({ 1: { i32: 0 } }, Buffer.concat([...prefix, body]), form, {
    5: {
      struct: {
        1: { i32: rows },
        2: encoding,
        3: { i32: RLE },
        4: { i32: RLE },
      },
    },
  })
}

function page(
  kind: ThriftFields,
  body: Buffer,
  { codec, changePage }: MadeForm,
  more: ThriftFields,
  levels: Buffer = Buffer.alloc(0),
): Buffer {
  const packed = codec === 'gzip' ? gzipSync(body, { level: 1 }) : body
  const header: Record<number, Thrift> = {
    ...(kind as Record<number, Thrift>),
    2: { i32: body.length + levels.length },
    3: { i32: packed.length + levels.length },
    ...(more as Record<number, Thrift>),
  }
  changePage?.(header)
  return Buffer.concat([writeStruct(header), levels, packed])
}

function plain(
  { type }: MadeColumn,
  values: readonly (string | number | bigint | null)[],
): Buffer {
  const parts = values.map(value => {
    if (type === 'text') {
      const text = Buffer.from(String(value))
      const length = Buffer.alloc(4)
      length.writeUInt32LE(text.length)
      return Buffer.concat([length, text])
    }
    const bytes = Buffer.alloc(type === 'int32' ? 4 : 8)
    if (type === 'int32') bytes.writeInt32LE(Number(value))
    else bytes.writeBigInt64LE(BigInt(value as number))
    return bytes
  })
  return Buffer.concat(parts)
}

function codesOf(codes: readonly number[], count: number): Buffer {
  const width = Math.max(1, 32 - Math.clz32(Math.max(0, count - 1)))
  return Buffer.concat([Buffer.from([width]), runs(codes, width)])
}

/** Writes numbers as runs: repeated ones as such from eight on, others packed by eights. */
export function runs(numbers: readonly number[], width: number): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < numbers.length;) {
    const value = numbers[at] as number
    let end = at
    while (end < numbers.length && numbers[end] === value) end++
    if (end - at >= 8 || end === numbers.length) {
      const bytes = Buffer.alloc((width + 7) >> 3)
      for (let i = 0; i < bytes.length; i++)
        bytes[i] = (value >> (8 * i)) & 0xff
      parts.push(varint((end - at) * 2), bytes)
      at = end
    } else {
      const eight = Array.from({ length: 8 }, (_, i) => numbers[at + i] ?? 0)
      parts.push(varint(3), packed(eight, width))
      at += 8
    }
  }
  return Buffer.concat(parts)
}

function packed(numbers: readonly number[], width: number): Buffer {
  const bytes = Buffer.alloc(width)
  let bit = 0
  for (const number of numbers)
    for (let i = 0; i < width; i++, bit++)
      if ((number >> i) & 1)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7))
  return bytes
}
