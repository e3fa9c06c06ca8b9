// The inputs of a proof, for either log type: the bucket, the cursor as it was
// read, and the requested range, cut to the part that can be proved.

import type { CursorState } from '../cursor/cursor-state.ts'
import { addDays, dayOf, startOfDay } from '../find/day-folders.ts'
import type { Scope } from '../find/scope.ts'
import { firstDay, firstLateDay, type WindowSettings } from '../find/window.ts'
import type { SearchResult } from '../find/search-result.ts'
import type { S3Time } from '../s3/s3-clock.ts'
import type { ListedObject } from '../s3/object-store.ts'
import { inOrder } from '../find/pool.ts'
import type { Finding } from './digests/digest-finding.ts'
import type { LeafResult } from './logs/leaf-result.ts'
import type { TellUnkept } from './logs/record-result.ts'
import { logJudge, type LogState } from './logs/log-state.ts'
import { UsageError } from '../settings/settings-error.ts'
import {
  firstProvableDay,
  minuteText,
  provableUntil,
  type AskedRange,
} from './range.ts'
import type { LogSource } from './logs/read-log.ts'
import type { StoredRecords } from './stored/stored-records.ts'

/** The knowledge of the cursor. */
export interface Known {
  state: CursorState
  /** The knowledge about older days, if there are any; a function reads it when a judgement depends on it. */
  older: CursorState | (() => Promise<CursorState>) | undefined
}

/** The values that determine the first provable day. */
export interface Reach {
  state: CursorState
  settings: WindowSettings
  s3Clock: S3Time
}

interface LogRules extends Known, Reach {
  scope: Scope
  matchesPatterns(key: string): boolean
}

/** The checks of each log beside its judgement. */
export interface LogTerms extends LogSource {
  /** Reads each log and compares its hash. */
  hashes: boolean
  /** The records that the host has stored, undefined if they are not checked. */
  stored: StoredRecords | undefined
  /** Reports the things that a leaf does not keep by name; without it they are only counted. */
  tell?: TellUnkept | undefined
}

/** The inputs of a proof and the requested range. */
export interface ProofSource extends LogRules, LogTerms {
  asked: AskedRange
}

/** A part that is proved by itself: the leaves that share a folder of digests, or one leaf. */
export interface ProofUnit {
  /** The folder of the digests, or the leaf, and its leaves in scope. */
  folder: string
  leaves: readonly string[]
  /** Gives undefined if there is nothing to report. */
  prove(): Promise<LeafResult | undefined>
}

/** The range over all leaves, in ms since 1970. */
export interface ProofRange {
  from: number
  to: number
  /** The requested range exceeds the provable one: after its end, or before its beginning. */
  isCut: boolean
  isCutBefore: boolean
}

/** A proof whose folders are found: its range, the result of the search for folders, and the results of its leaves, one by one. */
export interface StartedProof extends ProofRange {
  /** The number of leaves whose logs the settings want. */
  leaves: number
  /** All existing leaves belong to other shards. */
  isEmptyShard: boolean
  search: SearchResult
  /** The findings of the search. */
  said: readonly Finding[]
  results: AsyncGenerator<LeafResult>
}

/** The number of units that are proved at the same time. */
export const UNITS_AT_ONCE = 4

/** Proves units, several at once, and yields their results in order. */
export async function* proveAll(
  units: readonly ProofUnit[],
): AsyncGenerator<LeafResult> {
  for await (const result of inOrder(units, UNITS_AT_ONCE, unit =>
    unit.prove(),
  ))
    if (result !== undefined) yield result
}

/** Judges a log by the present knowledge. */
export type Judge = (log: ListedObject) => LogState | Promise<LogState>

/** Makes the judge of logs, by S3's present time. */
export function judgeOf(rules: LogRules): Judge {
  const { state, older, scope, matchesPatterns, settings, s3Clock } = rules
  const lateFrom = firstLateDay(state, settings, s3Clock.now())
  const judgeBy = (...states: [CursorState, ...CursorState[]]) =>
    logJudge({ states, scope, matchesPatterns, lateFrom })
  if (typeof older !== 'function')
    return older ? judgeBy(state, older) : judgeBy(state)
  const judge = judgeBy(state)
  let judgeByAll: Promise<Judge> | undefined
  return async log => {
    const found = judge(log)
    if (found !== 'not_collected' && found !== 'no_longer_known') return found
    judgeByAll ??= older().then(days => judgeBy(state, days))
    return (await judgeByAll)(log)
  }
}

/** Gives the range over all leaves, each given by its prefixes; throws UsageError if no part of the requested range can be proved, or none yet. */
export function rangeOf(
  leaves: readonly (readonly string[])[],
  asked: AskedRange,
  reach: Reach,
): ProofRange {
  const until = provableUntil(reach.s3Clock.now())
  const isCut = asked.to !== undefined && asked.to > until
  const to = isCut ? until : (asked.to ?? until)
  if (asked.from !== undefined && asked.from >= to)
    throw new UsageError(
      `--from: ${minuteText(asked.from)} is too late: the time that can be proved now ends at ${minuteText(to)}, since a digest may come two hours after its hour`,
    )
  if (leaves.length === 0) {
    const from = asked.from ?? startOfDay(addDays(dayOf(to), -1))
    return { from, to, isCut, isCutBefore: false }
  }
  const firsts = leaves.map(prefixes => fromOf(prefixes, asked, reach))
  const from = firsts.reduce((a, b) => Math.min(a, b), Infinity)
  if (from >= to)
    throw new UsageError(
      `nothing before ${minuteText(to)} can be proved: the first day that was collected, or is still known, begins at ${minuteText(from)}`,
    )
  const isCutBefore = asked.from !== undefined && asked.from < from
  return { from, to, isCut, isCutBefore }
}

/** Gives the time, in ms since 1970, from which on a leaf is to be proved: the requested one, but at the earliest that of the cursor's oldest knowledge. */
export function fromOf(
  prefixes: readonly string[],
  asked: AskedRange,
  { state, settings, s3Clock }: Reach,
): number {
  const fallback = firstDay(s3Clock.now(), settings)
  if (asked.from === undefined)
    return startOfDay(firstProvableDay(prefixes, state, fallback))
  const first = startOfDay(firstProvableDay([], state, fallback))
  return Math.max(asked.from, first)
}
