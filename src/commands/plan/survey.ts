// Counts what the next cycle would find, with the cycle's own search and the
// requests that it would make, and fetches nothing. What it records in the
// cursor is for one that is only read.

import type { Cursor } from '../../cursor/cursor.ts'
import type { Folder, Leaf } from '../../cursor/cursor-state.ts'
import { dueRetries } from '../../find/due-retries.ts'
import { findAll, type FindAllContext } from '../../find/find-all.ts'
import type { Findings } from '../../find/search-result.ts'
import { activeLeaves } from '../../find/partitions.ts'
import { retryBytes } from './retry-bytes.ts'
import { shapeOf } from '../../find/scope.ts'

export interface SurveyContext extends FindAllContext {
  cursor: Cursor
  counts: FindAllContext['counts'] & { lists: number }
}

/** What the next cycle would find; `objects` and `bytes` include the retries. */
export interface Survey {
  findings: Findings
  leaves: Leaf[]
  /** How many folders are listed: a day of a leaf, or a leaf without dates. */
  partitions: number
  objects: number
  /** As S3 holds them. */
  bytes: number
  retries: number
  lists: number
  /** How many of the new objects lie in each folder. */
  newIn: Map<Folder, number>
}

/** Searches as the next cycle would if time had no limit; errors are among the findings. */
export async function survey(context: SurveyContext): Promise<Survey> {
  const { cursor, counts, s3Clock, scope } = context
  const cycle = cursor.state.cycle.number + 1
  const retries = dueRetries(cursor, cycle, s3Clock.now())
  const newIn = new Map<Folder, number>()
  let objects = retries.length
  let bytes = 0
  const findings = await findAll(context, ({ folder, size }) => {
    newIn.set(folder, (newIn.get(folder) ?? 0) + 1)
    objects++
    bytes += size
  })
  const { lists } = counts
  if (findings.reached) bytes += await retryBytes(retries, context)
  return {
    findings,
    leaves: activeLeaves(cursor, shapeOf(scope)),
    partitions: findings.listings.length,
    objects,
    bytes,
    retries: retries.length,
    lists,
    newIn,
  }
}
