// Reads a journal's file and classifies it: absent, good with perhaps a torn
// tail, or one that must not be touched. A file is created whole, so one that
// is empty or cut short in its compact part is damaged.

import { CursorError, cursorError, damageCure, quote } from './cursor-error.ts'
import { errorCode } from '../files/error-code.ts'
import { expectFile } from './expect-usable.ts'
import { foreignCursor } from './foreign-cursor.ts'
import { parseLine, scanLines, type JournalHeader } from './journal-lines.ts'
import type { FileSystem } from '../files/replace-file.ts'

/** A file's bytes: entries lie from start to end, the first `compact` bytes of them written at once; `torn` bytes of a broken write follow, and any number of zeros. */
export interface JournalContent extends ReadHeader {
  content: Buffer
  start: number
  end: number
  torn: number
}

interface ReadHeader {
  version: number
  compact: number
  /** It is sound, but of another bucket or LogType. */
  foreign: CursorError | undefined
}

const lineFeed = 0x0a
// The oldest version that is read.
const OLDEST_VERSION = 1

/** Reads and checks a whole file, undefined when there is none; throws CursorError. */
export async function readJournal(
  fs: FileSystem,
  path: string,
  header: JournalHeader,
): Promise<JournalContent | undefined> {
  try {
    await expectFile(path, fs)
    return await checkStill(fs, path, header)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw cursorError('CURSOR_UNREADABLE', 'reading the cursor', path, error)
  }
}

// A line written over zeros during the reading may be missed while the one
// after it is found; a second reading then finds both.
async function checkStill(
  fs: FileSystem,
  path: string,
  header: JournalHeader,
): Promise<JournalContent> {
  let content = await fs.readFile(path)
  for (;;)
    try {
      return check(path, content, header)
    } catch (error) {
      const again = await fs.readFile(path)
      if (again.equals(content)) throw error
      content = again
    }
}

function check(
  path: string,
  content: Buffer,
  header: JournalHeader,
): JournalContent {
  const first = content.indexOf(lineFeed)
  const found = first === -1 ? undefined : parseLine(content, 0, first)
  if (found === undefined) throw badHeader(path, content)
  const { version, compact, foreign } = checkHeader(path, found.value, header)
  const start = first + 1
  const { end, damaged } = scanLines(content, start)
  if (foreign && (damaged || !(end >= start + compact))) throw foreign
  if (damaged)
    throw damage(
      path,
      `line ${damaged.line + 1} (at byte ${damaged.offset}) does not fit its ` +
        'checksum, and good lines follow',
    )
  if (!(end >= start + compact))
    throw damage(
      path,
      `it is good up to byte ${end} and should be up to ${start + compact} at least`,
    )
  const torn = lengthWithoutZeros(content, end) - end
  return { version, content, start, compact, end, torn, foreign }
}

function lengthWithoutZeros(content: Buffer, from: number): number {
  let length = content.length
  while (length > from && content[length - 1] === 0) length--
  return length
}

function badHeader(path: string, content: Buffer): CursorError {
  if (content.every(byte => byte === 0))
    return damage(
      path,
      content.length === 0
        ? 'it is empty; if it was made to be mounted alone, as with `docker -v FILE:FILE`, mount its folder instead'
        : 'it is all zeros',
    )
  if (scanLines(content, 0).damaged)
    return damage(path, 'line 1 does not fit its checksum')
  return new CursorError(
    'CURSOR_FOREIGN',
    `reading the cursor ${path}: it does not begin as a cursor does; if ` +
      `StateFile should name another file, change it; else ${damageCure}`,
  )
}

function checkHeader(
  path: string,
  found: unknown,
  header: JournalHeader,
): ReadHeader {
  const got: Record<string, unknown> = Object(found)
  const reading = `reading the cursor ${path}: `
  const version = Number(got['version'])
  if (got['format'] !== header.format)
    throw new CursorError(
      'CURSOR_FOREIGN',
      `${reading}its format is ${quote(got['format'])}, not ` +
        `${quote(header.format)}; let StateFile name another file`,
    )
  if (version > header.version)
    throw new CursorError(
      'CURSOR_NEWER',
      `${reading}it is of version ${quote(got['version'])}, and this program ` +
        `knows ${header.version}; run the newer program that wrote it`,
    )
  if (!Number.isInteger(got['version']) || version < OLDEST_VERSION)
    throw new CursorError(
      'CURSOR_FOREIGN',
      `${reading}it is of version ${quote(got['version'])}, which this ` +
        `program does not read; ${damageCure}`,
    )
  const owner = { bucket: got['bucket'], log_type: got['log_type'] }
  const foreign = foreignCursor(path, owner, header)
  return { version, compact: Number(got['compact']), foreign }
}

function damage(path: string, found: string): CursorError {
  return new CursorError(
    'CURSOR_DAMAGED',
    `reading the cursor ${path}: ${found}; ${damageCure}`,
  )
}
