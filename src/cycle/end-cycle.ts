// Ends a cycle in its cursor: the note of the cycle becomes durable together
// with all of its entries, and only then do the sets of closed days move to the
// file of older days.

import type { Cursor } from '../cursor/cursor.ts'
import type { CycleNote } from '../cursor/cycle-note.ts'
import { archiveDays } from '../find/close-days.ts'
import type { WindowSettings } from '../find/window.ts'

/** Writes the note of a cycle and all entries before it, calls `afterNote`, and moves closed days; throws CursorError. */
export async function endCycle(
  cursor: Cursor,
  settings: WindowSettings,
  note: CycleNote,
  afterNote = async (): Promise<void> => {},
): Promise<void> {
  cursor.record({ k: 'cycle', ...note })
  await cursor.flush()
  await afterNote()
  await archiveDays(cursor, settings, note.at)
}
