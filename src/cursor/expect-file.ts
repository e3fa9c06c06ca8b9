// Checks that a path to be read leads to a file. Opening a pipe would wait for
// ever.

import type { Stats } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { CursorError } from './cursor-error.ts'
import type { FileSystem } from '../files/replace-file.ts'

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
