// Finds the leaf that a folder of the cursor belongs to, by its name alone.

import { leafKey, type Folder, type Leaf } from '../cursor/cursor-state.ts'
import { dayPrefix } from './day-folders.ts'

/** Gives the leaf of a folder, undefined when it is not known any more. */
export function leafOf(
  { prefix, day }: Folder,
  leaves: ReadonlyMap<string, Leaf>,
): Leaf | undefined {
  // A leaf without dates may be a day's folder of another leaf.
  const flat = leaves.get(leafKey(prefix, 'flat'))
  if (flat || day === '') return flat
  for (const layout of ['date', 'hive'] as const) {
    const end = dayPrefix('', layout, day)
    const leaf =
      prefix.endsWith(end) &&
      leaves.get(leafKey(prefix.slice(0, -end.length), layout))
    if (leaf) return leaf
  }
  return undefined
}
