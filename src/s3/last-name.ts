// Where a page of a listing ends: its last key or folder, as a name that a
// later listing can start after.

import type { ListPage } from './object-store.ts'

// Sorts after every key below a folder, so that StartAfter leaps over them.
const LAST_CHARACTER = '\u{10FFFF}'

/** Gives the name to start after to go on behind a page; '' if it is empty. */
export function lastName(page: ListPage): string {
  const key = page.objects.at(-1)?.key ?? ''
  const folder = page.folders.at(-1)
  if (folder === undefined) return key
  const inOrder = Buffer.compare(Buffer.from(key), Buffer.from(folder)) < 0
  return inOrder ? folder + LAST_CHARACTER : key
}
