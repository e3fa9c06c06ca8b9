// Replaces a file, so that a reader, also after a power cut, finds the whole
// old file or the whole new one. The temporary file has one fixed name: the
// cursor's lock keeps other writers away, and a file left by a kill is found
// without searching the folder.

import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from './error-code.ts'
import { giveToOwner } from './give-to-owner.ts'

/** The calls of node:fs/promises that a journal makes; a test can fail each of them. */
export type FileSystem = Pick<
  typeof import('node:fs/promises'),
  'open' | 'readFile' | 'readlink' | 'realpath' | 'rename' | 'stat' | 'unlink'
>

/** Writes a file anew through a temporary one, readable by its owner alone; throws the system's error, and then the old file is as it was. */
export async function replaceFile(
  fs: FileSystem,
  path: string,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = temporaryPath(path)
  const handle = await fs.open(temporary, 'wx', 0o600)
  try {
    try {
      await handle.chmod(0o600)
      await keepOwner(fs, path, handle)
      await fill(handle)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await fs.rename(temporary, path)
  } catch (error) {
    await fs.unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(fs, dirname(path))
}

/** Removes the temporary file that a killed replaceFile left; throws the system's error. */
export async function removeTemporary(
  fs: FileSystem,
  path: string,
): Promise<void> {
  try {
    await fs.unlink(temporaryPath(path))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** Writes all bytes at an offset, however many calls that takes; throws the system's error. */
export async function writeAll(
  handle: FileHandle,
  bytes: Buffer,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const left = bytes.length - done
    const at = position + done
    const { bytesWritten } = await handle.write(bytes, done, left, at)
    if (bytesWritten === 0) throw new Error('the disk took no more bytes')
    done += bytesWritten
  }
}

/** Gives the path of the temporary file. */
export const temporaryPath = (path: string): string => `${path}.rewriting`

// A file that root writes anew keeps its owner; one of root's goes to the owner
// of its folder.
async function keepOwner(
  fs: FileSystem,
  path: string,
  handle: FileHandle,
): Promise<void> {
  if (process.getuid?.() !== 0) return
  const old = await fs.stat(path).catch(() => undefined)
  if (old?.uid) await handle.chown(old.uid, old.gid).catch(() => {})
  else await giveToOwner(handle, dirname(path), fs)
}

/** Syncs a folder, so that the names in it outlast a power cut; throws the system's error. */
export async function syncFolder(
  fs: Pick<FileSystem, 'open'>,
  folder: string,
): Promise<void> {
  // Windows cannot open a folder; there NTFS logs renames by itself.
  if (process.platform === 'win32') return
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
