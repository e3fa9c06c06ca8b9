// The header of a page: its kind, its number of values, and their encoding. Its
// length is unknown beforehand, so more is read until it is complete.

import type { RangeReader } from '../../files/stored-bytes.ts'
import { damaged } from './parquet-error.ts'
import { ShortThriftError, ThriftReader } from './thrift.ts'

const USUAL_BYTES = 1024
// It may include statistics, with two values of the column.
const MAX_BYTES = 1024 * 1024
const MAX_PAGE = 2 ** 31

/** The kinds of pages, by Parquet's numbers. */
export const DATA_PAGE = 0
export const DICTIONARY_PAGE = 2
export const DATA_PAGE_V2 = 3

export interface PageHeader {
  kind: number
  /** The place and the number of the bytes after the header. */
  at: number
  bytes: number
  /** Their number when inflated. */
  inflated: number
  /** The checksum of the bytes after the header, if there is one. */
  crc: number | undefined
  /** The number of values, nulls included. */
  values: number
  encoding: number
  /** The encoding of the levels of version 1. */
  levels: number
  /** The number of bytes of levels, not compressed, before the values in version 2. */
  levelBytes: number
  definitionBytes: number
  isCompressed: boolean
}

/** Reads the header at a place, which with its page must end before `end`; throws DecodeError. */
export async function readPageHeader(
  file: RangeReader,
  at: number,
  end: number,
): Promise<PageHeader> {
  for (let length = USUAL_BYTES; ; length *= 8) {
    const isAll = at + length >= end
    const bytes = await file.read(at, Math.min(length, end - at))
    try {
      return checked(parse(bytes, at), end)
    } catch (error) {
      if (!(error instanceof ShortThriftError)) throw error
      if (isAll || length >= MAX_BYTES)
        throw damaged('the header of a page is cut off', error)
    }
  }
}

function parse(bytes: Buffer, at: number): PageHeader {
  const reader = new ThriftReader(bytes)
  const header: PageHeader = {
    kind: -1,
    at: 0,
    bytes: -1,
    inflated: -1,
    crc: undefined,
    values: 0,
    encoding: -1,
    levels: -1,
    levelBytes: 0,
    definitionBytes: 0,
    isCompressed: true,
  }
  reader.root((id, type) => {
    if (id === 1) header.kind = reader.int(type)
    else if (id === 2) header.inflated = reader.int(type)
    else if (id === 3) header.bytes = reader.int(type)
    else if (id === 4) header.crc = reader.int(type) >>> 0
    else if (id === 5 || id === 7) readFirst(reader, type, header, id === 5)
    else if (id === 8) readSecond(reader, type, header)
    else return false
    return true
  })
  header.at = at + reader.at
  return header
}

/** Reads the fields that data pages of version 1 and dictionaries share. */
function readFirst(
  reader: ThriftReader,
  kind: number,
  header: PageHeader,
  hasLevels: boolean,
): void {
  reader.struct(kind, (id, type) => {
    if (id === 1) header.values = reader.int(type)
    else if (id === 2) header.encoding = reader.int(type)
    else if (id === 3 && hasLevels) header.levels = reader.int(type)
    else return false
    return true
  })
}

function readSecond(
  reader: ThriftReader,
  kind: number,
  header: PageHeader,
): void {
  reader.struct(kind, (id, type) => {
    if (id === 1) header.values = reader.int(type)
    else if (id === 4) header.encoding = reader.int(type)
    else if (id === 5) {
      header.definitionBytes = reader.int(type)
      header.levelBytes += header.definitionBytes
    } else if (id === 6) {
      const repetitionBytes = reader.int(type)
      // A flat column has no repetition.
      if (repetitionBytes !== 0)
        throw damaged('a page of a flat column has repetition levels')
    } else if (id === 7) header.isCompressed = reader.bool(type)
    else return false
    return true
  })
}

function checked(header: PageHeader, end: number): PageHeader {
  const { at, bytes, inflated, values, levelBytes } = header
  const isOff =
    !isSize(bytes) || !isSize(inflated) || !isSize(values) || at + bytes > end
  if (isOff || levelBytes < 0 || levelBytes > Math.min(bytes, inflated))
    throw damaged(
      `a page says that it has ${bytes} bytes, inflated ${inflated}, and ${values} values`,
    )
  return header
}

const isSize = (size: number): boolean => size >= 0 && size < MAX_PAGE
