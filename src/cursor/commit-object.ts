// Makes an object count as collected, or as skipped: it joins its day's set, and
// what was kept of earlier attempts is forgotten.

import type { Cursor } from './cursor.ts'
import type { Folder } from './cursor-state.ts'
import { fingerprint, skippedPrint } from './fingerprint-set.ts'
import { shelfPrints } from './shelf.ts'

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
  joinSet(cursor, { key, folder, day, sizes: [size, listedSize] }, newest)
  forgetAttempts(cursor, key)
}

/** Has an object that was listed with `size` bytes count as skipped: it is never collected, and `verify` tells it from what was. */
export function joinSkipped(
  cursor: Cursor,
  {
    key,
    folder,
    day,
    size,
  }: { key: string; folder: Folder; day: string; size: number },
): void {
  cursor.commit(folder, day, skippedPrint(fingerprint(key, size)), '')
}

/** Has an object join its day's set, by each of the sizes that it may be listed with. */
export function joinSet(
  cursor: Cursor,
  {
    key,
    folder,
    day,
    sizes,
  }: { key: string; folder: Folder; day: string; sizes: readonly number[] },
  newest: string,
): void {
  for (const size of new Set(sizes))
    cursor.commit(folder, day, fingerprint(key, size), newest)
}

/** Forgets what was kept of earlier attempts at an object. */
export function forgetAttempts(cursor: Cursor, key: string): void {
  const { partial, failed, shelf } = cursor.state
  if (shelf.has(key)) cursor.record({ k: 'unshelved', f: shelfPrints([key]) })
  if (partial.has(key) || failed.has(key)) cursor.record({ k: 'settled', key })
}
