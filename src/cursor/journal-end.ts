// Where a journal's file grows: lines are added behind its last good one and
// are on the disk when that returns, or the file is as it was. Zeros may lie
// behind them, room that the disk cannot give to others meanwhile; lines are
// written over them. Before each write the file must be as it was left, so
// that another writer, or a file put back from a backup, is noticed.

import { CursorError } from './cursor-error.ts'
import {
  openDurable,
  writeDurably,
  type DurableFile,
} from '../files/durable-file.ts'
import type { FileSystem } from '../files/replace-file.ts'

const lineFeed = 0x0a

/** The end of one file, as one process leaves it. */
export class JournalEnd {
  readonly #fs: FileSystem
  readonly #path: string
  /** Where the next line goes. */
  #at: number
  /** How long the file is, room included. */
  #size: number
  #isTorn = false
  #open: DurableFile | undefined

  /** Takes over a file that ends at an offset. */
  constructor(fs: FileSystem, path: string, at: number) {
    this.#fs = fs
    this.#path = path
    this.#at = at
    this.#size = at
  }

  /** The offset after the last line. */
  get at(): number {
    return this.#at
  }

  /** Adds a line, and so many bytes of room behind it; throws CursorError or the system's error, the file then ending where it did, without room. */
  async append(line: Buffer, room = 0): Promise<void> {
    if (this.#isTorn)
      throw refusedWrite(
        this.#path,
        'an earlier write failed and could not be taken back',
      )
    const bytes = room > 0 ? Buffer.concat([line, Buffer.alloc(room)]) : line
    try {
      const file = await this.#currentFile()
      try {
        await writeDurably(file, bytes, this.#at)
      } catch (error) {
        await this.#cutBack(file)
        throw error
      }
      this.#size = Math.max(this.#size, this.#at + bytes.length)
      this.#at += line.length
    } catch (error) {
      await this.#letGo()
      throw error
    }
  }

  /** Lets another file be put in its place; throws CursorError when another program wrote to it, or the system's error. */
  async release(): Promise<void> {
    this.#expectSize((await this.#fs.stat(this.#path)).size)
    await this.#letGo()
  }

  /** Goes on in a new file whose lines end at an offset, and so many bytes of room behind it. */
  moveTo(at: number, room: number): void {
    this.#at = at
    this.#size = at + room
  }

  /** Cuts the room that is left, which the next opening does if this cannot, and closes the file. */
  async close(): Promise<void> {
    const handle = this.#open?.handle
    if (handle && this.#size > this.#at)
      try {
        const { size } = await handle.stat()
        if (size === this.#size) await handle.truncate(this.#at)
      } catch {
        // To readers it is the same.
      }
    await this.#letGo()
  }

  // Another may have been put in its place, such as a copy of it.
  async #currentFile(): Promise<DurableFile> {
    const { ino, size } = await this.#fs.stat(this.#path)
    this.#expectSize(size)
    if (this.#open?.ino !== ino) await this.#letGo()
    const file = (this.#open ??= await openDurable(this.#fs, this.#path))
    if (this.#size > this.#at) await this.#expectRoom(file)
    return file
  }

  #expectSize(size: number): void {
    if (size !== this.#size)
      throw refusedWrite(
        this.#path,
        `it has ${size} bytes where this process left ${this.#size}, so ` +
          'another program wrote to it',
      )
  }

  // While room is left, the size alone does not show what was written.
  async #expectRoom({ handle }: DurableFile): Promise<void> {
    const around = Buffer.alloc(2)
    await handle.read(around, 0, 2, this.#at - 1)
    if (around[0] !== lineFeed || around[1] !== 0)
      throw refusedWrite(
        this.#path,
        `its last line does not end at byte ${this.#at}, where this process ` +
          'left it, so another program wrote to it',
      )
  }

  // Half a line, or a whole one that was never promised, must not be followed.
  async #cutBack({ handle }: DurableFile): Promise<void> {
    try {
      await handle.truncate(this.#at)
      this.#size = this.#at
    } catch {
      this.#isTorn = true
    }
  }

  async #letGo(): Promise<void> {
    await this.#open?.handle.close().catch(() => {})
    this.#open = undefined
  }
}

/** Makes the error of a write that was not tried. */
export function refusedWrite(path: string, reason: string): CursorError {
  return new CursorError(
    'CURSOR_UNWRITABLE',
    `writing the cursor ${path}: ${reason}; nothing was written, run again`,
  )
}
