// Walks a bucket in memory for its leaves, whole or cut.

import { discoverLeaves } from '../../../src/find/leaves.ts'
import type { WalkPosition } from '../../../src/cursor/cursor-state.ts'
import { makeScope, type ScopeSettings } from '../../../src/find/scope.ts'
import { WHOLE } from '../../../src/find/shard.ts'
import { MemoryStore } from '../s3/memory-store.ts'

/** What is looked for where; the whole bucket for CloudTrail unless given. */
export interface Walked {
  settings?: Partial<ScopeSettings>
  service?: RegExp
  visits?: readonly WalkPosition[]
  /** The leaves found so far, as `layout prefix`. */
  found?: Set<string>
  /** The day before which folders of AWS's are not walked; none unless given. */
  firstDay?: string
  /** Says whether there is time for another page. */
  hasTime?: () => boolean
}

/** Makes a bucket with these keys; those that end in a slash are folder markers. */
export function bucketOf(
  keys: readonly string[],
  pageSize = 1000,
): MemoryStore {
  const store = new MemoryStore()
  store.pageSize = pageSize
  for (const key of keys) store.put(key, 0, key.endsWith('/') ? '' : 'x')
  return store
}

/** Makes a scope of these settings. */
export const scopeOf = (
  settings: Partial<ScopeSettings> = {},
  service = /^CloudTrail$/,
) =>
  makeScope(
    {
      FilePath: '',
      RegionFolders: [],
      ExclusionDirectories: [],
      DepthToRecurse: undefined,
      Shard: WHOLE,
      ...settings,
    },
    service,
  )

/** Walks on from the visits, or from FilePath. */
export async function walkLeaves(store: MemoryStore, walked: Walked = {}) {
  const scope = scopeOf(walked.settings, walked.service)
  const found = walked.found ?? new Set<string>()
  const visits = walked.visits ?? [{ prefix: scope.FilePath, after: '' }]
  const errors: unknown[] = []
  const { left, failed } = await discoverLeaves(visits, {
    store,
    scope,
    signal: new AbortController().signal,
    onLeaf: (prefix, layout) => found.add(`${layout} ${prefix}`),
    firstDay: () => walked.firstDay ?? '',
    onError: error => errors.push(error),
    hasTime: walked.hasTime ?? (() => true),
  })
  return { found, errors, rest: [...failed, ...left] }
}
