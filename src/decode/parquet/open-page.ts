// Opens a page for the column that reads it: its levels, which mark null
// values, and its values as a window of plain ones or as runs of numbers that
// refer to entries of a dictionary. A large page in gzip, or not compressed,
// comes as a stream; any other is inflated whole, within the budget.

import { crc32 } from 'node:zlib'
import type { RangeReader } from '../../files/stored-bytes.ts'
import type { Budget } from './budget.ts'
import { ByteWindow } from './byte-window.ts'
import { GZIP, inflatePage, NONE, streamPage } from './codecs.ts'
import { DATA_PAGE, DATA_PAGE_V2, type PageHeader } from './page-header.ts'
import { damaged, named, notRead } from './parquet-error.ts'
import { RunLengths } from './run-lengths.ts'
import { BOOLEAN, type Column } from './schema.ts'
import { toPlain } from './to-plain.ts'

const PLAIN = 0
const PLAIN_DICTIONARY = 2
const RLE = 3
const RLE_DICTIONARY = 8
const LENGTH_BYTES = 4
// The levels of a million rows, in the largest form, take a fourth of it.
const MAX_LEVEL_BYTES = 1024 * 1024

/** The inputs of reading a column. */
export interface ColumnSource {
  file: RangeReader
  column: Column
  budget: Budget
  /** A page larger than this, inflated, is read as a stream if possible. */
  wholeBytes: number
}

/** A column to read, and the codec of its pages. */
export interface PageSource extends ColumnSource {
  codec: number
}

/** An open page. */
export interface Page {
  window: ByteWindow
  /** Tells for each row whether it has a value; undefined if all have. */
  levels: RunLengths | undefined
  /** The numbers of the values' entries in a dictionary; undefined if the values are plain. */
  codes: RunLengths | undefined
  /** Frees its memory. */
  close(): Promise<void>
}

/** Opens a page of data or a dictionary; throws DecodeError. */
export async function openPage(
  header: PageHeader,
  source: PageSource,
): Promise<Page> {
  const { column, budget } = source
  const isSecond = header.kind === DATA_PAGE_V2
  const held = { bytes: 0 }
  const window = await valuesOf(header, source, held)
  const close = async (): Promise<void> => {
    budget.give(held.bytes)
    held.bytes = 0
    await window.close()
  }
  try {
    let levels: RunLengths | undefined
    if (column.isOptional && header.kind === DATA_PAGE) {
      if (header.levels !== RLE) throw notRead('levels of an obsolete form')
      levels = await firstLevels(window)
    } else if (column.isOptional && isSecond) {
      const { at, definitionBytes } = header
      const bytes = await source.file.read(at, definitionBytes)
      levels = new RunLengths(ByteWindow.of(Buffer.from(bytes)), 1)
    }
    const { encoding } = header
    if (header.kind !== DATA_PAGE && !isSecond) {
      if (encoding !== PLAIN && encoding !== PLAIN_DICTIONARY)
        throw notRead(`a dictionary in another encoding than PLAIN`)
      return { window, levels, codes: undefined, close }
    }
    if (column.type === BOOLEAN && encoding === PLAIN)
      return { window, levels, codes: RunLengths.packed(window, 1), close }
    if (column.type === BOOLEAN && encoding === RLE) {
      await window.need(LENGTH_BYTES)
      window.at += LENGTH_BYTES
      return { window, levels, codes: new RunLengths(window, 1), close }
    }
    if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY)
      return { window, levels, codes: await codesOf(window), close }
    if (encoding === PLAIN) return { window, levels, codes: undefined, close }
    const rest = window.bytes.subarray(window.at, window.end)
    const plain = toPlain(encoding, column, rest, header.values, budget)
    held.bytes += plain.taken
    return {
      window: ByteWindow.of(plain.bytes),
      levels,
      codes: undefined,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Gives the bytes after the levels of version 2, or all. */
async function valuesOf(
  header: PageHeader,
  { file, codec, column, budget, wholeBytes }: PageSource,
  held: { bytes: number },
): Promise<ByteWindow> {
  const { at, levelBytes, encoding } = header
  const used = header.isCompressed ? codec : NONE
  const bytes = header.bytes - levelBytes
  const size = header.inflated - levelBytes
  const isStreamed =
    size > wholeBytes &&
    (used === GZIP || used === NONE) &&
    [PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY].includes(encoding)
  if (isStreamed)
    return ByteWindow.over(
      streamPage(file, used, at + levelBytes, bytes, size),
      size,
      budget,
    )
  // Inflating gathers pieces, and joins them at its end.
  const pieces = used === NONE ? 0 : size
  budget.take(size + pieces, `a page of the column ${named(column.name)}`)
  held.bytes = size
  try {
    const stored = await file.read(at, header.bytes)
    if (header.crc !== undefined && crc32(stored) !== header.crc)
      throw damaged(
        `a page of its column ${named(column.name)} has another checksum`,
      )
    return ByteWindow.of(inflatePage(used, stored.subarray(levelBytes), size))
  } catch (error) {
    budget.give(size)
    throw error
  } finally {
    budget.give(pieces)
  }
}

async function firstLevels(window: ByteWindow): Promise<RunLengths> {
  await window.need(LENGTH_BYTES)
  const length = window.bytes.readUInt32LE(window.at)
  if (length > MAX_LEVEL_BYTES)
    throw damaged(`a page has ${length} bytes of levels`)
  window.at += LENGTH_BYTES
  await window.need(length)
  const from = window.at
  window.at += length
  // The window may move while these are read.
  const bytes = Buffer.from(window.bytes.subarray(from, window.at))
  return new RunLengths(ByteWindow.of(bytes), 1)
}

async function codesOf(window: ByteWindow): Promise<RunLengths> {
  while (window.at === window.end && !window.isAll) await window.more()
  // If all values are null, nothing need follow.
  const width = window.at < window.end ? window.bytes[window.at++] : 0
  return new RunLengths(window, width as number)
}
