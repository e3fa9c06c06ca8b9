// Searches for the folders that hold logs as a cycle does, within a time and a
// number, so that a bucket of any size takes seconds.

import { WIDEST_WINDOW } from '../../find/close-days.ts'
import { addDays, dayOf } from '../../find/day-folders.ts'
import { discoverLeaves, type FoundLeaf } from '../../find/leaves.ts'
import type { Scope } from '../../find/scope.ts'
import { WHOLE } from '../../find/shard.ts'
import { compare } from '../../report/words.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'
import type { ObjectStore } from '../../s3/object-store.ts'
import type { Settings } from '../../settings/settings-table.ts'
import type { LogType } from '../../normalize/log-types.ts'
import type { Clock } from '../../clock.ts'

// Enough for one explanation.
const MAX_FOLDERS = 50
const MAX_SECONDS = 3

/** The inputs of such a search; `stop` ends it. */
export interface FolderSearch {
  store: Pick<ObjectStore, 'list'>
  clock: Pick<Clock, 'elapsed' | 'now'>
  stop: AbortSignal
}

/** The inputs for searching again with a setting loosened. */
export interface LoosenedSearch extends FolderSearch {
  settings: Settings
  logType: LogType
}

export interface FoundFolders {
  folders: FoundLeaf[]
  /** The first few errors of listings. */
  errors: unknown[]
  /** Everything was searched. */
  complete: boolean
}

const MAX_ERRORS = 3

/** Searches for folders in a scope, of all shards, until so many are found or so many seconds have passed. */
export async function findFolders(
  scope: Scope,
  { store, clock, stop }: FolderSearch,
  most = MAX_FOLDERS,
  seconds = MAX_SECONDS,
): Promise<FoundFolders> {
  const folders: FoundLeaf[] = []
  const errors: unknown[] = []
  const end = clock.elapsed() + seconds * 1000
  const { left, failed } = await discoverLeaves(
    [{ prefix: scope.FilePath, after: '' }],
    {
      store,
      scope: { ...scope, Shard: WHOLE },
      signal: timeLimit(seconds * 2, stop),
      firstDay: () => addDays(dayOf(clock.now()), -WIDEST_WINDOW),
      onLeaf: (prefix, layout) => void folders.push({ prefix, layout }),
      onError: error => void errors.push(error),
      hasTime: () =>
        folders.length < most &&
        errors.length < MAX_ERRORS &&
        clock.elapsed() < end &&
        !stop.aborted,
    },
  )
  folders.sort((a, b) => compare(a.prefix, b.prefix))
  return {
    folders,
    errors: errors.slice(0, MAX_ERRORS),
    complete: left.length === 0 && failed.length === 0,
  }
}
