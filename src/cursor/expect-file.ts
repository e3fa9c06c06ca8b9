// Whether a file lies where one is to be read. A pipe in its place would be
// waited for without an end.

import type { Stats } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { CursorError } from './cursor-error.ts'
import type { FileSystem } from '../files/replace-file.ts'

/** Gives what the system tells of a file; throws CursorError when something else lies there, or the system's error. */
export async function expectFile(
  path: string,
  fs: Pick<FileSystem, 'stat'> = nodeFs,
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
