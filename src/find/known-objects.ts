// Whether an object was collected. It is known under every folder that is a
// prefix of its key and on every day, since FilePath and dates of files may
// change what it is filed under; its own folder and day are asked first.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Folder } from '../cursor/cursor-state.ts'
import { fingerprint } from '../cursor/fingerprint-set.ts'
import type { ListedObject } from '../s3/object-store.ts'

type Listed = Pick<ListedObject, 'key' | 'size'>

/** Tells whether an object is in a folder's own sets, on whatever day. */
export function isIn(folder: Folder | undefined, object: Listed): boolean {
  return folder !== undefined && dayWith(folder, object, '') !== undefined
}

/** Tells whether an object is known in a folder that lies above or below `folder`, in any of the states. */
export function isKnownElsewhere(
  { key, size }: Listed,
  folder: string,
  states: readonly CursorState[],
): boolean {
  let print: bigint | undefined
  for (let end = key.indexOf('/') + 1; end > 0;) {
    const prefix = key.slice(0, end)
    if (prefix !== folder)
      for (const { folders } of states)
        for (const set of folders.get(prefix)?.sets.values() ?? [])
          if (set.has((print ??= fingerprint(key, size)))) return true
    const slash = key.indexOf('/', end)
    end = slash < 0 ? 0 : slash + 1
  }
  return false
}

/** Tells whether an object is in its folder's own sets; one of another day joins the present day's, which outlives that. */
export function isCollected(
  object: Listed,
  folder: Folder,
  day: string,
  cursor: Pick<Cursor, 'commit'>,
): boolean {
  const known = dayWith(folder, object, day)
  if (known !== undefined && known !== day) join(object, folder, day, cursor)
  return known !== undefined
}

/** Tells whether an object was collected under another folder's name, perhaps one whose days are in the older file, and has it join this one's sets if so. */
export function wasCollected(
  object: Listed,
  folder: Folder,
  day: string,
  cursor: Pick<Cursor, 'state' | 'commit'>,
  older: CursorState | undefined,
): boolean {
  const { prefix } = folder
  const states = older ? [cursor.state, older] : [cursor.state]
  const isKnown =
    isIn(older?.folders.get(prefix), object) ||
    isKnownElsewhere(object, prefix, states)
  if (isKnown) join(object, folder, day, cursor)
  return isKnown
}

function join(
  { key, size }: Listed,
  folder: Folder,
  day: string,
  cursor: Pick<Cursor, 'commit'>,
): void {
  cursor.commit(folder, day, fingerprint(key, size), '')
}

function dayWith(
  { sets }: Folder,
  { key, size }: Listed,
  first: string,
): string | undefined {
  if (sets.size === 0) return undefined
  const print = fingerprint(key, size)
  if (sets.get(first)?.has(print)) return first
  for (const [day, set] of sets) if (set.has(print)) return day
  return undefined
}
