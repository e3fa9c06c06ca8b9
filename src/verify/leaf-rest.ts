// What is told of a leaf once all its digests are read: the objects that none of
// them names, and a time that none of them covers.

import { counted } from '../report/words.ts'
import { stopped, uncovered } from './digests/chain-findings.ts'
import type { Span } from './digests/digest-hours.ts'
import type { EndedTrail } from './digests/ended-trail.ts'
import type { LeafDays } from './logs/leaf-days.ts'
import type { LeafResult } from './logs/leaf-result.ts'
import {
  handOn,
  noteFinding,
  noteListingError,
  noteUndigested,
  type TellUnkept,
} from './logs/note-result.ts'

/** What tells a trail that was stopped from one whose digests were deleted. */
export interface Witnesses {
  /** Gives how many objects of the plan's days the cursor knows. */
  held(): number
  /** Gives where the digests of the folder end that end before the range; undefined where there are none. Throws SourceError. */
  ended(): Promise<EndedTrail | undefined>
}

// Faults that were found tell which hours are missing. Before CloudTrail began
// there is nothing to cover, unless logs say otherwise; nor is there after it was
// stopped, if neither bucket nor cursor knows of any log since.
/** Notes that no digest covers a range, or that none is owed. */
export async function noteUncovered(
  result: LeafResult,
  range: Span,
  isEmpty: boolean,
  { held, ended }: Witnesses,
): Promise<void> {
  const { findings, undigested } = result
  const isTold = findings.some(({ level }) => level === 'fault')
  const began = findings.some(({ code }) => code === 'not-recorded')
  if (isTold || (began && undigested.length === 0)) return
  result.findings = findings.filter(({ code }) => code !== 'no-digests')
  try {
    const trail = await ended()
    const isOver = trail?.isFinal === true && isEmpty && result.days.size === 0
    if (isOver && held() === 0) noteFinding(result, stopped(trail.end))
    else noteFinding(result, uncovered(range, trail?.end))
  } catch (error) {
    noteFinding(result, uncovered(range))
    noteListingError(result, error)
  }
}

// Who deletes the
// digests before a starting one makes it look like the first.
/** Notes what no digest named; gives whether anything of it lies there. */
export async function noteRest(
  days: LeafDays,
  { from, to }: Span,
  result: LeafResult,
  tell: TellUnkept | undefined,
): Promise<boolean> {
  let isAny = false
  const starts = result.findings.flatMap(finding =>
    finding.code === 'not-recorded' && finding.span
      ? [{ finding, ...finding.span, logs: 0 }]
      : [],
  )
  try {
    for await (const { key, modified } of days.rest()) {
      isAny = true
      if (modified < from || modified >= to) continue
      noteUndigested(result, key)
      for (const start of starts)
        if (modified >= start.from && modified < start.to) start.logs++
      await handOn(result, tell)
    }
  } catch (error) {
    noteListingError(result, error)
    isAny = true
  }
  for (const { finding, logs } of starts)
    if (logs > 0)
      finding.message += `; yet ${counted(logs, 'log')} of this time that no digest names ${logs === 1 ? 'lies' : 'lie'} there, so digests may have been deleted`
  return isAny
}
