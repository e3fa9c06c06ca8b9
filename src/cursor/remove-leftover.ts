// What a kill left of a file that was being written anew is removed before the
// next is; whatever else lies in its place is named, since no setting leads to it.

import { expectNoFolder } from './expect-replaceable.ts'
import { removeTemporary, type FileSystem } from '../files/replace-file.ts'

/** Removes the temporary file of a rewrite, if there is one; throws CursorError where that is a folder, else the system's error. */
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
