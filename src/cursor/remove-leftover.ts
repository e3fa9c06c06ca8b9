// Removes the temporary file that a kill left, before the next rewrite;
// anything else at its path is named in the error, since no setting leads to
// it.

import { expectNoFolder } from './expect-replaceable.ts'
import { removeTemporary, type FileSystem } from '../files/replace-file.ts'

/** Removes the temporary file of a rewrite, if there is one; throws CursorError if it is a folder, else the system's error. */
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
