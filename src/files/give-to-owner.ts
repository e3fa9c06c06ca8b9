// What root makes in a service's folder the service must be able to use: it
// belongs to the owner of that folder. Anyone else owns what he makes.

import type { Stats } from 'node:fs'

interface Ownable {
  chown(uid: number, gid: number): Promise<void>
}

/** Gives a new file, or what else can change its owner, to the owner of its folder, if this process is root's; what the system refuses is left as it is. */
export async function giveToOwner(
  file: Ownable,
  folder: string,
  fs: { stat(path: string): Promise<Pick<Stats, 'uid' | 'gid'>> },
): Promise<void> {
  if (process.getuid?.() !== 0) return
  try {
    const { uid, gid } = await fs.stat(folder)
    await file.chown(uid, gid)
  } catch {
    // Then it is root's, and whoever cannot use it says so.
  }
}
