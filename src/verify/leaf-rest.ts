// Reports the rest of a leaf once all its digests are read: the objects that no
// digest names, and the time that no digest covers.

import { addDays, dayOf, daysBetween } from '../find/day-folders.ts'
import { counted } from '../report/words.ts'
import { stopped, uncovered } from './digests/chain-findings.ts'
import type { Span } from './digests/digest-hours.ts'
import type { EndedTrail } from './digests/ended-trail.ts'
import type { LeafDays } from './logs/leaf-days.ts'
import type { LeafResult } from './logs/leaf-result.ts'
import {
  handOn,
  recordFinding,
  recordListingError,
  countUndigested,
  type TellUnkept,
} from './logs/record-result.ts'

/** The evidence that distinguishes a stopped trail from one whose digests were deleted. */
export interface Witnesses {
  /** Gives the number of objects of the plan's days, or of the given ones, that the cursor knows. */
  held(days?: readonly string[]): number
  /** Gives the end of the folder's digests that end before the range; undefined without any. Throws SourceError. */
  ended(): Promise<EndedTrail | undefined>
}

/** The objects in the bucket that no digest names which is proved by itself. */
export interface Rest {
  isEmpty: boolean
  /** The number of them that came within the range. */
  inRange: number
}

// Reported faults already show the missing hours. Digests are not owed for the
// time before CloudTrail began, unless logs show that it ran, or after it was
// stopped, if neither the bucket nor the cursor knows a later log.
/** Records that no digest covers a range, or that none is owed. */
export async function recordUncovered(
  result: LeafResult,
  range: Span,
  { isEmpty, inRange }: Rest,
  { held, ended }: Witnesses,
): Promise<void> {
  const { findings } = result
  const isTold = findings.some(({ level }) => level === 'fault')
  const began = findings.some(({ code }) => code === 'not-recorded')
  if (isTold || (began && inRange === 0)) return
  result.findings = findings.filter(({ code }) => code !== 'no-digests')
  try {
    const trail = await ended()
    const isOver = trail?.isFinal === true && isEmpty && result.days.size === 0
    if (isOver && held() === 0) recordFinding(result, stopped(trail.end))
    else recordFinding(result, uncovered(range, trail?.end))
  } catch (error) {
    recordFinding(result, uncovered(range))
    recordListingError(result, error)
  }
}

// An attacker who deletes the digests before a starting one makes it look like
// the first.
/** Records the objects that no digest named; gives their summary. */
export async function recordRest(
  days: LeafDays,
  { from, to }: Span,
  result: LeafResult,
  held: Witnesses['held'],
  tell: TellUnkept | undefined,
): Promise<Rest> {
  let isEmpty = true
  let inRange = 0
  const starts = result.findings.flatMap(finding =>
    finding.code === 'not-recorded' && finding.span
      ? [{ finding, span: finding.span, logs: 0 }]
      : [],
  )
  try {
    for await (const { key, modified, isNamed } of days.rest()) {
      isEmpty = false
      if (modified < from || modified >= to) continue
      inRange++
      for (const start of starts)
        if (modified >= start.span.from && modified < start.span.to)
          start.logs++
      if (isNamed) continue
      countUndigested(result, key)
      await handOn(result, tell)
    }
  } catch (error) {
    recordListingError(result, error)
    isEmpty = false
  }
  for (const { finding, span, logs } of starts) {
    if (logs > 0)
      finding.message += `; yet ${counted(logs, 'log')} of this time that no digest names ${logs === 1 ? 'lies' : 'lie'} there, so digests may have been deleted`
    const known = unnamed(result, span, held)
    if (known > logs)
      finding.message += `; yet ${counted(known, 'log')} of these days that no digest names ${known === 1 ? 'was' : 'were'} collected, so digests and logs may have been deleted`
  }
  return { isEmpty, inRange }
}

// The cursor knows the days of logs, but not their times.
function unnamed(
  { days }: LeafResult,
  { from, to }: Span,
  held: Witnesses['held'],
): number {
  let sum = 0
  const last = dayOf(to - 1)
  for (const day of daysBetween(dayOf(from), addDays(last, 1))) {
    const { collected = 0, skipped = 0 } = days.get(day) ?? {}
    sum += Math.max(0, held([day]) - collected - skipped)
  }
  return sum
}
