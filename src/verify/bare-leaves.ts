// Leaves of logs that no folder of digests is about. Nothing can be proved of
// them: that is told where logs lie there, or were collected and lie there no
// more.

import { leafKey } from '../cursor/cursor-state.ts'
import { dayPrefix } from '../find/day-folders.ts'
import type { Scope } from '../find/scope.ts'
import { looseDate } from '../find/loose-date.ts'
import { compare, counted } from '../report/words.ts'
import {
  isFolderMarker,
  type ListRequest,
  type Lists,
} from '../s3/object-store.ts'
import { pages } from '../s3/pages.ts'
import type { Span } from './digests/digest-hours.ts'
import type { Finding } from './digests/finding.ts'
import { emptyResult, type LeafResult } from './logs/leaf-result.ts'
import { recordListingError } from './logs/record-result.ts'
import type { FoundLeaf } from './logs/log-leaves.ts'
import { isLeafOwed } from './logs/log-scope.ts'
import type { Known } from './prove.ts'

/** Where logs lie, and what is known of them. */
interface BareSource extends Known {
  store: Lists
  signal: AbortSignal
}

/** Gives those of the leaves that are found, or that the cursor knows, which are not proved by digests, in order. */
export function bareLeaves(
  proved: ReadonlySet<string>,
  found: readonly FoundLeaf[],
  known: Known,
  scope: Scope,
): FoundLeaf[] {
  const bare = new Map<string, FoundLeaf>()
  // FilePath may lead into a leaf, whose folders are leaves of their own then.
  const isProved = (prefix: string): boolean =>
    proved.has(prefix) || proved.has(looseDate(prefix)?.above ?? prefix)
  const add = ({ prefix, layout }: FoundLeaf): void => {
    if (!isProved(prefix) && isLeafOwed(prefix, scope))
      bare.set(`${prefix} ${layout}`, { prefix, layout })
  }
  for (const leaf of known.state.leaves.values())
    if (leaf.missed === 0 || holdsAny(leaf.prefix, known)) add(leaf)
  for (const leaf of found) add(leaf)
  return [...bare.values()].toSorted((a, b) => compare(a.prefix, b.prefix))
}

const foldersOf = ({ state, older }: Known) =>
  typeof older === 'object'
    ? [state.partitions, older.partitions]
    : [state.partitions]

function holdsAny(leaf: string, known: Known): boolean {
  for (const folders of foldersOf(known))
    for (const { prefix, sets } of folders.values())
      if (sets.size > 0 && prefix.startsWith(leaf)) return true
  return false
}

/** Tells what of a leaf cannot be proved, undefined where nothing is there to prove on these days. */
export async function tellBare(
  leaf: FoundLeaf,
  days: readonly string[],
  { from, to }: Span,
  source: BareSource,
): Promise<LeafResult | undefined> {
  const { prefix, layout } = leaf
  const result = emptyResult({ folder: prefix, account: '', region: '' })
  let count = 0
  try {
    for await (const modified of modifiedIn(leaf, days, source))
      if (modified >= from && modified < to) count++
  } catch (error) {
    recordListingError(result, error)
    return result
  }
  const known = days.reduce((sum, day) => sum + heldOf(leaf, day, source), 0)
  const isKnown = source.state.leaves.has(leafKey(prefix, layout))
  if (count > 0)
    result.findings.push(
      unproved(
        `${counted(count, 'object')} lie in ${prefix} and no digests are there for it, so nothing can be proved of it; is log file validation enabled, and are the digests under FilePath?${isKnown ? '' : ' The cursor does not know it either: nothing of it was collected'}`,
      ),
    )
  else if (known > 0)
    result.findings.push(
      unproved(
        `${counted(known, 'object')} were collected of ${prefix}, and neither logs nor digests are there any more`,
      ),
    )
  else return undefined
  return result
}

/** Gives how many objects of a leaf's day the cursor, or the file of older days, knows. */
export function heldOf(
  { prefix, layout }: FoundLeaf,
  day: string,
  known: Known,
): number {
  const name = layout === 'flat' ? prefix : dayPrefix(prefix, layout, day)
  const sizes = foldersOf(known).map(
    folders => folders.get(name)?.sets.get(day)?.size ?? 0,
  )
  return Math.max(...sizes)
}

const unproved = (message: string): Finding => ({
  level: 'fault',
  code: 'unproved',
  message,
})

// Gives when the objects of a leaf's days were modified, in ms.
async function* modifiedIn(
  { prefix, layout }: FoundLeaf,
  days: readonly string[],
  { store, signal }: BareSource,
): AsyncGenerator<number> {
  const plain = { startAfter: '', signal }
  const requests: ListRequest[] =
    layout === 'flat'
      ? [{ ...plain, prefix, delimiter: true }]
      : days.map(day => ({
          ...plain,
          prefix: dayPrefix(prefix, layout, day),
          delimiter: false,
        }))
  for (const request of requests)
    for await (const page of pages(store, request)) {
      if (page.fault) throw page.fault
      for (const object of page.objects)
        if (!isFolderMarker(object)) yield object.modified
    }
}
