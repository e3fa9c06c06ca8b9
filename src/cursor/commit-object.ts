// Marks an object as collected or as skipped: it joins its day's set, and its
// earlier attempts are forgotten.

import type { Cursor } from './cursor.ts'
import type { FoundObject } from './failed-objects.ts'
import { fingerprint, skippedPrint } from './fingerprint-set.ts'
import { shelfPrints } from './shelf.ts'

type FiledObject = Pick<FoundObject, 'key' | 'folder' | 'day' | 'size'>

/** Commits an object that was listed with `listedSize` bytes and read with `size`, by which it may be listed next; `newest` is the time of its newest event, '' if unknown. */
export function commitObject(
  cursor: Cursor,
  { key, folder, day, size: listedSize }: FiledObject,
  size: number,
  newest: string,
): void {
  joinSet(cursor, { key, folder, day }, [size, listedSize], newest)
  forgetAttempts(cursor, key)
}

/** Marks an object that was listed with `size` bytes as skipped: it is never collected, and `verify` tells it from the collected ones. */
export function joinSkipped(
  cursor: Cursor,
  { key, folder, day, size }: FiledObject,
): void {
  cursor.commit(folder, day, skippedPrint(fingerprint(key, size)), '')
}

/** Adds an object to its day's set, by each size that it may be listed with. */
export function joinSet(
  cursor: Cursor,
  { key, folder, day }: Pick<FoundObject, 'key' | 'folder' | 'day'>,
  sizes: readonly number[],
  newest: string,
): void {
  for (const size of new Set(sizes))
    cursor.commit(folder, day, fingerprint(key, size), newest)
}

/** Forgets the earlier attempts at an object. */
export function forgetAttempts(cursor: Cursor, key: string): void {
  const { partial, failed, shelf } = cursor.state
  if (shelf.has(key)) cursor.record({ k: 'unshelved', f: shelfPrints([key]) })
  if (partial.has(key) || failed.has(key)) cursor.record({ k: 'settled', key })
}
