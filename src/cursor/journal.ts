// The file of a cursor: it returns the entries that were put in, after any
// crash. Every entry that append or rewrite confirmed is there; of a group that
// was being written, either all or none is. Damage, another bucket's file or a
// newer version is an error and never a new beginning. A second writer, or a
// file restored from a backup, is noticed, and nothing is mixed.

import { lacksRoom } from '../files/error-code.ts'
import { CursorError, cursorError } from './cursor-error.ts'
import { JournalEnd, refusedWrite } from './journal-end.ts'
import {
  entriesLine,
  entriesLines,
  headerLine,
  readEntries,
  type JournalHeader,
} from './journal-lines.ts'
import type { JournalContent } from './read-journal.ts'
import {
  replaceFile,
  writeAll,
  type FileSystem,
} from '../files/replace-file.ts'

const REWRITE_BYTES = 1_048_576
// Enough for the commits of most cycles.
const ROOM_BYTES = 65_536

/** The journal to open, and the way to use it. */
export interface JournalOptions {
  path: string
  header: JournalHeader
  /** Leaves the file as it is, including a torn tail; needs no lock. */
  readOnly?: boolean
  fs?: FileSystem | undefined
  /** The appended bytes from which on it is made compact, 1 MiB by default. */
  rewriteBytes?: number | undefined
}

/** An open journal; openJournal makes one. */
export class Journal {
  /** Whether the file existed when it was opened. */
  readonly exists: boolean
  /** The reason why it is foreign; its entries may be read, and the first write replaces them. */
  readonly foreign: CursorError | undefined
  /** The bytes of a broken write that opening for writing cut off, without reserved room. */
  readonly tornBytes: number
  /** The version in which it was written. */
  readonly version: number
  /** The real path of the file. */
  readonly path: string
  readonly #header: JournalHeader
  readonly #fs: FileSystem
  readonly #rewriteBytes: number
  #read: JournalContent | undefined
  #refusal: string | undefined
  #started: boolean
  #start: number
  #compact: number
  #putOff = ''
  readonly #end: JournalEnd
  #turn: Promise<unknown> = Promise.resolve()

  /** Takes over the results of openJournal. */
  constructor(
    path: string,
    options: JournalOptions,
    fs: FileSystem,
    read: JournalContent | undefined,
  ) {
    this.exists = read !== undefined
    this.foreign = read?.foreign
    this.tornBytes = options.readOnly || this.foreign ? 0 : (read?.torn ?? 0)
    this.version = read?.version ?? options.header.version
    this.path = path
    this.#header = options.header
    this.#fs = fs
    this.#rewriteBytes = options.rewriteBytes ?? REWRITE_BYTES
    this.#read = read
    this.#refusal = options.readOnly ? 'it was opened to be read' : undefined
    this.#started = this.exists && this.foreign === undefined
    this.#start = read?.start ?? 0
    this.#compact = read?.compact ?? 0
    this.#end = new JournalEnd(fs, path, read?.end ?? 0)
  }

  /** The bytes appended since the file was last made compact. */
  get appendedBytes(): number {
    return this.#end.at - this.#start - this.#compact
  }

  /** Tells whether it should be made compact: more than 1 MiB, and more than half of the compact part, was appended, or its version is older. */
  get needsRewrite(): boolean {
    if (this.version < this.#header.version) return true
    const appended = this.appendedBytes
    return appended > this.#rewriteBytes && appended > this.#compact / 2
  }

  /** Gives the entries of the opened file; only once, since it frees them as it goes. */
  *entries(): Generator<unknown> {
    const read = this.#read
    this.#read = undefined
    if (read === undefined) {
      if (this.exists) throw new Error('a journal is read only once')
      return
    }
    try {
      yield* readEntries(read.content, read.start, read.end)
    } catch (error) {
      throw cursorError(
        'CURSOR_DAMAGED',
        'reading the cursor',
        this.path,
        error,
      )
    }
  }

  /** Adds entries durably and as one: after a crash all are there or none; throws CursorError, and then the file is as it was. */
  append(entries: readonly unknown[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve()
    const line = entriesLine(entries)
    return this.#inTurn(() =>
      this.#started ? this.#end.append(line) : this.#replace([line]),
    )
  }

  /** Adds entries as append does, followed by 64 KiB of zeros, which later appends overwrite and close cuts: so a full disk shows now and not later. */
  reserve(entries: readonly unknown[]): Promise<void> {
    const line = entries.length > 0 ? entriesLine(entries) : Buffer.alloc(0)
    return this.#inTurn(() =>
      this.#started
        ? this.#end.append(line, ROOM_BYTES)
        : this.#replace([line], ROOM_BYTES),
    )
  }

  /** Replaces all entries, as rewrite does, if that is due. Without room on the disk it is put off, and the file keeps growing. */
  async compact(entries: Iterable<unknown>): Promise<void> {
    if (!this.needsRewrite) return
    try {
      await this.rewrite(entries)
    } catch (error) {
      if (!(error instanceof CursorError) || !lacksRoom(error.cause))
        throw error
      this.#putOff = error.message
    }
  }

  /** The reason why compact put it off; '' if it did not. */
  get putOff(): string {
    return this.#putOff
  }

  /** Replaces all entries by these, which must not change meanwhile; throws CursorError, and then the file is as it was. */
  rewrite(entries: Iterable<unknown>): Promise<void> {
    return this.#inTurn(() => this.#replace(entriesLines(entries)))
  }

  /** Waits for the write in progress, and accepts no more. */
  async close(): Promise<void> {
    await this.#turn
    this.#refusal = 'it was closed'
    this.#read = undefined
    await this.#end.close()
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#refusal !== undefined)
        throw refusedWrite(this.path, this.#refusal)
      try {
        await write()
      } catch (error) {
        throw cursorError(
          'CURSOR_UNWRITABLE',
          'writing the cursor',
          this.path,
          error,
        )
      }
    })
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #replace(lines: Iterable<Buffer>, room = 0): Promise<void> {
    if (this.#started) await this.#end.release()
    const start = headerLine(this.#header, 0).length
    let end = start
    await replaceFile(this.#fs, this.path, async handle => {
      for (const line of lines) {
        await writeAll(handle, line, end)
        end += line.length
      }
      const header = headerLine(this.#header, end - start)
      await writeAll(handle, header, 0)
      await writeAll(handle, Buffer.alloc(room), end)
    })
    this.#started = true
    this.#start = start
    this.#compact = end - start
    this.#end.moveTo(end, room)
  }
}
