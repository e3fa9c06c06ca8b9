// Checks the newest objects: whether Inclusions and Exclusions let any through,
// and the age of the newest, which reveals a trail that has stopped.

import { explainPatterns } from '../../cycle/silence/pattern-watch.ts'
import { filePatterns } from '../../find/file-patterns.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import { s3Url, type ListedObject } from '../../s3/object-store.ts'
import type { AskedBucket } from './checked-bucket.ts'
import type { LogType } from '../../normalize/log-types.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { span } from '../../report/words.ts'
import { fail, ok, outcomeOf, warn, type Finding } from './check-finding.ts'
import { findNewest, MAX_FOLDERS, type Newest } from './find-newest.ts'

const OLD_SECONDS = 3600
const DELIVERY =
  'CloudTrail delivers within some 15 minutes, flow logs within 10'

/** Looks for the newest object in the folders with logs and returns it. */
export async function* checkNewest(
  folders: readonly FoundLeaf[],
  { inParquet }: LogType,
  bucket: AskedBucket,
): AsyncGenerator<Finding, ListedObject | undefined> {
  const { settings, s3Clock } = bucket
  const { Inclusions, Exclusions, BucketName } = settings
  const isWanted = filePatterns(Inclusions, Exclusions)
  const newest = await findNewest(folders, isWanted, bucket)
  const { object, wanted, leftOut, errors } = newest
  const [error] = errors
  if (error !== undefined)
    yield fail('list', (error as Error).message, outcomeOf(error))
  if (wanted + leftOut > 0) yield patterns(newest, inParquet, settings)
  else if (error === undefined)
    yield fail(
      'newest',
      `no object was found in ${Math.min(folders.length, MAX_FOLDERS)} of ${folders.length} folders; check that logs are delivered there`,
      'partial',
    )
  if (object === undefined) return undefined
  const seconds = (s3Clock.now() - object.modified) / 1000
  const age = `${s3Url(BucketName, object.key)} is ${span(seconds)} old`
  if (newest.isOld)
    yield warn(
      'newest',
      `${age}, and the newest of a day before the window (NoOfBackDaysData ${settings.NoOfBackDaysData}), so a first cycle finds nothing; check that logs are still delivered there: ${DELIVERY}`,
    )
  else if (seconds > OLD_SECONDS)
    yield warn(
      'newest',
      `${age}, and the newest there is; check that logs are still delivered there: ${DELIVERY}`,
    )
  else yield ok('newest', age)
  return object
}

function patterns(
  { wanted, leftOut, leftOutNames, leftOutParquet }: Newest,
  inParquet: boolean,
  { Inclusions, Exclusions }: Settings,
): Finding {
  const all = wanted + leftOut
  const examples = leftOut > 0 ? `, such as ${leftOutNames.join(', ')}` : ''
  if (wanted > 0 && leftOutParquet > 0 && inParquet)
    return warn(
      'patterns',
      `Inclusions ${Inclusions.join(',')} and Exclusions ${Exclusions.join(',')} leave out ${leftOut} of the newest ${all} objects, ${leftOutParquet} of them Parquet, which is read as well${examples}: add *.parquet to Inclusions, unless these are copies of collected objects`,
    )
  if (wanted > 0)
    return ok(
      'patterns',
      leftOut === 0
        ? 'Inclusions and Exclusions leave out none of the newest objects'
        : `Inclusions and Exclusions leave out ${leftOut} of the newest ${all} objects${examples}`,
    )
  return fail(
    'patterns',
    explainPatterns(all, leftOutNames, { Inclusions, Exclusions }),
    'partial',
  )
}
