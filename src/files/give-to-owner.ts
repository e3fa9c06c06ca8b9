// What root makes in a service's folder the service must be able to use: it
// belongs to the owner of that folder. Anyone else owns what he makes.

import type { Stats } from 'node:fs'

const OTHERS_MAY_WRITE = 0o002
const GROUP_MAY_WRITE = 0o020

interface Ownable {
  chown(uid: number, gid: number): Promise<void>
}

/** Tells whether this process is root's. */
export const isRoot = (): boolean => process.getuid?.() === 0

/** Says who else may write to a folder in which root is to make files for its owner: they could have it write where they like. Undefined where nobody may, or this is not root. */
export function foreignWriters({
  mode,
  gid,
}: Pick<Stats, 'mode' | 'gid'>): string | undefined {
  if (!isRoot()) return undefined
  if ((mode & OTHERS_MAY_WRITE) !== 0) return 'everyone'
  return (mode & GROUP_MAY_WRITE) !== 0 && gid !== 0 ? 'its group' : undefined
}

/** Gives a new file, or what else can change its owner, to the owner of its folder, if this process is root's; what the system refuses is left as it is. */
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
    // Then it is root's, and whoever cannot use it says so.
  }
}
