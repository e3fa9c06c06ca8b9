// Tries to write where something is to be written later, which is more than the
// permissions tell: a disk may be full, or mounted to be read only. What is
// tried is gone again.

import { randomUUID } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'

/** Names the calls of node:fs/promises that a try makes. */
export type TryFileSystem = Pick<typeof nodeFs, 'open' | 'unlink'>

// The first cycle reserves 64 KiB for its cursor, beside its lock.
const TRIED = Buffer.alloc(80 * 1024)

/** Makes a file of 80 KiB in a folder and removes it; throws the system's error. */
export async function tryFolder(
  folder: string,
  fs: TryFileSystem = nodeFs,
): Promise<void> {
  const path = join(folder, `.lr-s3-input-check-${randomUUID()}`)
  const handle = await fs.open(path, 'wx', 0o600)
  try {
    await handle.writeFile(TRIED)
  } finally {
    await handle.close().catch(() => {})
    await fs.unlink(path)
  }
}

/** Opens a file that is there for writing, and leaves it as it is; throws the system's error. */
export async function tryFile(
  path: string,
  fs: Pick<TryFileSystem, 'open'> = nodeFs,
): Promise<void> {
  const handle = await fs.open(path, 'r+')
  await handle.close()
}
