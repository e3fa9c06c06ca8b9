// Keeps large bodies, and smaller ones that time cut off, in files beside the
// cursor: a slow body is continued in later cycles and each byte fetched once.
// A file is named by its key's hash, the object's size and its ETag, and is
// complete when it has that size; bytes are only ever appended.

import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { uptime } from 'node:os'
import { dirname, join } from 'node:path'
import { giveToOwner, isRoot } from '../files/give-to-owner.ts'
import { writeAll } from '../files/replace-file.ts'
import { spoolError } from './spool-error.ts'

/** The first `length` bytes of an object, in a file. */
export interface Part {
  readonly id: string
  readonly path: string
  readonly etag: string
  readonly size: number
  length: number
}

const NAME = /^([0-9a-f]{16})-(\d{1,15})-([\w-]*)$/
// File names end at 255 bytes; the ETags of S3 are less than half as long.
const LONGEST_ETAG = 100
const WEEK_MS = 7 * 24 * 3_600_000
// A call to the disk costs the same up to this size; sockets give 64 KiB.
const PIECE = 256 * 1024

// Windows has no links to guard against.
const FOLDER =
  constants.O_RDONLY |
  (constants.O_DIRECTORY ?? 0) |
  (constants.O_NOFOLLOW ?? 0)
const IN_PLACE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0)

/** The parts in a folder, which is made and removed as needed. */
export class Spool {
  /** A try has shown that files cannot be opened here. */
  isUnwritable = false
  readonly #folder: string
  readonly #now: () => number
  readonly #parts = new Map<string, Part>()
  readonly #fs: typeof nodeFs
  #reading: Promise<void> | undefined
  /** Counts the beginnings and the ends of removals. */
  #removals = 0
  #removing: Promise<unknown> = Promise.resolve()

  /** `folder` is its path; `now` gives this machine's time in ms since 1970. */
  constructor(folder: string, now: () => number, fs = nodeFs) {
    this.#folder = folder
    this.#now = now
    this.#fs = fs
  }

  /** Finds the part of an object. */
  async find(key: string): Promise<Part | undefined> {
    await (this.#reading ??= this.#read())
    return this.#parts.size === 0 ? undefined : this.#parts.get(idOf(key))
  }

  /** Begins a part without bytes; its file comes with the first byte. */
  begin(key: string, etag: string, size: number): Part {
    const id = idOf(key)
    // A part that cannot be named is of use in this cycle alone.
    const tag =
      etag.length > LONGEST_ETAG ? '' : Buffer.from(etag).toString('base64url')
    const path = join(this.#folder, `${id}-${size}-${tag}`)
    const part = { id, path, etag, size, length: 0 }
    this.#parts.set(id, part)
    return part
  }

  /** Adds bytes to a part as they come; throws SpoolError after removing the part, and passes on the errors of the chunks. */
  async append(
    part: Part,
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    let handle: nodeFs.FileHandle | undefined
    try {
      for await (const chunk of gathered(chunks)) {
        handle ??= await this.#open(part)
        await this.#write(handle, chunk, part)
      }
    } finally {
      await handle?.close().catch(() => {})
    }
  }

  /** Removes the part of an object, if there is one. */
  async remove(key: string): Promise<void> {
    const part = await this.find(key)
    if (part === undefined) return
    await this.#drop(part)
  }

  /** Removes the parts of no more use, and the folder when it is empty. */
  async close(): Promise<void> {
    await (this.#reading ??= this.#read())
    await this.#removing
    if (this.#parts.size === 0)
      await this.#fs.rmdir(this.#folder).catch(() => {})
  }

  async #open(part: Part): Promise<nodeFs.FileHandle> {
    const { path, length } = part
    try {
      await this.#makeFolder()
      if (length > 0) return await this.#fs.open(path, IN_PLACE)
      // A foreign file must not be written through.
      await this.#fs.unlink(path).catch(() => {})
      const handle = await this.#fs.open(path, 'wx', 0o600)
      await giveToOwner(handle, this.#folder, this.#fs)
      return handle
    } catch (cause) {
      this.isUnwritable = true
      void this.#drop(part)
      throw spoolError(cause, 'writing the spool', this.#folder)
    }
  }

  async #makeFolder(): Promise<void> {
    const fs = this.#fs
    const folder = this.#folder
    const made = await fs.mkdir(folder, { recursive: true, mode: 0o700 })
    if (made === undefined) return
    if (!isRoot()) return
    // Opened, since its name may lead elsewhere by now.
    const handle = await fs.open(folder, FOLDER)
    await giveToOwner(handle, dirname(folder), fs)
    await handle.close()
  }

  // An unreadable folder counts as empty: writing to it reports the reason.
  async #read(): Promise<void> {
    const options = { withFileTypes: true } as const
    const entries = await this.#fs
      .readdir(this.#folder, options)
      .catch(() => [])
    // A file written before the machine started may be torn by a power cut.
    const booted = this.#now() - uptime() * 1000
    const oldest = Math.max(booted, this.#now() - WEEK_MS)
    for (const entry of entries) {
      const [, id = '', size, tag = ''] = NAME.exec(entry.name) ?? []
      if (size === undefined || !entry.isFile()) continue
      const path = join(this.#folder, entry.name)
      const found = await this.#fs.stat(path).catch(() => undefined)
      if (found === undefined) continue
      const etag = Buffer.from(tag, 'base64url').toString()
      const part = { id, path, etag, size: Number(size), length: found.size }
      const isUsable =
        etag !== '' && part.length <= part.size && found.mtimeMs >= oldest
      if (isUsable && !this.#parts.has(id)) this.#parts.set(id, part)
      else await this.#drop(part)
    }
  }

  // If there is no room for two bodies, the first to fail makes room for the
  // other at once, or neither would ever be complete.
  async #write(
    handle: nodeFs.FileHandle,
    chunk: Buffer,
    part: Part,
  ): Promise<void> {
    for (;;) {
      const removals = this.#removals
      try {
        await writeAll(handle, chunk, part.length)
        part.length += chunk.length
        return
      } catch (cause) {
        await this.#removing
        if (removals !== this.#removals) continue
        await this.#drop(part, handle)
        throw spoolError(cause, 'writing the spool', this.#folder)
      }
    }
  }

  #drop(part: Part, handle?: nodeFs.FileHandle): Promise<unknown> {
    if (this.#parts.get(part.id) === part) this.#parts.delete(part.id)
    this.#removals++
    const removal = (async () => {
      // An open file keeps its space.
      await handle?.close().catch(() => {})
      await this.#fs.unlink(part.path).catch(() => {})
      this.#removals++
    })()
    this.#removing = Promise.all([this.#removing, removal])
    return removal
  }
}

/** Joins chunks into pieces, each in the place of the one before; the bytes before a fault are yielded before it is thrown. */
async function* gathered(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafeSlow(PIECE)
  let used = 0
  try {
    for await (const chunk of chunks)
      for (let from = 0; from < chunk.length;) {
        const copied = chunk.copy(piece, used, from)
        from += copied
        used += copied
        if (used < PIECE) continue
        yield piece
        used = 0
      }
  } catch (error) {
    if (used > 0) yield piece.subarray(0, used)
    throw error
  }
  if (used > 0) yield piece.subarray(0, used)
}

const idOf = (key: string): string => hash('sha256', key, 'hex').slice(0, 16)
