// Records the findings about a leaf in bounded memory: a limited number of
// names of each kind is kept; further ones are counted, and handed on to be
// reported at once.

import { messageOf } from '../../report/words.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import {
  plainFault,
  type Finding,
  type FindingCode,
} from '../digests/digest-finding.ts'
import {
  faultStates,
  noCounts,
  type DayCounts,
  type FaultState,
  type FaultyLog,
  type LeafResult,
  type MoreKind,
  type Unkept,
} from './leaf-result.ts'
import type { LogState } from './log-state.ts'

// Of each kind and leaf.
const MAX_KEPT = 5000

/** Reports the things that a leaf does not keep. */
export type TellUnkept = (
  result: LeafResult,
  things: readonly Unkept[],
) => Promise<void>

/** Records a finding; `isOwed` says whether the proof needs the subject of the finding. */
export function recordFinding(
  result: LeafResult,
  given: Finding,
  isOwed = true,
): void {
  const { level, code, key = '', hour = '' } = given
  const isFault = isOwed && level === 'fault'
  const finding: Finding = isFault ? given : { ...given, level: 'warning' }
  if (result.findings.length >= MAX_KEPT) {
    result.more[isFault ? faultKind(code) : 'warnings']++
    result.unkept.push({ kind: 'finding', finding })
    return
  }
  result.findings.push(finding)
  if (!isFault) return
  if (code === 'missing') result.missingDigests.push(key)
  if (code === 'gap' || code === 'uncovered') result.gaps.push(hour)
}

const faultKind = (code: FindingCode): MoreKind =>
  code === 'missing'
    ? 'missing_digests'
    : code === 'gap'
      ? 'gaps'
      : 'other_faults'

/** Hands on the things that are not kept. */
export async function handOn(
  result: LeafResult,
  tell: TellUnkept | undefined,
): Promise<void> {
  if (result.unkept.length === 0) return
  const { unkept } = result
  result.unkept = []
  await tell?.(result, unkept)
}

/** Records an error of a listing of a leaf; throws any other than a SourceError. */
export function recordListingError(result: LeafResult, error: unknown): void {
  if (!(error instanceof SourceError)) throw error
  recordFinding(result, plainFault('listing', messageOf(error)))
}

/** Counts one log of a day; gives the counts of the day. */
export function countLog(result: LeafResult, day: string): DayCounts {
  let counts = result.days.get(day)
  if (counts === undefined) result.days.set(day, (counts = noCounts()))
  counts.logs++
  return counts
}

/** Records the state of a log that was counted. */
export function recordState(
  result: LeafResult,
  { key, day }: { key: string; day: string },
  state: LogState | FaultState,
  reason = '',
): void {
  if (isFaultState(state))
    return recordFault(result, { key, day, state, reason })
  const counts = result.days.get(day)
  if (counts) counts[state]++
}

/** Records a fault that breaks the proof of a counted log; its state may have been recorded before. */
export function recordFault(result: LeafResult, log: FaultyLog): void {
  const { faulty, more } = result
  if (faulty.length < MAX_KEPT) faulty.push(log)
  else {
    more[log.state]++
    result.unkept.push({ kind: 'log', log })
  }
  const counts = result.days.get(log.day)
  if (counts) counts.faulty++
}

/** Records an object that no digest names. */
export function countUndigested(result: LeafResult, key: string): void {
  const { undigested, more } = result
  if (undigested.length < MAX_KEPT) undigested.push(key)
  else {
    more.undigested++
    result.unkept.push({ kind: 'undigested', key })
  }
}

const isFaultState = (state: LogState | FaultState): state is FaultState =>
  (faultStates as readonly string[]).includes(state)
