// What there is in a folder, so that a test can tell that nothing was written.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Lists a folder, and what is below it, with times, identities and contents. */
export function folderState(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map(name => {
      const path = join(folder, name)
      const stat = statSync(path)
      const { mtimeMs, ino, size } = stat
      const content = stat.isFile() && readFileSync(path, 'latin1')
      return [name, mtimeMs, ino, size, content]
    })
}
