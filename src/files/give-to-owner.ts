// Gives files that root makes in a service's folder to the owner of that
// folder, since the service must be able to use them. A file that another user
// makes stays that user's.

import type { Stats } from 'node:fs'

const OTHERS_MAY_WRITE = 0o002
const GROUP_MAY_WRITE = 0o020

interface Ownable {
  chown(uid: number, gid: number): Promise<void>
}

/** Tells whether this process is root's. */
export const isRoot = (): boolean => process.getuid?.() === 0

/** Names those who may write to a folder beside its owner, when root is to make files in it: they could redirect root's writes. Undefined where only the owner may, or this process is not root's. */
export function foreignWriters(
  folder: Pick<Stats, 'mode' | 'gid'>,
): string | undefined {
  const { mode, gid } = folder
  if (!isRoot()) return undefined
  if ((mode & OTHERS_MAY_WRITE) !== 0) return 'everyone'
  return (mode & GROUP_MAY_WRITE) !== 0 && gid !== 0 ? 'its group' : undefined
}

/** Gives a new file to the owner of its folder, if this process is root's; a refusal by the system leaves it as it is. */
export async function giveToOwner(
  file: Ownable,
  folder: string,
  fs: { stat(path: string): Promise<Pick<Stats, 'uid' | 'gid'>> },
): Promise<void> {
  if (!isRoot()) return
  try {
    const { uid, gid } = await fs.stat(folder)
    await file.chown(uid, gid)
  } catch {
    // The file stays root's; a program that cannot use it reports that.
  }
}
