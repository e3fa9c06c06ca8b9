// Finds the RegionFolders that no folder with logs belongs to, and the regions
// that exist.

import { some } from '../../report/words.ts'
import { makeScope } from '../../find/scope.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import type { LogType } from '../../normalize/log-types.ts'
import { nearestName } from '../../settings/nearest-name.ts'
import { findFolders, type LoosenedSearch } from './find-folders.ts'

/** Searches for folders with logs in any region. */
export async function findWithoutRegions(
  context: LoosenedSearch,
): Promise<FoundLeaf[]> {
  const { settings, logType } = context
  const scope = makeScope({ ...settings, RegionFolders: [] }, logType.service)
  const { folders } = await findFolders(scope, context)
  return folders
}

/** Names the wanted regions that do not exist, and those that do; undefined if all exist. */
export function unknownRegions(
  wanted: readonly string[],
  folders: readonly FoundLeaf[],
  { service }: Pick<LogType, 'service'>,
): string | undefined {
  const names = new Set(folders.flatMap(({ prefix }) => bareNames(prefix)))
  const unknown = wanted.filter(name => !names.has(name.replace(PREFIX, '')))
  if (unknown.length === 0) return undefined
  const there = folders.map(({ prefix }) => regionOf(prefix, service))
  const regions = [...new Set(there)].toSorted()
  const hints = unknown
    .map(name => nearestName(name, regions))
    .filter(name => name !== undefined)
  const hint = hints.length === 0 ? '' : `; did you mean ${hints.join(', ')}?`
  return `RegionFolders names ${unknown.join(', ')}, which have no logs; the regions with logs are ${some(regions)}${hint}`
}

const PREFIX = /^aws-region=/

const bareNames = (prefix: string): string[] =>
  prefix
    .split('/')
    .slice(0, -1)
    .map(name => name.replace(PREFIX, ''))

// The folder below the service's; without a service, the folder with the logs.
function regionOf(prefix: string, service: RegExp): string {
  const names = bareNames(prefix)
  const at = names.findIndex(name => service.test(name))
  return (at < 0 ? undefined : names[at + 1]) ?? names.at(-1) ?? ''
}
