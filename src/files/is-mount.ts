// Whether a file is a mount of its own, as a container gets one file of its
// host's: nothing can be put in its place, and what lies beside it is another's.

import type { FileSystem } from './replace-file.ts'

const MOUNTS = '/proc/self/mountinfo'
const MOUNT_POINT = 4

/** Tells whether something is mounted at a path that leads through no link; false where the system does not tell. */
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
