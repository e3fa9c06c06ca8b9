// Whether two paths lead to one file, through links of either kind and other
// names, also where the file is not there yet.

import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const MAX_LINKS = 40

/** Gives a text that two paths have in common exactly if they lead to one file, as far as can be seen. */
export function fileIdentity(path: string, links = MAX_LINKS): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    // It is not there, or not to be seen: its place tells.
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
