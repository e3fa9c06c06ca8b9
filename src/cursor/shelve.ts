// Moves quarantined objects between the cursor, which holds the first thousand
// in full, and the file of shelved objects.

import type { Cursor } from './cursor.ts'
import type { CursorState } from './cursor-state.ts'
import type { FailedObject } from './kept-objects.ts'
import { readShelf, shelfLength, writeShelf } from './shelf-file.ts'
import { shelfPrints } from './shelf.ts'

/** The limit of quarantined objects that are kept in full. */
export const MAX_IN_FULL = 1000

/** The code of an object that is not in the bucket any more. */
export const ABSENT = 'NoSuchKey'

/** Tells whether an object failed and waits for a retry, or is quarantined. */
export function isSetAside(
  { failed, shelf }: CursorState,
  key: string,
): boolean {
  return failed.has(key) || shelf.has(key)
}

/** Counts the quarantined objects. */
export function quarantinedCount(state: CursorState): number {
  const { failed, waiting, shelf } = state
  return failed.size - waiting + shelf.size
}

/** Shelves, durably, all quarantined objects but the thousand tried last; throws CursorError. */
export async function shelveSurplus(cursor: Cursor): Promise<void> {
  const { failed, waiting, partial } = cursor.state
  const surplus = failed.size - waiting - MAX_IN_FULL
  if (surplus <= 0) return
  const objects = [...failed.values()]
    .filter(({ quarantined }) => quarantined)
    .toSorted((a, b) => a.at - b.at)
    .slice(0, surplus)
    // A partial object's steps may have come further.
    .map(object => ({ ...object, ...partial.get(object.key) }))
  await cursor.flush()
  await shelve(cursor, objects)
  await cursor.flush()
}

/** Shelves quarantined objects: their lines are durable before the cursor drops all but their fingerprints. Throws CursorError. */
export async function shelve(
  cursor: Cursor,
  objects: readonly FailedObject[],
): Promise<void> {
  const { failed, partial, shelf } = cursor.state
  const file = cursor.shelfFile
  const { note } = shelf
  const number = note.number + 1
  const isIntact = !note.stale && note.bytes === (await shelfLength(file))
  const bytes = await writeShelf(file, objects, number, {
    bytes: note.bytes,
    ...((note.bytes === 0 || !isIntact) && { isLive: key => shelf.has(key) }),
  })
  const keys = objects.map(({ key }) => key)
  cursor.record(
    ...keys
      .filter(key => failed.has(key) || partial.has(key))
      .map(key => ({ k: 'settled' as const, key })),
    { k: 'shelved', f: shelfPrints(keys) },
    {
      k: 'shelf',
      ...note,
      number,
      bytes,
      stale: false,
      // The first are tried again a day after they were last tried.
      tried: note.number > 0 ? note.tried : (objects.at(-1)?.at ?? 0),
      refused: note.refused + count(objects, ({ refused }) => refused),
      absent: note.absent + count(objects, ({ code }) => code === ABSENT),
    },
  )
}

/** Reads the shelved objects as a stream; throws CursorError. */
export async function* shelvedObjects(
  cursor: Cursor,
): AsyncGenerator<FailedObject> {
  const { shelf } = cursor.state
  if (shelf.size === 0) return
  for await (const object of readShelf(cursor.shelfFile))
    if (shelf.has(object.key)) yield object
}

/** Makes shelved objects quarantined in full again. */
export function unshelve(
  cursor: Cursor,
  objects: readonly FailedObject[],
): void {
  if (objects.length === 0) return
  takeOff(
    cursor,
    objects.map(({ key }) => key),
  )
  for (const object of objects) cursor.record({ k: 'failed', ...object })
}

/** Forgets shelved objects. */
export function takeOff(cursor: Cursor, keys: readonly string[]): void {
  if (keys.length > 0) cursor.record({ k: 'unshelved', f: shelfPrints(keys) })
}

const count = <T>(all: readonly T[], is: (one: T) => boolean): number =>
  all.filter(is).length
