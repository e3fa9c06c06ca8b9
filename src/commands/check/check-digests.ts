// Checks that CloudTrail writes digests for the folders in scope, since `verify`
// and VerifyMinutes prove the collection by them. It lists a few of the folders.

import { addDays, dayOf, dayPrefix } from '../../find/day-folders.ts'
import { inParallel } from '../../find/pool.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import { counted, some } from '../../report/words.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'
import { firstPage } from '../../s3/pages.ts'
import {
  digestFolderBeside,
  ENABLE_DIGESTS,
} from '../../verify/digests/digest-folders.ts'
import type { AskedBucket } from './checked-bucket.ts'
import { fail, ok, outcomeOf, type Finding } from './check-finding.ts'

const NAME = 'digests'
const MAX_FOLDERS = 8
const SECONDS = 6

/** Looks for digests since yesterday; missing ones are a fault only if VerifyMinutes is set, else a warning. */
export async function* checkDigests(
  folders: readonly FoundLeaf[],
  { settings, store, s3Clock, stop }: AskedBucket,
): AsyncGenerator<Finding> {
  if (settings.LogType !== 'CloudTrail') return
  const wanted = new Set<string>()
  for (const { prefix } of folders) {
    const beside = digestFolderBeside(prefix)
    if (beside) wanted.add(beside.prefix)
  }
  if (wanted.size === 0) return
  // Chooses evenly among many folders.
  const step = Math.max(1, wanted.size / MAX_FOLDERS)
  const asked = [...wanted].filter((_, i) => i % step < 1)
  const day = addDays(dayOf(s3Clock.now()), -1)
  const signal = timeLimit(SECONDS, stop)
  const without: string[] = []
  const errors: unknown[] = []
  await inParallel(
    [...asked],
    () => !signal.aborted,
    async prefix => {
      try {
        const startAfter = dayPrefix(prefix, 'date', day)
        const request = { prefix, delimiter: false, startAfter, signal }
        const { objects } = await firstPage(store, { ...request, keys: 1 })
        if (objects.length === 0) without.push(prefix)
      } catch (error) {
        errors.push(error)
      }
    },
  )
  const isNeeded = settings.VerifyMinutes > 0
  const [error] = errors
  if (error !== undefined) {
    const message = `digests cannot be looked for: ${(error as Error).message}`
    yield isNeeded
      ? fail(NAME, message, outcomeOf(error))
      : ok(NAME, `${message}; \`verify\` needs them, a cycle does not`)
  } else if (without.length === 0)
    yield ok(
      NAME,
      `CloudTrail writes them for ${asked.length < wanted.size ? `${asked.length} folders that were looked into` : counted(asked.length, 'folder')}: \`verify\` proves by them what was collected`,
    )
  else {
    const message = `none since ${day} in ${some(without.toSorted())}: \`verify\` cannot prove what was collected; have CloudTrail write them: ${ENABLE_DIGESTS}`
    yield isNeeded
      ? fail(NAME, `${message}, or set VerifyMinutes=0`, 'partial')
      : ok(NAME, message)
  }
}
