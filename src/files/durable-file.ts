// A file whose writes are on the disk when they return. It stays open, so that
// one more write costs one call. The caller makes sure that the path still
// leads to this file.

import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { writeAll, type FileSystem } from './replace-file.ts'

export interface DurableFile {
  handle: FileHandle
  /** The inode: a file that was put in the place of this one has another. */
  ino: number
}

// With this flag a write includes an fdatasync, for the price of one call. On
// macOS the flag promises less; Windows has no such flag.
const DURABLE = process.platform === 'linux' ? constants.O_DSYNC : 0

/** Opens a file that is there; throws the system's error. */
export async function openDurable(
  fs: FileSystem,
  path: string,
): Promise<DurableFile> {
  const handle = await fs.open(path, constants.O_RDWR | DURABLE)
  const { ino } = await handle.stat()
  return { handle, ino }
}

/** Writes bytes at an offset; throws the system's error, after which any part of the bytes may be on the disk. */
export async function writeDurably(
  { handle }: DurableFile,
  bytes: Buffer,
  position: number,
): Promise<void> {
  await writeAll(handle, bytes, position)
  if (DURABLE === 0) await handle.datasync()
}
