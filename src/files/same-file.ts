// Compares paths by the file they lead to, through links of either kind and
// other names, also where the file does not exist yet.

import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const MAX_LINKS = 40

/** Gives the identity of a path's file: two paths have the same one exactly if they lead to one file, as far as this process can see. */
export function fileIdentity(path: string, links = MAX_LINKS): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    // The file does not exist, or is hidden: its folder and name identify it.
  }
  const target = links > 0 && linkTarget(path)
  if (target) return fileIdentity(resolve(dirname(path), target), links - 1)
  return join(realFolder(dirname(resolve(path))), basename(path))
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
