// Explains why no folder with logs is found: FilePath leads nowhere, another
// setting excludes every folder, or the bucket holds no such logs. `check` and
// a cycle use the same words.

import { s3Url, type ListPage } from '../../s3/object-store.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { some } from '../../report/words.ts'
import type { LoosenedSearch } from './find-folders.ts'
import { loosenSettings } from './loosen-settings.ts'
import { nearestFolder } from './nearest-folder.ts'

const NEAREST_SECONDS = 5

/** Gives the reasons, a sentence each and at least one; `first` is the first page of FilePath. It sends requests to the store. */
export async function explainNoLeaves(
  first: ListPage,
  context: LoosenedSearch,
): Promise<string[]> {
  const { settings, store, stop } = context
  const { FilePath } = settings
  if (first.folders.length + first.objects.length === 0) {
    const signal = timeLimit(NEAREST_SECONDS, stop)
    const instead = await nearestFolder(settings, store, signal)
    const what = FilePath === '' ? '' : `FilePath ${FilePath} matches nothing: `
    return [what + instead + habitOf(settings)]
  }
  const reasons = await loosenSettings(context)
  return reasons.length > 0 ? reasons : [nothingLikeIt(first, settings)]
}

// Explains common mistakes in a FilePath, which no key contains.
function habitOf({ FilePath, BucketName }: Settings): string {
  if (FilePath.startsWith(`${BucketName}/`))
    return `; FilePath begins with the name of the bucket: leave that out`
  if (FilePath.includes('\\')) return '; folders end in /, not in \\'
  if (/[*?]/.test(FilePath)) return '; FilePath takes no patterns'
  return /\.(gz|json|log|txt|parquet)\/$/.test(FilePath)
    ? '; FilePath names a folder, not an object'
    : ''
}

function nothingLikeIt(
  { folders, objects }: ListPage,
  { BucketName, FilePath, LogType }: Settings,
): string {
  const deeper = objects.find(({ key }) =>
    key.slice(FilePath.length, -1).includes('/'),
  )
  if (deeper)
    return `the store answered ${deeper.key} to a request for the folders in ${s3Url(BucketName, FilePath)}, so it seems to ignore the delimiter; tell the operator of the store behind Endpoint, or of a proxy before it, that its ListObjectsV2 is at fault`
  const names = folders.map(folder => folder.slice(FilePath.length))
  const blank =
    FilePath === ''
      ? '; with a blank FilePath only what lies below a folder AWSLogs counts, so set FilePath to the folder of the logs'
      : ''
  return `${s3Url(BucketName, FilePath)} holds no dated folder and no object that could be ${LogType} logs; it holds ${names.length > 0 ? some(names) : 'no folder'}${blank}`
}
