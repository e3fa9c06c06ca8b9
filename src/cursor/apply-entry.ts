// Applies the entries of a cursor's file to its state.

import {
  leafKey,
  newPartition,
  setOf,
  type CursorState,
  type Entry,
  type Partition,
} from './cursor-state.ts'
import type { FailedObject } from './kept-objects.ts'

/** Applies one entry of the file; false for an entry of an unknown kind. */
export function applyEntry(state: CursorState, entry: Entry): boolean {
  switch (entry.k) {
    case 'leaf': {
      const { k: _, ...leaf } = entry
      state.leaves.set(leafKey(leaf.prefix, leaf.layout), leaf)
      return true
    }
    case 'gone':
      state.leaves.delete(leafKey(entry.prefix, entry.layout))
      return true
    case 'folder': {
      const folder =
        state.partitions.get(entry.prefix) ??
        newPartition(entry.prefix, entry.day)
      folder.id = entry.id
      state.partitions.set(entry.prefix, folder)
      state.byId.set(entry.id, folder)
      return true
    }
    case 'listing': {
      const { k: _, id, ...listing } = entry
      const folder = state.byId.get(id)
      if (folder) Object.assign(folder, listing)
      return folder !== undefined
    }
    case 'listed':
      for (const id of entry.ids) {
        const folder = state.byId.get(id)
        if (folder) folder.listed = entry.at
      }
      return true
    case 'done': {
      const folder = state.byId.get(entry.id)
      if (folder === undefined) return false
      setOf(folder, entry.day).addEncoded(entry.f)
      if ((entry.newest ?? '') > folder.newest)
        folder.newest = entry.newest ?? ''
      return true
    }
    case 'partial': {
      const { k: _, ...partial } = entry
      state.partial.set(partial.key, partial)
      return true
    }
    case 'failed': {
      const { k: _, ...failed } = entry
      setFailed(state, failed.key, failed)
      state.partial.delete(failed.key)
      return true
    }
    case 'settled':
      setFailed(state, entry.key)
      state.partial.delete(entry.key)
      return true
    case 'shelved':
      state.shelf.add(entry.f)
      return true
    case 'unshelved':
      state.shelf.remove(entry.f)
      return true
    case 'shelf': {
      const { k: _, ...note } = entry
      state.shelf.note = note
      return true
    }
    case 'taken': {
      const { k: _, ...taken } = entry
      state.taken.set(taken.key, taken)
      return true
    }
    case 'untaken':
      state.taken.delete(entry.key)
      return true
    case 'drop':
      dropSets(state, entry.before, new Set(entry.keep))
      return true
    case 'moved':
      for (const id of entry.ids) {
        const folder = state.byId.get(id)
        if (folder) remove(state, folder)
      }
      return true
    case 'patterns':
      state.patterns = { text: entry.text, former: entry.former }
      return true
    case 'discovery':
    case 'older':
    case 'lookBack':
    case 'clock':
    case 'silence':
    case 'verify':
    case 'host':
    case 'cycle': {
      // Each of these notes replaces the one before.
      const { k, ...note } = entry
      Object.assign(state, { [k]: note })
      return true
    }
    default:
      return false
  }
}

function setFailed(
  state: CursorState,
  key: string,
  failed?: FailedObject,
): void {
  const before = state.failed.get(key)
  if (before?.quarantined === false) state.waiting--
  if (failed?.quarantined === false) state.waiting++
  if (failed) state.failed.set(key, failed)
  else state.failed.delete(key)
}

function dropSets(
  state: CursorState,
  before: string,
  keep: ReadonlySet<number>,
): void {
  for (const folder of state.partitions.values()) {
    if (keep.has(folder.id)) continue
    for (const day of folder.sets.keys())
      if (day < before) folder.sets.delete(day)
    if (folder.day !== '' && folder.day < before) remove(state, folder)
  }
  if (before > state.older.from) state.older.from = before
}

function remove(state: CursorState, folder: Partition): void {
  state.partitions.delete(folder.prefix)
  state.byId.delete(folder.id)
}
