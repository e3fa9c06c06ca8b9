// The state of a cursor as entries: the content of its file once it is made
// compact. They are made one by one, since there may be millions of objects.

import type { CursorState, Entry, Partition } from './cursor-state.ts'

/** Gives the entries that rebuild a state when applied in this order. */
export function* snapshot(state: CursorState): Generator<Entry> {
  yield { k: 'cycle', ...state.cycle }
  if (state.clock) yield { k: 'clock', ...state.clock }
  yield { k: 'discovery', ...state.discovery }
  yield { k: 'lookBack', ...state.lookBack }
  yield { k: 'silence', ...state.silence }
  // Without shelved objects, older programs can still read the cursor.
  if (state.verify.began > 0) yield { k: 'verify', ...state.verify }
  yield { k: 'patterns', ...state.patterns }
  for (const leaf of state.leaves.values()) yield { k: 'leaf', ...leaf }
  for (const folder of state.byId.values()) yield* folderEntries(folder)
  // A failed object's entry ends its partial one, so it comes first.
  for (const failed of state.failed.values()) yield { k: 'failed', ...failed }
  for (const f of state.shelf.encoded()) yield { k: 'shelved', f }
  yield { k: 'shelf', ...state.shelf.note }
  for (const partial of state.partial.values())
    yield { k: 'partial', ...partial }
  for (const taken of state.taken.values()) yield { k: 'taken', ...taken }
  yield { k: 'host', ...state.host }
  // The number of the file of older days is looked for at its end.
  yield { k: 'older', ...state.older }
}

function* folderEntries(folder: Partition): Generator<Entry> {
  const { id, prefix, day, newest, sets, ...listing } = folder
  yield { k: 'folder', id, prefix, day }
  if (folder.listed > 0) yield { k: 'listing', id, ...listing }
  for (const [of, set] of sets)
    for (const f of set.encoded()) yield { k: 'done', id, day: of, f, newest }
}
