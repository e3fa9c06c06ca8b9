// Resolves the real path of a file. A cursor may be reached through a link: its
// lock and its temporary file belong beside the file, and a rename must replace
// the file, not the link. The file need not exist yet.

import * as nodeFs from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode } from './error-code.ts'

type LinkFileSystem = Pick<typeof nodeFs, 'readlink' | 'realpath'>

/** Follows every link of a path, also of one to a file that does not exist yet; throws the system's error when its folder is missing. */
export async function realPath(
  path: string,
  fs: LinkFileSystem = nodeFs,
): Promise<string> {
  try {
    return await fs.realpath(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const folder = await fs.realpath(dirname(path))
  const file = join(folder, basename(path))
  const target = await fs.readlink(file).catch(() => undefined)
  return target === undefined ? file : realPath(resolve(folder, target), fs)
}
