// Detects a file that is a mount of its own, as a container gets a single file
// of its host: it cannot be replaced, and the files beside it are not the
// host's.

import type { FileSystem } from './replace-file.ts'

const MOUNTS = '/proc/self/mountinfo'
const MOUNT_POINT = 4

/** Tells whether a path without links is a mount point; false where the system does not say. */
export async function isMount(
  path: string,
  fs: Pick<FileSystem, 'readFile'>,
): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const lines = (await fs.readFile(MOUNTS, 'utf8')).split('\n')
    return lines.some(line => unescaped(line.split(' ')[MOUNT_POINT]) === path)
  } catch {
    return false
  }
}

// Blanks, line ends and backslashes are written as three octal digits.
const unescaped = (name = ''): string =>
  name.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
