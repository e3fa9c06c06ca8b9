// The file of shelved objects: lines as in a journal, read as a stream and
// never held whole, since there may be any number. Written lines are durable
// before the cursor records them. Lines of objects no longer shelved are
// useless; the next rewrite leaves them out.

import type { FileHandle } from 'node:fs/promises'
import { errorCode } from '../files/error-code.ts'
import { openDurable, writeDurably } from '../files/durable-file.ts'
import {
  replaceFile,
  writeAll,
  type FileSystem,
} from '../files/replace-file.ts'
import { CursorError, cursorError, damageCure } from './cursor-error.ts'
import {
  entriesLine,
  headerLine,
  parseLine,
  type JournalHeader,
} from './journal-lines.ts'
import { removeLeftover } from './expect-usable.ts'
import { NO_STEPS, type FailedObject } from './kept-objects.ts'

/** The path and the owner of the file. */
export interface ShelfFile {
  path: string
  header: JournalHeader
  fs: FileSystem
}

/** The data of one object; without committed records, its steps are left out. */
type ShelvedLine = Partial<FailedObject> &
  Pick<FailedObject, (typeof TEXTS | typeof NUMBERS)[number] | 'refused'>

const TEXTS = ['key', 'folder', 'folderDay', 'day', 'code'] as const
const NUMBERS = ['size', 'modified', 'at', 'attempts'] as const

const LINE_OBJECTS = 200
const PIECE_BYTES = 256 * 1024
const LINE_FEED = 0x0a

/** Reads the objects, one by one, in the order in which they were shelved; throws CursorError. */
export async function* readShelf(
  file: ShelfFile,
): AsyncGenerator<FailedObject> {
  const { path, header, fs } = file
  let isFirst = true
  let isTorn = false
  for await (const line of linesOf(fs, path)) {
    const value = parseLine(line, 0, line.length)?.value
    if (isFirst ? !isOwn(value, header) : isTorn) throw damaged(path)
    if (!isFirst && !Array.isArray(value)) isTorn = true
    else if (!isFirst)
      for (const one of value as unknown[])
        if (isShelved(one)) yield failedOf(one)
    isFirst = false
  }
}

/** Adds objects to the file or, if asked, writes it anew without those that `isLive` rejects; gives its length. Throws CursorError. */
export async function writeShelf(
  file: ShelfFile,
  objects: readonly FailedObject[],
  number: number,
  { bytes, isLive }: { bytes: number; isLive?: (key: string) => boolean },
): Promise<number> {
  const { path, fs } = file
  try {
    if (isLive === undefined) {
      const durable = await openDurable(fs, path)
      const text = Buffer.concat([...linesFor(objects, number)])
      try {
        await writeDurably(durable, text, bytes)
      } finally {
        await durable.handle.close()
      }
      return bytes + text.length
    }
    let end = 0
    await removeLeftover(fs, path)
    await replaceFile(fs, path, async handle => {
      const add = async (lines: Iterable<Buffer>): Promise<void> => {
        for (const line of lines) {
          await writeAll(handle, line, end)
          end += line.length
        }
      }
      await add([headerLine(file.header, 0)])
      let group: FailedObject[] = []
      for await (const one of readShelf(file)) {
        if (!isLive(one.key)) continue
        group.push(one)
        if (group.length < LINE_OBJECTS) continue
        await add([entriesLine(group.map(lineOf))])
        group = []
      }
      await add(linesFor([...group, ...objects], number))
    })
    return end
  } catch (error) {
    throw cursorError(
      'CURSOR_UNWRITABLE',
      'writing the quarantine',
      path,
      error,
    )
  }
}

/** Gives the length of the file, 0 when there is none; throws CursorError. */
export async function shelfLength({ fs, path }: ShelfFile): Promise<number> {
  try {
    return (await fs.stat(path)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0
    throw unreadable(path, error)
  }
}

function* linesFor(
  objects: readonly FailedObject[],
  number: number,
): Generator<Buffer> {
  for (let at = 0; at < objects.length; at += LINE_OBJECTS)
    yield entriesLine(objects.slice(at, at + LINE_OBJECTS).map(lineOf))
  // It ends like the file of older days.
  yield entriesLine([{ k: 'older', upTo: '', from: '', number }])
}

function lineOf(object: FailedObject): ShelvedLine {
  const { key, folder, folderDay, day, size, modified } = object
  const { code, refused, at, attempts, records, bytes, form, header } = object
  const kept = { key, folder, folderDay, day, size, modified, code }
  const tried = { refused, at, attempts }
  if (records === 0) return { ...kept, ...tried }
  const { etag } = object
  return { ...kept, ...tried, etag, records, bytes, form, header }
}

function failedOf(line: ShelvedLine): FailedObject {
  return {
    etag: '',
    ...NO_STEPS,
    message: '',
    counted: line.at,
    tries: line.attempts,
    due: 0,
    ...line,
    quarantined: true,
  }
}

function isShelved(value: unknown): value is ShelvedLine {
  const line = Object(value) as Partial<Record<keyof ShelvedLine, unknown>>
  return (
    TEXTS.every(name => typeof line[name] === 'string') &&
    NUMBERS.every(name => typeof line[name] === 'number') &&
    typeof line.refused === 'boolean' &&
    typeof (line.etag ?? '') === 'string' &&
    typeof (line.records ?? 0) === 'number'
  )
}

function isOwn(value: unknown, header: JournalHeader): boolean {
  const found = Object(value) as Partial<JournalHeader>
  return (
    found.format === header.format &&
    found.bucket === header.bucket &&
    found.log_type === header.log_type
  )
}

const unreadable = (path: string, error: unknown): CursorError =>
  cursorError('CURSOR_UNREADABLE', 'reading the quarantine', path, error)

const damaged = (path: string): CursorError =>
  new CursorError(
    'CURSOR_DAMAGED',
    `reading the quarantine ${path}: it is damaged, or of another bucket; ${damageCure}`,
  )

// The end of an interrupted write has no LF and is left out.
async function* linesOf(fs: FileSystem, path: string): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await fs.open(path, 'r')
    let rest = Buffer.alloc(0)
    for (let at = 0; ;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES)
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, at)
      if (bytesRead === 0) return
      at += bytesRead
      rest = Buffer.concat([rest, piece.subarray(0, bytesRead)])
      for (let end = rest.indexOf(LINE_FEED); end >= 0;) {
        yield rest.subarray(0, end)
        rest = rest.subarray(end + 1)
        end = rest.indexOf(LINE_FEED)
      }
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw unreadable(path, error)
  } finally {
    await handle?.close()
  }
}
