// Finds the leaves of logs in the bucket, as a cycle does, but without the
// knowledge of the cursor.

import { discoverLeaves, type FoundLeaf } from '../../find/leaves.ts'
import { recordError, type SearchResult } from '../../find/search-result.ts'
import type { Scope } from '../../find/scope.ts'
import type { Lists } from '../../s3/object-store.ts'

/** Walks from FilePath and gives the leaves in scope; errors that hide leaves are recorded in the search. Folders named after days before `firstDay`, YYYY-MM-DD, are not walked. */
export async function findLogLeaves(
  scope: Scope,
  store: Lists,
  signal: AbortSignal,
  search: SearchResult,
  firstDay: () => string,
): Promise<FoundLeaf[]> {
  const leaves: FoundLeaf[] = []
  await discoverLeaves([{ prefix: scope.FilePath, after: '' }], {
    store,
    scope,
    signal,
    firstDay,
    hasTime: () => !signal.aborted && !search.isHopeless,
    onLeaf: (prefix, layout) => void leaves.push({ prefix, layout }),
    onError: error => recordError(error, search),
  })
  return leaves
}
