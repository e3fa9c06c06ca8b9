// What a cursor takes on the disk and how many objects it holds, the file of
// older days included, which is read whole for that.

import { stat } from 'node:fs/promises'
import type { Cursor } from '../../cursor/cursor.ts'
import type { CursorState } from '../../cursor/cursor-state.ts'

/** The sizes, in the names of --json. */
export interface CursorSize {
  path: string
  bytes: number
  objects: number
  older_bytes: number
  older_objects: number
}

/** Measures a cursor that is open at this path; throws CursorError. */
export async function cursorSize(
  cursor: Cursor,
  path: string,
): Promise<CursorSize> {
  const isMoved = cursor.state.older.upTo !== ''
  return {
    path,
    bytes: await bytesOf(path),
    objects: objectsOf(cursor.state),
    older_bytes: isMoved ? await bytesOf(`${path}.late`) : 0,
    older_objects: isMoved ? objectsOf((await cursor.older()).state) : 0,
  }
}

function objectsOf({ folders }: CursorState): number {
  let objects = 0
  for (const { sets } of folders.values())
    for (const set of sets.values()) objects += set.size
  return objects
}

async function bytesOf(path: string): Promise<number> {
  const file = await stat(path).catch(() => undefined)
  return file?.size ?? 0
}
