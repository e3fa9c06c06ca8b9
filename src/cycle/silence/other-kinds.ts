// The folders of an account in which CloudTrail files events, and those of them
// that exist but are not collected.

import { makeScope } from '../../find/scope.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import { serviceOf } from '../../normalize/log-types.ts'
import {
  cloudTrailFolders,
  findCloudTrailFolder,
  type CloudTrailFolder,
} from '../../settings/cloudtrail-folders.ts'
import { findFolders, type LoosenedSearch } from './find-folders.ts'

const SECONDS = 2

/** Names the kinds of folders that these are or lie in, each once. */
export function kindsOf(folders: readonly FoundLeaf[]): CloudTrailFolder[] {
  return cloudTrailFolders.filter(kind =>
    folders.some(({ prefix }) => findCloudTrailFolder(prefix)?.folder === kind),
  )
}

/** Searches for a folder with logs of each kind that CloudTrailFolders does not name. */
export async function findOtherKinds(
  context: LoosenedSearch,
): Promise<FoundLeaf[]> {
  const { settings } = context
  const others = cloudTrailFolders.filter(
    kind => !settings.CloudTrailFolders.includes(kind),
  )
  const found = await Promise.all(
    others.map(async kind => {
      const scope = makeScope(settings, serviceOf([kind]))
      return (await findFolders(scope, context, 1, SECONDS)).folders
    }),
  )
  return found.flat()
}
