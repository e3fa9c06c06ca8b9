// The folders of an account in which CloudTrail files events, and which of them
// are there without being collected.

import { makeScope } from '../../find/scope.ts'
import { serviceOf } from '../../normalize/log-types.ts'
import { cloudTrailFolders } from '../../settings/plugin-settings.ts'
import {
  findFolders,
  type LogFolder,
  type LoosenContext,
} from './find-folders.ts'

type Kind = (typeof cloudTrailFolders)[number]

const SECONDS = 2

/** Names the kinds of folders that these are or lie in, each once. */
export function kindsOf(folders: readonly LogFolder[]): Kind[] {
  return cloudTrailFolders.filter(kind =>
    folders.some(({ prefix }) => folderOf(prefix) === kind),
  )
}

// A trail's prefix may have any name.
function folderOf(prefix: string): string | undefined {
  const names = prefix.split('/')
  const root = names.lastIndexOf('AWSLogs')
  const isKind = (name: string): boolean =>
    cloudTrailFolders.some(kind => kind === name)
  return root < 0 ? undefined : names.slice(root + 1).find(isKind)
}

/** Looks for a folder with logs of each kind that CloudTrailFolders does not name. */
export async function findOtherKinds(
  context: LoosenContext,
): Promise<LogFolder[]> {
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
