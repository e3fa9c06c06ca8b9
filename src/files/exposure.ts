// Checks that a file is its owner's alone, as a file that holds a key or a
// secret has to be.

import type { Stats } from 'node:fs'

const OTHERS = 0o077
const PERMISSIONS = 0o777

/** Describes a file that others than its owner may read or change, with its mode; undefined where they may not, and on Windows, which keeps permissions elsewhere. */
export function exposure({ mode }: Pick<Stats, 'mode'>): string | undefined {
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return undefined
  const digits = (mode & PERMISSIONS).toString(8)
  return `can be read or changed by others than its owner (mode ${digits})`
}
