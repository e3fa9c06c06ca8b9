// What a kill left of a file that was being written anew is removed before the
// next is; whatever else lies in its place is named, since no setting leads to it.

import { CursorError } from './cursor-error.ts'
import {
  removeTemporary,
  temporaryPath,
  type FileSystem,
} from '../files/replace-file.ts'

/** Removes the temporary file of a rewrite, if there is one; throws CursorError where that is a folder, else the system's error. */
export async function removeLeftover(
  fs: FileSystem,
  path: string,
): Promise<void> {
  try {
    await removeTemporary(fs, path)
  } catch (error) {
    const stat = await fs.stat(temporaryPath(path)).catch(() => undefined)
    if (!stat?.isDirectory()) throw error
    const said = error instanceof Error ? error.message : String(error)
    throw new CursorError(
      'CURSOR_UNWRITABLE',
      `writing ${path} anew: ${temporaryPath(path)} is a folder and in the way (${said}); remove it`,
      { cause: error },
    )
  }
}
