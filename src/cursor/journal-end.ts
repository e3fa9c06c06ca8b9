// The growing end of a journal's file: lines are added after its last good one,
// and are on the disk when the call returns, or the file is as it was. Zeros
// may follow them, which reserve room on the disk; later lines overwrite them.
// Before each write the file must be as this process left it, so that another
// writer, or a file restored from a backup, is noticed.

import { CursorError } from './cursor-error.ts'
import {
  openDurable,
  writeDurably,
  type DurableFile,
} from '../files/durable-file.ts'
import type { FileSystem } from '../files/replace-file.ts'

const lineFeed = 0x0a

/** The end of one file, in the state this process left it in. */
export class JournalEnd {
  readonly #fs: FileSystem
  readonly #path: string
  /** The offset of the next line. */
  #at: number
  /** The length of the file, including reserved room. */
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

  /** Adds a line, and so many bytes of room after it; throws CursorError or the system's error, and then the file ends where it did, without room. */
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

  /** Prepares for another file in its place; throws CursorError when another program wrote to it, or the system's error. */
  async release(): Promise<void> {
    this.#expectSize((await this.#fs.stat(this.#path)).size)
    await this.#letGo()
  }

  /** Continues in a new file whose lines end at an offset, with so many bytes of room after it. */
  moveTo(at: number, room: number): void {
    this.#at = at
    this.#size = at + room
  }

  /** Cuts off the remaining room (if this fails, the next opening does it) and closes the file. */
  async close(): Promise<void> {
    const handle = this.#open?.handle
    if (handle && this.#size > this.#at)
      try {
        const { size } = await handle.stat()
        if (size === this.#size) await handle.truncate(this.#at)
      } catch {
        // Readers ignore the room.
      }
    await this.#letGo()
  }

  // Another file, such as a copy, may have replaced it.
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

  // With room at the end, the size alone does not show another writer.
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

  // A partial line, or a whole one that was reported as failed, must not stay.
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
