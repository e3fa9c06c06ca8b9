// Chooses the leaves that are asked for objects while everything is refused, so
// that an outage costs few requests: first those with the newest committed
// object, which are most likely to answer again, then some of all leaves by
// turns, so that each surely has its turn.

import {
  leafKey,
  type CursorState,
  type Partition,
  type Leaf,
} from '../cursor/cursor-state.ts'
import { compare } from '../report/words.ts'
import { leafOf } from './day-folders.ts'

const nameOf = ({ prefix, layout }: Leaf): string => leafKey(prefix, layout)

const NEWEST = 5
const BY_TURNS = 5

/** Makes the test that a partition may be asked: those of the leaves tried in vain, and of ten others; over the cycles each of these has its turn. */
export function leavesToProbe(
  { leaves, partitions }: CursorState,
  cycle: number,
  tried: Iterable<Partition>,
): (folder: Partition) => boolean {
  const newest = new Map<Leaf, string>()
  const pending = new Set<Leaf>()
  for (const folder of partitions.values()) {
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
  for (const [leaf, event] of others.slice(0, NEWEST))
    if (event !== '') chosen.add(leaf)
  const all = [...pending].toSorted((a, b) => compare(nameOf(a), nameOf(b)))
  const from = (cycle * BY_TURNS) % Math.max(1, all.length)
  for (const leaf of [...all, ...all].slice(from, from + BY_TURNS))
    chosen.add(leaf)
  return folder => chosen.has(leafOf(folder, leaves))
}
