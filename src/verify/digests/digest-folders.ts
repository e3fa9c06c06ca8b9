// Finds every folder of digests under FilePath, with the search for leaves and
// a scope of its own, since the settings that leave out logs are reported with
// the logs. If FilePath leads into the folder of one service, the digests lie
// beside it.

import type { Layout } from '../../cursor/cursor-state.ts'
import { discoverLeaves } from '../../find/leaves.ts'
import { inParallel } from '../../find/pool.ts'
import { makeScope, type Scope } from '../../find/scope.ts'
import { WHOLE } from '../../find/shard.ts'
import { compare, messageOf } from '../../report/words.ts'
import type { Lists } from '../../s3/object-store.ts'
import { pages } from '../../s3/pages.ts'
import {
  cloudTrailFolders,
  findCloudTrailFolder,
} from '../../settings/cloudtrail-folders.ts'
import { fault, warning, type Finding } from './digest-finding.ts'
import { isOwnFault } from './read-digest.ts'

/** A region's folder of digests, which holds the folders of years. */
export interface DigestFolder {
  prefix: string
  /** Blank where the folders are not named as CloudTrail names them. */
  account: string
  region: string
}

const DIGESTS = 'CloudTrail-Digest'
const FOLDER = /^((?:.*\/)?)CloudTrail-Digest\/([^/]+)\/$/
const ALL_DAYS = '9999-12-31'

/** Finds the folders under a FilePath, in order; throws SourceError for an error of all requests, and the signal's reason. A folder that could not be listed is a finding. */
export async function findDigestFolders(
  FilePath: string,
  store: Lists,
  signal: AbortSignal,
): Promise<{ folders: DigestFolder[]; findings: Finding[] }> {
  const folders = new Map<string, DigestFolder>()
  const findings: Finding[] = []
  let fatal: unknown
  const onLeaf = (prefix: string, layout: Layout): void => {
    const folder = digestFolder(prefix)
    if (folder === undefined) return
    if (layout === 'date') folders.set(prefix, folder)
    else findings.push(warning('not-a-digest', UNDATED, prefix))
  }
  for (const path of digestPaths(FilePath))
    await discoverLeaves([{ prefix: path, after: '' }], {
      store,
      scope: digestScope(path),
      signal,
      onLeaf,
      onError(error) {
        if (!isOwnFault(error)) fatal ??= error
        const place = path === '' ? 'the bucket' : path
        const message = `folders of digests below it may not have been found: ${messageOf(error)}`
        findings.push(fault('listing', place, message))
      },
      // A folder named after a year identifies a leaf; it is not walked.
      firstDay: () => ALL_DAYS,
      hasTime: () => !signal.aborted && fatal === undefined,
    })
  signal.throwIfAborted()
  if (fatal !== undefined) throw fatal
  const found = [...folders.values()]
  return {
    folders: found.toSorted((a, b) => compare(a.prefix, b.prefix)),
    findings,
  }
}

/** The command that makes CloudTrail write digests. */
export const ENABLE_DIGESTS =
  'aws cloudtrail update-trail --name NAME --enable-log-file-validation'

/** Gives the folder of CloudTrail's digests for the same account and region as a leaf's logs; undefined if the leaf is not named as CloudTrail names it. */
export function digestFolderBeside(leaf: string): DigestFolder | undefined {
  const names = leaf.split('/')
  const [kind = '', region = ''] = names.slice(-3)
  const known: readonly string[] = cloudTrailFolders
  if (!known.includes(kind) || region === '') return undefined
  const above = names.slice(0, -3).map(name => `${name}/`)
  return digestFolder(`${above.join('')}${DIGESTS}/${region}/`)
}

/** Finds the folders of digests for the accounts of some leaves, with one LIST an account; throws SourceError for an error of all requests, and the signal's reason. An account that cannot be listed is assumed to have the folders for its leaves. */
export async function digestFoldersBeside(
  leaves: Iterable<string>,
  store: Lists,
  signal: AbortSignal,
): Promise<DigestFolder[]> {
  const accounts = new Map<string, DigestFolder[]>()
  for (const leaf of leaves) {
    const folder = digestFolderBeside(leaf)
    if (folder === undefined) continue
    const { prefix, region } = folder
    const above = prefix.slice(0, -region.length - 1)
    accounts.set(above, [...(accounts.get(above) ?? []), folder])
  }
  const folders = new Map<string, DigestFolder>()
  const goesOn = (): boolean => !signal.aborted
  await inParallel([...accounts], goesOn, async ([prefix, own]) => {
    let found: (DigestFolder | undefined)[] = []
    try {
      const request = { prefix, delimiter: true, startAfter: '', signal }
      for await (const page of pages(store, request)) {
        if (page.fault) throw page.fault
        found.push(...page.folders.map(digestFolder))
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!isOwnFault(error)) throw error
      found = own
    }
    for (const folder of found) if (folder) folders.set(folder.prefix, folder)
  })
  signal.throwIfAborted()
  return [...folders.values()]
}

const UNDATED =
  'it lies among the digests and has no folders YYYY/MM/DD, so nothing in it is read'

// Reads the name of a folder of digests; undefined for any other.
function digestFolder(prefix: string): DigestFolder | undefined {
  const [, above, region] = FOLDER.exec(prefix) ?? []
  if (above === undefined || region === undefined) return undefined
  const account = above.slice(above.lastIndexOf('/', above.length - 2) + 1, -1)
  return { prefix, account, region }
}

function digestScope(FilePath: string): Scope {
  const all = {
    FilePath,
    RegionFolders: [],
    ExclusionDirectories: [],
    DepthToRecurse: undefined,
    Shard: WHOLE,
  }
  return makeScope(all, new RegExp(`^${DIGESTS}$`))
}

// Below the folder of a service, digests and logs have only the region in
// common. Outside AWSLogs a folder of that name may be any user's.
/** Names the folders below which the digests for the logs below a FilePath lie. */
export function digestPaths(FilePath: string): string[] {
  const names = FilePath.split('/').slice(0, -1)
  const known: readonly string[] = cloudTrailFolders
  const found = findCloudTrailFolder(FilePath)
  const at =
    found === undefined
      ? names.findLastIndex(name => known.includes(name))
      : found.above.split('/').length - 1
  if (at < 0) return [FilePath]
  const region = names.slice(at + 1, at + 2)
  const beside = [...names.slice(0, at), DIGESTS, ...region, ''].join('/')
  return found === undefined ? [FilePath, beside] : [beside]
}
