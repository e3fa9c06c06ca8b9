// Reports the folders with logs that a cycle would find, or, if there are none,
// the cause: FilePath, LogType, RegionFolders, ExclusionDirectories or
// DepthToRecurse.

import { some } from '../../report/words.ts'
import type { ListPage } from '../../s3/object-store.ts'
import { isOwnLeaf, shardText } from '../../find/shard.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import { logTypes, type LogType } from '../../normalize/log-types.ts'
import type { CheckedBucket } from './checked-bucket.ts'
import { explainNoLeaves } from '../../cycle/silence/explain-no-leaves.ts'
import { fail, ok, outcomeOf, warn, type Finding } from './check-finding.ts'
import {
  findFolders,
  type FoundFolders,
} from '../../cycle/silence/find-folders.ts'
import { findOtherKinds, kindsOf } from '../../cycle/silence/other-kinds.ts'
import {
  findWithoutRegions,
  unknownRegions,
} from '../../cycle/silence/unknown-regions.ts'

const NAME = 'folders'
const KINDS = 'kinds'
const MAX_FOLDERS = 2000
const SECONDS = 10

/** Looks for folders with logs; `first` is the first page of FilePath. Returns the folders that a cycle would list. */
export async function* checkFolders(
  first: ListPage,
  bucket: CheckedBucket,
): AsyncGenerator<Finding, FoundLeaf[]> {
  const { settings, scope } = bucket
  if (first.folders.length + first.objects.length === 0) {
    yield* none(first, bucket)
    return []
  }
  const found = await findFolders(scope, bucket, MAX_FOLDERS, SECONDS)
  for (const error of found.errors)
    yield fail('list', (error as Error).message, outcomeOf(error))
  const { folders } = found
  if (folders.length > 0) {
    const own = folders.filter(one => isOwnLeaf(one.prefix, settings.Shard))
    yield* fitting(found, own, bucket)
    return own
  }
  if (found.errors.length === 0) yield* none(first, bucket)
  return []
}

async function* none(
  first: ListPage,
  bucket: CheckedBucket,
): AsyncGenerator<Finding> {
  for (const reason of await explainNoLeaves(first, bucket))
    yield fail(NAME, reason, 'partial')
}

async function* fitting(
  { folders, complete }: FoundFolders,
  own: readonly FoundLeaf[],
  bucket: CheckedBucket,
): AsyncGenerator<Finding> {
  const { settings, logType } = bucket
  const { LogType, RegionFolders, FilePath } = settings
  const other = otherService(folders, logType)
  const all = `${complete ? '' : 'at least '}${folders.length} with logs`
  const names = some(own.map(({ prefix }) => prefix))
  const shard = shardText(settings.Shard)
  // A cycle follows a FilePath that points into any service's folder.
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
      `shard ${shard}: it gets no folder, of ${all}, so it has nothing to do; fewer shards would spread them better`,
    )
  if (settings.LogType === 'CloudTrail') yield* kinds(folders, complete, bucket)
  if (
    !complete ||
    unknownRegions(RegionFolders, folders, logType) === undefined
  )
    return
  const everywhere = await findWithoutRegions(bucket)
  const unknown = unknownRegions(RegionFolders, everywhere, logType)
  if (unknown !== undefined) yield warn(NAME, unknown)
}

/** Reports CloudTrail's folders that are in the bucket but not in CloudTrailFolders, and the reverse. */
async function* kinds(
  folders: readonly FoundLeaf[],
  complete: boolean,
  bucket: CheckedBucket,
): AsyncGenerator<Finding> {
  const { settings, scope } = bucket
  const { CloudTrailFolders, FilePath } = settings
  const found = kindsOf(folders)
  if (scope.atItsWord) {
    const [kind] = found
    if (kind !== undefined && !CloudTrailFolders.includes(kind))
      yield warn(
        KINDS,
        `FilePath ${FilePath} leads into ${kind}, which CloudTrailFolders does not name; this folder alone is collected`,
      )
    return
  }
  const missing = CloudTrailFolders.filter(kind => !found.includes(kind))
  if (complete && missing.length > 0 && found.length > 0)
    yield warn(
      KINDS,
      `CloudTrailFolders names ${missing.join(', ')}, which ${missing.length > 1 ? 'have' : 'has'} no logs yet`,
    )
  const others = await findOtherKinds(bucket)
  const there = kindsOf(others)
  if (there.length > 0)
    yield warn(
      KINDS,
      `${there.join(', ')} ${there.length > 1 ? 'are' : 'is'} there too, but not collected (${some(others.map(({ prefix }) => prefix))}); to collect ${there.length > 1 ? 'them' : 'it'} set CloudTrailFolders=${[...CloudTrailFolders, ...there].join(',')}`,
    )
}

function otherService(
  folders: readonly FoundLeaf[],
  { service, name }: LogType,
): string | undefined {
  const others = Object.values(logTypes).filter(type => type.name !== name)
  if (folders.some(folder => isOf(folder, service))) return undefined
  return others.find(type => folders.every(one => isOf(one, type.everyService)))
    ?.name
}

const isOf = ({ prefix }: FoundLeaf, service: RegExp): boolean =>
  prefix.split('/').some(name => service.test(name))
