// Leaves of logs that no folder of digests is about. Nothing can be proved of
// them: that is told where logs lie there, or were collected and lie there no
// more.

import { leafKey, type CursorState } from '../cursor/cursor-state.ts'
import { dayPrefix } from '../find/day-folders.ts'
import { looseDate } from '../find/loose-date.ts'
import { compare, counted } from '../report/words.ts'
import { isFolderMarker, type ListRequest } from '../s3/object-store.ts'
import { pages } from '../s3/pages.ts'
import type { Span } from './digests/digest-hours.ts'
import type { Finding } from './digests/finding.ts'
import { emptyResult, type LeafResult } from './logs/leaf-result.ts'
import { recordListingError } from './logs/record-result.ts'
import type { FoundLeaf } from './logs/log-leaves.ts'
import { isLeafOwed } from './logs/log-scope.ts'
import type { ProveContext } from './prove.ts'

type BareContext = Pick<
  ProveContext,
  'cursor' | 'older' | 'scope' | 'store' | 'signal'
>

/** Gives those of the leaves that are found, or that the cursor knows, which are not proved by digests, in order. */
export function bareLeaves(
  proved: ReadonlySet<string>,
  found: readonly FoundLeaf[],
  { cursor, older, scope }: BareContext,
): FoundLeaf[] {
  const bare = new Map<string, FoundLeaf>()
  // FilePath may lead into a leaf, whose folders are leaves of their own then.
  const isProved = (prefix: string): boolean =>
    proved.has(prefix) || proved.has(looseDate(prefix)?.above ?? prefix)
  const add = ({ prefix, layout }: FoundLeaf): void => {
    if (!isProved(prefix) && isLeafOwed(prefix, scope))
      bare.set(`${prefix} ${layout}`, { prefix, layout })
  }
  for (const leaf of cursor.state.leaves.values())
    if (leaf.missed === 0 || holdsAny(leaf.prefix, [cursor.state, older]))
      add(leaf)
  for (const leaf of found) add(leaf)
  return [...bare.values()].toSorted((a, b) => compare(a.prefix, b.prefix))
}

type States = readonly [CursorState, ProveContext['older']]

const foldersOf = (states: States) =>
  states.flatMap(state =>
    state === undefined || typeof state === 'function'
      ? []
      : [state.partitions],
  )

function holdsAny(leaf: string, states: States): boolean {
  for (const folders of foldersOf(states))
    for (const { prefix, sets } of folders.values())
      if (sets.size > 0 && prefix.startsWith(leaf)) return true
  return false
}

/** Tells what of a leaf cannot be proved, undefined where nothing is there to prove on these days. */
export async function tellBare(
  leaf: FoundLeaf,
  days: readonly string[],
  { from, to }: Span,
  context: BareContext,
): Promise<LeafResult | undefined> {
  const { prefix, layout } = leaf
  const { cursor, older } = context
  const result = emptyResult({ folder: prefix, account: '', region: '' })
  let count = 0
  try {
    for await (const modified of modifiedIn(leaf, days, context))
      if (modified >= from && modified < to) count++
  } catch (error) {
    recordListingError(result, error)
    return result
  }
  const states = [cursor.state, older] as const
  const known = days.reduce((sum, day) => sum + heldOf(leaf, day, states), 0)
  const isKnown = cursor.state.leaves.has(leafKey(prefix, layout))
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
  states: States,
): number {
  const name = layout === 'flat' ? prefix : dayPrefix(prefix, layout, day)
  const sizes = foldersOf(states).map(
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
  { store, signal }: BareContext,
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
