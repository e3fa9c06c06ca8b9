// Decides whether the settings want a log collected. A leaf that no cycle ever
// met is judged by its name, as a search would reach it: folder by folder from
// FilePath on, and then the leaf itself.

import { isLeafInScope, mayHoldLogs, type Scope } from '../../find/scope.ts'
import { isOwnLeaf, WHOLE } from '../../find/shard.ts'
import type { Layout } from '../../cursor/cursor-state.ts'

/** Tells whether a log that lies in a leaf is in the scope of the settings. */
export function isLogInScope(key: string, leaf: string, scope: Scope): boolean {
  const { FilePath } = scope
  if (!key.startsWith(FilePath)) return false
  // FilePath leads into the leaf; the folders in it are then leaves themselves.
  if (!leaf.startsWith(FilePath)) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1)
    return isReached(folder, scope) && isLeafInScope(folder, 'flat', scope)
  }
  return (
    isReached(leaf, scope) && isLeafInScope(leaf, layoutOf(key, leaf), scope)
  )
}

/** Tells whether the settings want logs of a leaf, which FilePath may lead into. */
export function isLeafOwed(leaf: string, scope: Scope): boolean {
  const { FilePath, Shard } = scope
  if (leaf.startsWith(FilePath))
    return isLogInScope(`${leaf}2000/01/01/a`, leaf, scope)
  if (!FilePath.startsWith(leaf) || !isOwnLeaf(leaf, Shard)) return false
  // Only the names of the folders above count.
  const named = { ...scope, DepthToRecurse: undefined, Shard: WHOLE }
  return isLogInScope(`${FilePath}a`, leaf, named)
}

function layoutOf(key: string, leaf: string): Layout {
  const rest = key.slice(leaf.length)
  if (!rest.includes('/')) return 'flat'
  return rest.startsWith('year=') ? 'hive' : 'date'
}

function isReached(folder: string, scope: Scope): boolean {
  let end = scope.FilePath.length
  while ((end = folder.indexOf('/', end) + 1) > 0)
    if (!mayHoldLogs(folder.slice(0, end), scope)) return false
  return true
}
