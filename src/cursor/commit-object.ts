// Makes an object count as collected: it joins its day's set, and what was
// kept of earlier attempts is forgotten.

import type { Cursor } from './cursor.ts'
import type { Folder } from './cursor-state.ts'
import { fingerprint } from './fingerprint-set.ts'

/** Commits an object that was listed with `listedSize` bytes and read with `size`, by which it may be listed next; `newest` is the time of its newest event, '' if none is known. */
export function commitObject(
  cursor: Cursor,
  {
    key,
    folder,
    day,
    size: listedSize,
  }: { key: string; folder: Folder; day: string; size: number },
  size: number,
  newest: string,
): void {
  cursor.commit(folder, day, fingerprint(key, size), newest)
  if (listedSize !== size)
    cursor.commit(folder, day, fingerprint(key, listedSize), newest)
  const { partial, failed } = cursor.state
  if (partial.has(key) || failed.has(key)) cursor.record({ k: 'settled', key })
}
