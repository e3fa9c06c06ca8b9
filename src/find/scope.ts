// Decides by names alone which folders can hold the wanted logs: by the service
// and region segments below AWSLogs, RegionFolders, ExclusionDirectories,
// DepthToRecurse and Shard. Segments are compared whole, so CloudTrail-Digest
// is not CloudTrail; no list of regions or accounts is built in.

import type { Shard } from '../settings/setting-kinds.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { Layout } from '../cursor/cursor-state.ts'
import { yearLayout } from './day-folders.ts'
import { looseDate } from './loose-date.ts'
import { isOwnLeaf, shardText } from './shard.ts'

/** The settings that shape the set of leaves. */
export type ScopeSettings = Pick<
  Settings,
  | 'FilePath'
  | 'RegionFolders'
  | 'ExclusionDirectories'
  | 'DepthToRecurse'
  | 'Shard'
>

export interface Scope extends ScopeSettings {
  /** Matches the service segment below AWSLogs. */
  service: RegExp
  /** FilePath itself points into one service's folder, so its contents count as wanted. */
  atItsWord: boolean
}

// The index of the shard in a shape.
const SHARD_AT = 5

// Date folders below a leaf: year, month, day, and perhaps hour.
const DATE_LEVELS = [3, 4]

const PART_OF_DATE = /^(?:(?:month|day|hour)=)?(?:\d\d?|[a-z]{3,9})$/i

const ACCOUNT = /^(\d{12}|aws-account-id=.+)$/

/** Makes the scope of the settings for a log type's service. */
export function makeScope(settings: ScopeSettings, service: RegExp): Scope {
  const { FilePath, RegionFolders, ExclusionDirectories } = settings
  const { DepthToRecurse, Shard } = settings
  return {
    FilePath,
    RegionFolders,
    ExclusionDirectories,
    DepthToRecurse,
    Shard,
    service,
    atItsWord: awsPosition(FilePath, service)?.service !== undefined,
  }
}

/** Gives the settings that shape the leaves as text, so that a change of them is noticed. */
export function shapeOf(scope: Scope): string {
  const shard = shardText(scope.Shard)
  return JSON.stringify([
    scope.FilePath,
    scope.service.source,
    scope.RegionFolders,
    scope.ExclusionDirectories,
    scope.DepthToRecurse ?? 0,
    // Cursors older than shards have no entry for them.
    ...(shard === '' ? [] : [shard]),
  ])
}

/** Explains that a shape belongs to another shard, and names the remedy; '' if it does not. */
export function otherShard(shape: string, shard: Shard): string {
  if (shape === '') return ''
  const [before = ''] = (JSON.parse(shape) as unknown[]).slice(SHARD_AT)
  const now = shardText(shard)
  return before === now
    ? ''
    : `was last used with Shard=${String(before || '1/1')}, and is now with ${now || '1/1'}: each shard needs a StateFile of its own; after a change of their number run \`skip\` on each`
}

/** Tells whether to search a folder that was found below a searched one. */
export function mayHoldLogs(prefix: string, scope: Scope): boolean {
  const name = prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1, -1)
  if (scope.ExclusionDirectories.some(part => name.includes(part))) return false
  if (isTooDeep(prefix, scope)) return false
  const position = awsPosition(prefix, scope.service)
  if (position === undefined) return true
  if (!position.reachable && !scope.atItsWord) return false
  const { region } = position
  return region === undefined || wantsRegion(region, scope)
}

/** Tells whether logs in this folder, dated or directly in it, are wanted. */
export function isLeafInScope(
  prefix: string,
  layout: Layout,
  scope: Scope,
): boolean {
  if (!fitsDepth(prefix, layout, scope)) return false
  if (!isOwnLeaf(prefix, scope.Shard)) return false
  const position = awsPosition(prefix, scope.service)
  if (position === undefined)
    return (
      scope.FilePath !== '' &&
      (scope.RegionFolders.length === 0 ||
        segmentsOf(prefix).some(name => wantsRegion(name, scope)))
    )
  if (position.service === undefined) return false
  if (!position.reachable && !scope.atItsWord) return false
  return position.region === undefined
    ? scope.RegionFolders.length === 0
    : wantsRegion(position.region, scope)
}

/** Tells whether AWS itself files logs by date in a folder: below a region and, in Hive style, where the region's folder is in that style, too. */
export function isDatedByAws(
  prefix: string,
  layout: Layout,
  scope: Scope,
): boolean {
  const region = awsPosition(prefix, scope.service)?.region
  return (
    region !== undefined &&
    (layout === 'hive') === region.startsWith('aws-region=')
  )
}

interface Position {
  service: string | undefined
  region: string | undefined
  /** The service matches, or may still follow further down. */
  reachable: boolean
}

/** Tells whether the service's folder, below AWSLogs, is still further down. */
export function isAboveService(prefix: string, { service }: Scope): boolean {
  const position = awsPosition(prefix, service)
  return position !== undefined && position.service === undefined
}

// The last AWSLogs counts, since a trail's prefix may contain one:
// [organization/]account/service/region. Where no segment looks like an
// account, the service may be any of the first three.
function awsPosition(prefix: string, service: RegExp): Position | undefined {
  const segments = segmentsOf(prefix)
  const root = segments.lastIndexOf('AWSLogs')
  if (root < 0) return undefined
  const below = withoutDate(segments.slice(root + 1), service)
  const account = below.slice(0, 2).findIndex(name => ACCOUNT.test(name))
  const at =
    account >= 0
      ? account + 1
      : below.slice(0, 3).findIndex(name => service.test(name))
  const name = below[at]
  if (name === undefined)
    return {
      service: undefined,
      region: undefined,
      reachable: account >= 0 || below.length < 3,
    }
  return {
    service: name,
    region: below[at + 1],
    reachable: service.test(name),
  }
}

// Other tools file copies by date above the service's or the account's folder.
function withoutDate(below: string[], service: RegExp): string[] {
  const year = below.slice(0, 3).findIndex(name => yearLayout(name))
  if (year < 0 || below.slice(0, year).some(name => service.test(name)))
    return below
  let end = year + 1
  while (end < year + 4 && PART_OF_DATE.test(below[end] ?? '')) end++
  return below.toSpliced(year, end - year)
}

const segmentsOf = (prefix: string): string[] => prefix.split('/').slice(0, -1)

const wantsRegion = (folder: string, { RegionFolders }: Scope): boolean =>
  RegionFolders.length === 0 ||
  RegionFolders.includes(folder) ||
  RegionFolders.includes(folder.replace(/^aws-region=/, ''))

const depthOf = (prefix: string, scope: Scope): number =>
  segmentsOf(prefix.slice(scope.FilePath.length)).length

// Folders of dates, in any form, do not count.
function isTooDeep(prefix: string, scope: Scope): boolean {
  const { DepthToRecurse: depth } = scope
  if (depth === undefined || depthOf(prefix, scope) <= depth) return false
  return depthOf(looseDate(prefix)?.above ?? prefix, scope) > depth
}

// A depth that was counted down to the date folders means the same leaf.
function fitsDepth(prefix: string, layout: Layout, scope: Scope): boolean {
  if (scope.DepthToRecurse === undefined) return true
  const missing = scope.DepthToRecurse - depthOf(prefix, scope)
  if (missing === 0) return true
  if (layout !== 'flat') return DATE_LEVELS.includes(missing)
  const above = looseDate(prefix)?.above
  return above !== undefined && depthOf(above, scope) === scope.DepthToRecurse
}
