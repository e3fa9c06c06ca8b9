// A file whose writes are on the disk when they return. It stays open, so that
// one more write costs one call; who writes makes sure that the file is still
// the one that its path leads to.

import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { writeAll, type FileSystem } from './replace-file.ts'

export interface DurableFile {
  handle: FileHandle
  /** What tells it from another that was put in its place. */
  ino: number
}

// With this flag a write does what an fdatasync after it would, for the price
// of one call. macOS means less by it, Windows has none.
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

/** Writes bytes at an offset; throws the system's error, and then anything of them may be there. */
export async function writeDurably(
  { handle }: DurableFile,
  bytes: Buffer,
  position: number,
): Promise<void> {
  await writeAll(handle, bytes, position)
  if (DURABLE === 0) await handle.datasync()
}
