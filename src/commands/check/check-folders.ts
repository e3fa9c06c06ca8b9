// The folders with logs that a cycle would find; when there are none, why:
// FilePath, LogType, RegionFolders, ExclusionDirectories or DepthToRecurse.

import { some } from '../../report/words.ts'
import type { ListPage } from '../../s3/object-store.ts'
import { isOwnLeaf, shardText } from '../../find/shard.ts'
import { logTypes, type LogType } from '../../normalize/log-types.ts'
import type { CheckContext } from './check-context.ts'
import { explainNoLeaves } from '../../cycle/silence/explain-no-leaves.ts'
import { fail, ok, outcomeOf, warn, type Finding } from './finding.ts'
import {
  findFolders,
  type FoundFolders,
  type LogFolder,
} from '../../cycle/silence/find-folders.ts'
import {
  findWithoutRegions,
  unknownRegions,
} from '../../cycle/silence/unknown-regions.ts'

const NAME = 'folders'
const MAX_FOLDERS = 2000
const SECONDS = 10

/** Looks for folders with logs; `first` is the first page of FilePath. Returns those that a cycle would list. */
export async function* checkFolders(
  first: ListPage,
  context: CheckContext,
): AsyncGenerator<Finding, LogFolder[]> {
  const { settings, scope } = context
  if (first.folders.length + first.objects.length === 0) {
    yield* none(first, context)
    return []
  }
  const found = await findFolders(scope, context, MAX_FOLDERS, SECONDS)
  for (const error of found.errors)
    yield fail('list', (error as Error).message, outcomeOf(error))
  const { folders } = found
  if (folders.length > 0) {
    const own = folders.filter(one => isOwnLeaf(one.prefix, settings.Shard))
    yield* fitting(found, own, context)
    return own
  }
  if (found.errors.length === 0) yield* none(first, context)
  return []
}

async function* none(
  first: ListPage,
  context: CheckContext,
): AsyncGenerator<Finding> {
  for (const reason of await explainNoLeaves(first, context))
    yield fail(NAME, reason, 'partial')
}

async function* fitting(
  { folders, complete }: FoundFolders,
  own: readonly LogFolder[],
  context: CheckContext,
): AsyncGenerator<Finding> {
  const { settings, logType } = context
  const { LogType, RegionFolders, FilePath } = settings
  const other = otherService(folders, logType)
  const all = `${complete ? '' : 'at least '}${folders.length} with logs`
  const names = some(own.map(({ prefix }) => prefix))
  const shard = shardText(settings.Shard)
  // A FilePath that points into a service's folder is taken at its word.
  if (other !== undefined)
    yield fail(
      NAME,
      `LogType is ${LogType}, but FilePath ${FilePath} is a folder of ${other}: set LogType=${other}, or FilePath to where the ${LogType} logs are`,
      'partial',
    )
  else if (shard === '') yield ok(NAME, `${all}: ${names}`)
  else if (own.length > 0)
    yield ok(NAME, `shard ${shard}: ${own.length} of ${all}: ${names}`)
  else
    yield warn(
      NAME,
      `shard ${shard}: none of ${all} falls to it, so it has nothing to do; fewer shards would spread them better`,
    )
  if (
    !complete ||
    unknownRegions(RegionFolders, folders, logType) === undefined
  )
    return
  const everywhere = await findWithoutRegions(context)
  const unknown = unknownRegions(RegionFolders, everywhere, logType)
  if (unknown !== undefined) yield warn(NAME, unknown)
}

function otherService(
  folders: readonly LogFolder[],
  { service, name }: LogType,
): string | undefined {
  const others = Object.values(logTypes).filter(type => type.name !== name)
  if (folders.some(folder => isOf(folder, service))) return undefined
  return others.find(type => folders.every(one => isOf(one, type.service)))
    ?.name
}

const isOf = ({ prefix }: LogFolder, service: RegExp): boolean =>
  prefix.split('/').some(name => service.test(name))
