// All that a cursor knows, as the entries that make it: what its file holds once
// it is made compact. Made one by one, since there may be millions of objects.

import type { CursorState, Entry, Folder } from './cursor-state.ts'

/** Gives the entries that make a state anew when they are applied in this order. */
export function* snapshot(state: CursorState): Generator<Entry> {
  yield { k: 'cycle', ...state.cycle }
  if (state.clock) yield { k: 'clock', ...state.clock }
  yield { k: 'discovery', ...state.discovery }
  yield { k: 'lookBack', ...state.lookBack }
  yield { k: 'silence', ...state.silence }
  // Programs that know of none read the cursors of those who want none.
  if (state.verify.began > 0) yield { k: 'verify', ...state.verify }
  yield { k: 'patterns', ...state.patterns }
  for (const leaf of state.leaves.values()) yield { k: 'leaf', ...leaf }
  for (const folder of state.byId.values()) yield* folderEntries(folder)
  // A failed object's entry ends its partial one, so it goes first.
  for (const failed of state.failed.values()) yield { k: 'failed', ...failed }
  for (const f of state.shelf.encoded()) yield { k: 'shelved', f }
  yield { k: 'shelf', ...state.shelf.note }
  for (const partial of state.partial.values())
    yield { k: 'partial', ...partial }
  for (const taken of state.taken.values()) yield { k: 'taken', ...taken }
  yield { k: 'host', ...state.host }
  // At the end of the file of older days, its number is what is looked for.
  yield { k: 'older', ...state.older }
}

function* folderEntries(folder: Folder): Generator<Entry> {
  const { id, prefix, day, newest, sets, ...listing } = folder
  yield { k: 'folder', id, prefix, day }
  if (folder.listed > 0) yield { k: 'listing', id, ...listing }
  for (const [of, set] of sets)
    for (const f of set.encoded()) yield { k: 'done', id, day: of, f, newest }
}
