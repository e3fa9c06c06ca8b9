// Finds the leaves of logs that belong to no folder of digests. Nothing can be
// proved of them, and the report says so where logs lie there, or where
// collected logs are gone.

import { leafKey } from '../cursor/cursor-state.ts'
import { dayPrefix } from '../find/day-folders.ts'
import type { Scope } from '../find/scope.ts'
import { looseDate } from '../find/loose-date.ts'
import type { FoundLeaf } from '../find/leaves.ts'
import { compare, counted } from '../report/words.ts'
import {
  isFolderMarker,
  type ListRequest,
  type Lists,
} from '../s3/object-store.ts'
import { pages } from '../s3/pages.ts'
import type { Span } from './digests/digest-hours.ts'
import { plainFault } from './digests/digest-finding.ts'
import { emptyResult, type LeafResult } from './logs/leaf-result.ts'
import { recordListingError } from './logs/record-result.ts'
import { isLeafOwed } from './logs/log-scope.ts'
import type { Known } from './prove.ts'

interface BareSource extends Known {
  store: Lists
  signal: AbortSignal
}

/** Gives, in order, the leaves found or known to the cursor that no digests prove. */
export function bareLeaves(
  proved: ReadonlySet<string>,
  found: readonly FoundLeaf[],
  known: Known,
  scope: Scope,
): FoundLeaf[] {
  const bare = new Map<string, FoundLeaf>()
  // FilePath may lead into a leaf; the folders in it are then leaves
  // themselves.
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

/** Reports the unprovable objects of a leaf; undefined if there are none on these days. */
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
      plainFault(
        'unproved',
        `${counted(count, 'object')} lie in ${prefix} and no digests are there for it, so it cannot be proved; is log file validation enabled, and are the digests under FilePath?${isKnown ? '' : ' The cursor does not know it either: nothing of it was collected'}`,
      ),
    )
  else if (known > 0)
    result.findings.push(
      plainFault(
        'unproved',
        `${counted(known, 'object')} were collected of ${prefix}, and neither logs nor digests are there any more`,
      ),
    )
  else return undefined
  return result
}

/** Gives the number of objects of a leaf's day in the cursor, or in the file of older days. */
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
