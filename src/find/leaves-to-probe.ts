// Chooses the leaves that are asked for objects while everything is refused, so
// that an outage costs few requests: those that gave something most lately,
// which most likely do so again, and some of the others by turns.

import type { Cursor } from '../cursor/cursor.ts'
import type { Folder, Leaf } from '../cursor/cursor-state.ts'
import { leafOf } from './day-folders.ts'

const NEWEST = 5
const BY_TURNS = 5

/** Gives a test whether a folder may be asked: those of the leaves that were tried in vain, and of ten others; by turns of cycles, all others have their turn. */
export function leavesToProbe(
  { state }: Pick<Cursor, 'state'>,
  cycle: number,
  tried: Iterable<Folder>,
): (folder: Folder) => boolean {
  const { leaves, folders } = state
  const newest = new Map<Leaf, string>()
  const pending = new Set<Leaf>()
  for (const folder of folders.values()) {
    const leaf = leafOf(folder, leaves)
    if (leaf === undefined) continue
    const known = newest.get(leaf) ?? leaf.newest
    newest.set(leaf, folder.newest > known ? folder.newest : known)
    if (folder.dirty || folder.listed === 0) pending.add(leaf)
  }
  const chosen = new Set<Leaf | undefined>()
  for (const folder of tried) chosen.add(leafOf(folder, leaves))
  const others = [...newest]
    .filter(([leaf]) => !chosen.has(leaf))
    .toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
  const rest: Leaf[] = []
  for (const [index, [leaf, event]] of others.entries()) {
    if (index < NEWEST && event !== '') chosen.add(leaf)
    else if (pending.has(leaf)) rest.push(leaf)
  }
  const from = (cycle * BY_TURNS) % Math.max(1, rest.length)
  for (const leaf of [...rest, ...rest].slice(from, from + BY_TURNS))
    chosen.add(leaf)
  return folder => chosen.has(leafOf(folder, leaves))
}
