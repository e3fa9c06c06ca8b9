// Finds the setting that excludes every folder: settings are loosened, one at a
// time, then all together, and the folders that then appear show which one it
// is.

import { makeScope, type Scope } from '../../find/scope.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import { logTypes } from '../../normalize/log-types.ts'
import { findFolders, type LoosenedSearch } from './find-folders.ts'
import { kindsOf } from './other-kinds.ts'
import { unknownRegions } from './unknown-regions.ts'

interface Attempt {
  scope: Scope
  blame(folders: FoundLeaf[]): string
}

/** Names the settings that exclude every folder, a sentence each; none if loosening them shows no folder. */
export async function loosenSettings(
  context: LoosenedSearch,
): Promise<string[]> {
  for (const attempts of [oneAtATime(context), allTogether(context)]) {
    const reasons: string[] = []
    for (const { scope, blame } of attempts) {
      const { folders } = await findFolders(scope, context)
      if (folders.length > 0) reasons.push(blame(folders))
    }
    if (reasons.length > 0) return reasons
  }
  return []
}

function oneAtATime({ settings, logType }: LoosenedSearch): Attempt[] {
  const { RegionFolders, ExclusionDirectories, DepthToRecurse } = settings
  const { service, everyService } = logType
  const attempts: Attempt[] = otherTypes(settings.LogType).map(type => ({
    scope: makeScope(settings, type.everyService),
    blame: folders =>
      `LogType is ${settings.LogType}, but the folders hold ${type.name} (${example(folders)}): set LogType=${type.name}, or FilePath to where the ${settings.LogType} logs are`,
  }))
  if (everyService.source !== service.source)
    attempts.push({
      scope: makeScope(settings, everyService),
      blame: folders => otherKinds(folders, settings),
    })
  if (RegionFolders.length > 0)
    attempts.push({
      scope: makeScope({ ...settings, RegionFolders: [] }, service),
      blame: folders =>
        unknownRegions(RegionFolders, folders, logType) ??
        `RegionFolders ${RegionFolders.join(', ')} leaves every folder out (${example(folders)}): take it out`,
    })
  if (ExclusionDirectories.length > 0)
    attempts.push({
      scope: makeScope({ ...settings, ExclusionDirectories: [] }, service),
      blame: folders =>
        `ExclusionDirectories ${ExclusionDirectories.join(', ')} leaves every folder out, such as ${example(folders)}: each of its entries leaves out every folder whose name contains that entry`,
    })
  if (DepthToRecurse !== undefined)
    attempts.push({
      scope: makeScope({ ...settings, DepthToRecurse: undefined }, service),
      blame: folders => wrongDepth(folders, settings),
    })
  return attempts
}

function allTogether({ settings, logType }: LoosenedSearch): Attempt[] {
  const loose = {
    RegionFolders: [],
    ExclusionDirectories: [],
    DepthToRecurse: undefined,
  }
  const set = Object.keys(loose)
    .map(name => [name, String(settings[name as keyof typeof loose] ?? '')])
    .filter(([, value]) => value !== '')
    .map(pair => pair.join('='))
  if (set.length === 0) return []
  if (logType.everyService.source !== logType.service.source)
    set.unshift(`CloudTrailFolders=${settings.CloudTrailFolders.join(',')}`)
  return [logType, ...otherTypes(settings.LogType)].map(type => ({
    scope: makeScope({ ...settings, ...loose }, type.everyService),
    blame: folders =>
      `LogType=${settings.LogType}, ${set.join(', ')} together leave every folder out; with these taken out there are ${type.name} logs in ${example(folders)}`,
  }))
}

const otherTypes = (name: string) =>
  Object.values(logTypes).filter(type => type.name !== name)

function otherKinds(
  folders: readonly FoundLeaf[],
  { CloudTrailFolders }: LoosenedSearch['settings'],
): string {
  const kinds = kindsOf(folders)
  return `CloudTrailFolders is ${CloudTrailFolders.join(',')}, but the folders with logs are ${kinds.join(', ')} (${example(folders)}): to collect them set CloudTrailFolders=${[...CloudTrailFolders, ...kinds].join(',')}`
}

function wrongDepth(
  folders: readonly FoundLeaf[],
  { DepthToRecurse, FilePath }: LoosenedSearch['settings'],
): string {
  const depths = folders.map(
    ({ prefix }) => prefix.slice(FilePath.length).split('/').length - 1,
  )
  const right = [...new Set(depths)].toSorted((a, b) => a - b).join(' or ')
  return `DepthToRecurse is ${DepthToRecurse}, but the folders with logs are ${right} below FilePath (${example(folders)}): set it to that, or leave it out`
}

const example = (folders: readonly FoundLeaf[]): string =>
  folders[0]?.prefix ?? ''
