// Checks that the path of a cursor's file leads to a file that can be read, and
// written anew: opening a pipe would wait for ever, a mount of its own cannot be
// replaced, and a folder may lie at the path of the temporary file.

import type { Stats } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { CursorError, mountCure } from './cursor-error.ts'
import { isMount } from '../files/is-mount.ts'
import {
  removeTemporary,
  temporaryPath,
  type FileSystem,
} from '../files/replace-file.ts'

/** Gives the system's data of a file; throws CursorError for anything but a file, or the system's error. */
export async function expectFile(
  path: string,
  fs: FileSystem = nodeFs,
): Promise<Stats> {
  const stat = await fs.stat(path)
  if (stat.isFile()) return stat
  throw new CursorError(
    'CURSOR_UNREADABLE',
    `reading the cursor ${path}: it is ` +
      `${stat.isDirectory() ? 'a folder' : 'a device or a pipe'}; ` +
      'let StateFile name a file',
  )
}

/** Throws CursorError where the file, at a path without links, is a mount of its own. */
export async function expectNoMount(
  path: string,
  fs: FileSystem,
): Promise<void> {
  if (await isMount(path, fs))
    throw new CursorError(
      'CURSOR_UNWRITABLE',
      `opening the cursor ${path}: ${mountCure}`,
    )
}

/** Throws CursorError where a folder has the name of a rewrite's temporary file; `cause` is the error that showed it. */
export async function expectNoFolder(
  path: string,
  fs: FileSystem,
  cause?: unknown,
): Promise<void> {
  const stat = await fs.stat(temporaryPath(path)).catch(() => undefined)
  if (!stat?.isDirectory()) return
  const said = cause instanceof Error ? ` (${cause.message})` : ''
  throw new CursorError(
    'CURSOR_UNWRITABLE',
    `writing ${path} anew: ${temporaryPath(path)} is a folder and in the way${said}; remove it`,
    { cause },
  )
}

/** Removes the temporary file that a killed rewrite left, if there is one; throws CursorError if it is a folder, else the system's error. */
export async function removeLeftover(
  fs: FileSystem,
  path: string,
): Promise<void> {
  try {
    await removeTemporary(fs, path)
  } catch (error) {
    await expectNoFolder(path, fs, error)
    throw error
  }
}
