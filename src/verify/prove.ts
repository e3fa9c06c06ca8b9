// What proving takes, for either log type: the bucket, the cursor as it was
// read, and the range that is asked for, cut to what can be proved.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState } from '../cursor/cursor-state.ts'
import { addDays, dayOf, startOfDay } from '../find/day-folders.ts'
import type { Scope } from '../find/scope.ts'
import { firstDay, firstLateDay, type WindowSettings } from '../find/window.ts'
import type { Findings } from '../find/search-result.ts'
import type { S3Clock } from '../s3/clock.ts'
import type { Finding } from './finding.ts'
import type { StoredLog } from './leaf-days.ts'
import type { LeafResult } from './leaf-result.ts'
import { logJudge, type LogState } from './log-state.ts'
import { UsageError } from '../settings/settings-error.ts'
import {
  firstProvableDay,
  minuteText,
  provableUntil,
  type AskedRange,
} from './range.ts'
import type { LogSource } from './read-log.ts'
import type { StoredRecords } from './stored-records.ts'

export interface ProveContext extends LogSource {
  s3Clock: Pick<S3Clock, 'now'>
  settings: WindowSettings
  scope: Scope
  isWanted(key: string): boolean
  cursor: Pick<Cursor, 'state'>
  /** What is known of older days, where there are any. */
  older: CursorState | undefined
  asked: AskedRange
  hashes: boolean
  /** What the host has stored, undefined where that is not asked. */
  stored: StoredRecords | undefined
}

/** A proof whose folders are found: its range in ms since 1970, what became of the search for folders, and its leaves, one by one. */
export interface StartedProof {
  from: number
  to: number
  /** The range that was asked for reaches further than what can be proved. */
  isCut: boolean
  findings: Findings
  /** What is to be told of the search. */
  said: readonly Finding[]
  results: AsyncGenerator<LeafResult>
}

/** Makes the judge of logs, by S3's present time. */
export function judgeOf({
  cursor,
  older,
  scope,
  isWanted,
  settings,
  s3Clock,
}: Omit<ProveContext, 'asked'>): (log: StoredLog) => LogState {
  const { state } = cursor
  return logJudge({
    states: older ? [state, older] : [state],
    scope,
    isWanted,
    lateFrom: firstLateDay(cursor, settings, s3Clock.now()),
  })
}

/** Gives the range over all leaves, each given by the prefixes that it goes by; throws UsageError where nothing of what is asked for can be proved yet. */
export function rangeOf(
  leaves: readonly (readonly string[])[],
  context: Pick<ProveContext, 'asked' | 'cursor' | 'settings' | 's3Clock'>,
): Pick<StartedProof, 'from' | 'to' | 'isCut'> {
  const { asked, s3Clock } = context
  const until = provableUntil(s3Clock.now())
  const isCut = asked.to !== undefined && asked.to > until
  const to = isCut ? until : (asked.to ?? until)
  if (asked.from !== undefined && asked.from >= to)
    throw new UsageError(
      `--from: ${minuteText(asked.from)} is too late: what can be proved now ends at ${minuteText(to)}, since a digest may come two hours after its hour`,
    )
  const firsts = leaves.map(prefixes => fromOf(prefixes, context))
  const from = firsts.reduce((a, b) => Math.min(a, b), Infinity)
  const fallback = Math.min(to, startOfDay(addDays(dayOf(to), -1)))
  return {
    from: asked.from ?? (firsts.length > 0 ? from : fallback),
    to,
    isCut,
  }
}

/** Gives the time, in ms since 1970, from which on a leaf is to be proved. */
export function fromOf(
  prefixes: readonly string[],
  {
    asked,
    cursor,
    settings,
    s3Clock,
  }: Pick<ProveContext, 'asked' | 'cursor' | 'settings' | 's3Clock'>,
): number {
  const fallback = firstDay(s3Clock.now(), settings)
  return (
    asked.from ?? startOfDay(firstProvableDay(prefixes, cursor.state, fallback))
  )
}
