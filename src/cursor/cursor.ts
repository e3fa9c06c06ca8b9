// The cursor: the knowledge about a bucket, kept in one file of checksummed
// lines. Changes apply at once and are written in groups by flush(), with an
// fdatasync, so a crash loses at most the last group: a repeat, no gap. The
// sets of days that left the window lie in a second file of the same kind,
// which is opened only on demand.

import * as nodeFs from 'node:fs/promises'
import { applyEntry } from './apply-entry.ts'
import {
  emptyState,
  newPartition,
  setOf,
  type CursorState,
  type Entry,
  type Partition,
} from './cursor-state.ts'
import { CursorError, damageCure } from './cursor-error.ts'
import { isEntry } from './entry-shape.ts'
import { isUnused } from './foreign-cursor.ts'
import type { Journal } from './journal.ts'
import { expectNumber, writesOf } from './older-file.ts'
import { headerOf, VERSION } from './journal-lines.ts'
import { openJournal } from './open-journal.ts'
import { PendingCommits } from './pending-commits.ts'
import type { ShelfFile } from './shelf-file.ts'
import { snapshot } from './snapshot.ts'
import { upgradeV1 } from './upgrade-v1.ts'
import type { FileSystem } from '../files/replace-file.ts'

export interface CursorOptions {
  path: string
  bucket: string
  logType: string
  readOnly?: boolean
  /** Replaced in tests. */
  fs?: FileSystem
  /** The appended bytes from which on its files are made compact, 1 MiB by default. */
  rewriteBytes?: number
}

const FORMAT = 'lr-s3-input cursor'
const OLDER_FORMAT = 'lr-s3-input older days'
const SHELF_FORMAT = 'lr-s3-input quarantine'

export class Cursor {
  readonly state: CursorState = emptyState()
  readonly #journal: Journal
  readonly #options: CursorOptions
  #older: Promise<Cursor> | undefined
  #pending: Entry[] = []
  readonly #commits = new PendingCommits()
  #lastId = 0
  #isBehind = false
  #flushed = Promise.resolve()

  private constructor(journal: Journal, options: CursorOptions) {
    this.#journal = journal
    this.#options = options
  }

  /** Opens a cursor file, or begins one; throws CursorError when it cannot be used. */
  static async open(options: CursorOptions): Promise<Cursor> {
    const cursor = await Cursor.#open(options, FORMAT)
    const { older } = cursor.state
    // The check comes now, not during a cycle that has begun to print.
    const writes =
      (await writesOf(cursor.#olderPath, older)) ??
      (await cursor.older()).state.older.number
    cursor.#isBehind = writes > older.number
    const { number } = cursor.state.shelf.note
    const named = { upTo: number > 0 ? 'named' : '', number }
    await writesOf(cursor.shelfFile.path, named, 'quarantine')
    return cursor
  }

  static async #open(options: CursorOptions, format: string): Promise<Cursor> {
    const journal = await openJournal({
      path: options.path,
      header: headerOf(options, format),
      readOnly: options.readOnly ?? false,
      fs: options.fs,
      rewriteBytes: options.rewriteBytes,
    })
    const cursor = new Cursor(journal, options)
    cursor.#loadOwn(options.path, format)
    if (!options.readOnly) await journal.compact(snapshot(cursor.state))
    return cursor
  }

  /** Opens the file of older days, once; throws CursorError. */
  older(): Promise<Cursor> {
    this.#older ??= this.#openOlder()
    return this.#older
  }

  async #openOlder(): Promise<Cursor> {
    const path = this.#olderPath
    const older = await Cursor.#open({ ...this.#options, path }, OLDER_FORMAT)
    expectNumber(path, older.state.older.number, this.state.older.number)
    return older
  }

  /** Tells whether that file was written more often than this one knows: after a crash, or if this one is an older copy. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** Tells whether the file of older days was opened. */
  get usesOlder(): boolean {
    return this.#older !== undefined
  }

  get #olderPath(): string {
    return `${this.#journal.path}.late`
  }

  /** The file of the shelved quarantined objects. */
  get shelfFile(): ShelfFile {
    const { fs = nodeFs } = this.#options
    const path = `${this.#journal.path}.quarantine`
    return { path, fs, header: headerOf(this.#options, SHELF_FORMAT) }
  }

  /** The reason why opening could not make it compact, '' if it could or need not. */
  get putOff(): string {
    return this.#journal.putOff
  }

  /** Tells whether it was begun for another bucket or LogType and never found a leaf there. */
  get isTakenOver(): boolean {
    return this.#journal.foreign !== undefined
  }

  /** The number of bytes of an unfinished write that opening cut off. */
  get tornBytes(): number {
    return this.#journal.tornBytes
  }

  /** Applies entries now; the next flush writes them. */
  record(...entries: Entry[]): void {
    for (const entry of entries) {
      // Earlier commits may belong to partitions that these entries remove.
      if (entry.k === 'drop' || entry.k === 'moved')
        this.#pending.push(...this.#commits.take())
      applyEntry(this.state, entry)
      this.#pending.push(entry)
    }
  }

  /** Gives the partition of a prefix, a new one if it is unknown. */
  partition(prefix: string, day: string): Partition {
    let folder = this.state.partitions.get(prefix)
    if (folder === undefined) {
      folder = newPartition(prefix, day)
      this.state.partitions.set(prefix, folder)
    }
    return folder
  }

  /** Gives a partition its number in the file. */
  idOf(folder: Partition): number {
    if (folder.id === 0)
      this.record({
        k: 'folder',
        id: ++this.#lastId,
        prefix: folder.prefix,
        day: folder.day,
      })
    return folder.id
  }

  /** Marks an object as collected; `newest` is the time of its newest event. */
  commit(
    folder: Partition,
    day: string,
    fingerprint: bigint,
    newest: string,
  ): void {
    this.idOf(folder)
    setOf(folder, day).add(fingerprint)
    this.#commits.add(folder, day, fingerprint)
    if (newest > folder.newest) {
      folder.newest = newest
      this.#commits.recordNewest(folder, newest)
    }
  }

  /** Writes the recorded entries durably, if it may write; throws CursorError, also at all later calls, since later entries may refer to lost ones. */
  flush(): Promise<void> {
    return this.#write(entries => this.#journal.append(entries))
  }

  /** Flushes, and reserves room on the disk until it is closed; throws CursorError when there is none. */
  reserve(): Promise<void> {
    return this.#write(entries => this.#journal.reserve(entries))
  }

  #write(add: (entries: Entry[]) => Promise<void>): Promise<void> {
    const entries = [...this.#pending, ...this.#commits.take()]
    this.#pending = []
    if (!this.#options.readOnly)
      this.#flushed = this.#flushed.then(() => add(entries))
    return this.#flushed
  }

  async close(): Promise<void> {
    await this.#journal.close()
    await this.#older?.then(older => older.close()).catch(() => {})
  }

  // A foreign cursor is taken over if it never found a leaf.
  #loadOwn(path: string, format: string): void {
    const { foreign } = this.#journal
    if (foreign === undefined) return this.#load(path)
    try {
      this.#load(path)
    } catch {
      throw foreign
    }
    if (format !== FORMAT || !isUnused(this.state)) throw foreign
    Object.assign(this.state, emptyState())
  }

  #load(path: string): void {
    const isOld = this.#journal.version < VERSION
    for (const read of this.#journal.entries()) {
      const entry = isOld ? upgradeV1(read) : read
      if (!isEntry(entry) || !applyEntry(this.state, entry))
        throw new CursorError(
          'CURSOR_DAMAGED',
          `reading the cursor ${path}: a line is not of a cursor, or refers to a missing entry ` +
            `(${String(JSON.stringify(entry)).slice(0, 80)}); ${damageCure}`,
        )
    }
    for (const id of this.state.byId.keys())
      this.#lastId = Math.max(this.#lastId, id)
  }
}
