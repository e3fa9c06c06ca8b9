// Makes an object count as collected: it joins its day's set, and what was
// kept of earlier attempts is forgotten.

import type { Cursor } from './cursor.ts'
import type { Folder } from './cursor-state.ts'
import { fingerprint } from './fingerprint-set.ts'

/** Commits an object of so many bytes; `newest` is the time of its newest event, '' if none is known. */
export function commitObject(
  cursor: Cursor,
  { key, folder, day }: { key: string; folder: Folder; day: string },
  size: number,
  newest: string,
): void {
  cursor.commit(folder, day, fingerprint(key, size), newest)
  const { partial, failed } = cursor.state
  if (partial.has(key) || failed.has(key)) cursor.record({ k: 'settled', key })
}
