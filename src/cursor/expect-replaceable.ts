// Checks that an existing cursor file can be written anew: a mount of its own
// cannot be replaced, and a folder may lie at the path of the temporary file.

import * as nodeFs from 'node:fs/promises'
import { CursorError, mountCure } from './cursor-error.ts'
import { isMount } from '../files/is-mount.ts'
import { temporaryPath, type FileSystem } from '../files/replace-file.ts'

/** Throws CursorError where the file, at a path without links, is a mount of its own. */
export async function expectNoMount(
  path: string,
  fs: FileSystem = nodeFs,
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
  fs: FileSystem = nodeFs,
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
