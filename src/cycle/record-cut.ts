// Records that time, or the limit of the cycle, cut an object in its output:
// from then on it starts last. A share that was used up without a record
// doubles the next one. A share of three quarters without a record is a failed
// attempt, and so is a cut before that of another version, which would come
// again in each cycle.

import { cutState, FULL_SHARE, NO_RECORD } from '../cursor/cut-state.ts'
import type { Steps } from '../cursor/kept-objects.ts'
import type { Candidate } from '../find/listing-result.ts'
import { isSameVersion } from '../s3/etag.ts'
import type { Settings } from '../settings/settings-table.ts'
import { recordFailure, type Recording } from './record-failure.ts'

// A share in practice is a little smaller, since the turn before has to end
// first.
const USED = 0.9
const OTHER_ETAG = 'OtherEtag'
const QUARTER = 1 / 4
const EIGHTH = 1 / 8

/** The part of an object that was read, its version, and the used part of the output time. */
export interface CutOutput {
  etag: string
  size: number
  /** Its state when its turn began. */
  earlier: (Steps & { etag: string }) | undefined
  steps: Steps
  /** Whether it gave records that are not committed yet. */
  hasGained: boolean
  used: number
}

export type CutRecording = Recording & {
  settings: Pick<Settings, 'MaxCycleSeconds'>
}

/** Records a cut once the printed records are committed; an object that had no time at all leaves no trace. */
export function recordCut(
  candidate: Candidate,
  { etag, size, earlier, steps, hasGained, used }: CutOutput,
  context: CutRecording,
): void {
  const { cursor, cycle, commits, memory, writer } = context
  const { key } = candidate
  const known = cutState(cursor, key)
  const share = known?.share ?? 1
  const isUsedUp = used >= share * QUARTER * USED
  const error = isNoFurther(earlier, etag, steps)
    ? anotherVersion(steps)
    : !hasGained && used >= FULL_SHARE * QUARTER * USED
      ? noRecord(used, context.settings.MaxCycleSeconds)
      : undefined
  if (error !== undefined) {
    recordFailure(
      candidate,
      { error, etag, size, ...steps, counts: true },
      context,
    )
    return
  }
  // It keeps its turn if it had too little time to prove anything.
  if (!hasGained && !isUsedUp && (known || used < EIGHTH * USED)) return
  const next = isUsedUp && !hasGained ? share * 2 : share
  const { records: at } = writer.added
  const commit = (): void => {
    if (hasGained) clearAttempts(key, context)
    cursor.record({
      k: 'partial',
      key,
      etag,
      size,
      ...steps,
      cut: cycle,
      share: Math.min(FULL_SHARE, next),
    })
  }
  commits.add(writer.added, commit, () => {
    const emitted = { found: candidate, etag, size, whole: false, newest: '' }
    if (hasGained) memory.keep(at, { ...emitted, steps })
    commit()
  })
}

// An object that gains records is not bad; it is tried again in the next cycle.
function clearAttempts(key: string, { cursor, cycle }: CutRecording): void {
  const failed = cursor.state.failed.get(key)
  if (failed === undefined) return
  cursor.record({
    k: 'failed',
    ...failed,
    attempts: 0,
    tries: 0,
    due: cycle + 1,
    quarantined: false,
  })
}

// It was begun anew, since its version changed, and cut where the other version
// was or sooner.
function isNoFurther(
  earlier: CutOutput['earlier'],
  etag: string,
  steps: Steps,
): boolean {
  if (!earlier?.etag || isSameVersion(earlier.etag, etag)) return false
  return steps.records > 0 && steps.records <= earlier.records
}

function anotherVersion({ records }: Steps): Error {
  const error = new Error(
    `its ETag has changed since it was last read, so it began anew, and the cycle ended after ${records} records, no further than before; ` +
      'if that repeats, find out why the object or its ETag changes, or raise MaxCycleMegabytes and MaxCycleSeconds',
  )
  return Object.assign(error, { code: OTHER_ETAG })
}

function noRecord(used: number, maxCycleSeconds: number): Error {
  const percent = Math.round(used * 100)
  const error = new Error(
    `it gave no further record in ${percent} % of a cycle's time for output; ` +
      `raise MaxCycleSeconds, which is ${maxCycleSeconds}, or inspect the object`,
  )
  return Object.assign(error, { code: NO_RECORD })
}
