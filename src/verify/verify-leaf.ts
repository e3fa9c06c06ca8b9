// Proves one leaf: takes the events of its digests in the order of reading,
// looks for each log in the bucket and in the cursor, and reads it if asked to.
// Objects that no digest named are reported at the end.

import { addDays, dayOf } from '../find/day-folders.ts'
import { inParallel } from '../find/pool.ts'
import type { Scope } from '../find/scope.ts'
import { compare, counted, messageOf } from '../report/words.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { s3Url } from '../s3/object-store.ts'
import type { CursorState } from '../cursor/cursor-state.ts'
import { checkLog, type LogCheck } from './logs/check-log.ts'
import type { DigestEvent } from './digests/digest-events.ts'
import type { Span } from './digests/digest-hours.ts'
import { plainFault, type Finding } from './digests/digest-finding.ts'
import { recordRest, recordUncovered, type Witnesses } from './leaf-rest.ts'
import { LeafDays, type NamedLog, type TakenLog } from './logs/leaf-days.ts'
import {
  emptyResult,
  type LeafPlace,
  type LeafResult,
} from './logs/leaf-result.ts'
import {
  countLog,
  recordFault,
  recordFinding,
  recordState,
  handOn,
} from './logs/record-result.ts'
import { placeOf } from './logs/log-place.ts'
import { isLogInScope } from './logs/log-scope.ts'
import { toldState } from './logs/log-state.ts'
import type { Judge, LogTerms } from './prove.ts'
import type { LogSource } from './logs/read-log.ts'

/** A folder of digests, and the leaves of its logs. */
export interface DigestPlace extends LeafPlace {
  leaves: readonly string[]
}

/** A span and the days that it touches. */
export interface DaySpan extends Span {
  days: readonly string[]
}

/** The leaves that a folder of digests proves, and the time. */
export interface LeafPlan extends DigestPlace, DaySpan {}

interface LeafSource extends LogTerms {
  scope: Scope
  state: CursorState
}

const BATCH = 256
const MAX_FOLDERS = 10_000

/** Proves a leaf as far as its digests go; throws the errors of reading them. */
export async function verifyLeaf(
  events: AsyncIterable<DigestEvent>,
  plan: LeafPlan,
  judge: Judge,
  witnesses: Witnesses,
  source: LeafSource,
): Promise<LeafResult> {
  const { store, signal, tell } = source
  const { FilePath } = source.scope
  const result = emptyResult(plan)
  const areRead = source.hashes || source.stored !== undefined
  const listing = { store, signal, FilePath, areRead }
  const days = new LeafDays(plan.leaves, plan.days, listing)
  const isOwed = plan.leaves.length > 0
  const isInScope = scopeTest(source.scope)
  const firstDay = dayOf(plan.from)
  let isCovered = false
  let checks: LogCheck[] = []
  const check = async (): Promise<void> => {
    await checkAll(checks, result, source)
    checks = []
  }
  for await (const event of events) {
    if (event.kind === 'finding') recordFinding(result, event, isOwed)
    else if (event.kind === 'digest') {
      result.digests++
      result.trails.add(event.chain.trail)
      days.letGo(addDays(dayOf(event.chain.end), -1))
    } else if (event.kind === 'end') {
      if (!event.chain.isBackfill) {
        isCovered ||= event.coversAny && event.to > plan.from
        if (isOwed && event.to > plan.from)
          result.coveredTo = Math.min(result.coveredTo, event.to)
      }
    } else if (event.isHere) {
      const found = await judgeLog(
        { ...event.log, isSure: event.isSure },
        days,
        result,
        isInScope,
        firstDay,
        judge,
        source,
      )
      if (found !== undefined) checks.push(found)
      if (checks.length === BATCH) await check()
    } else result.elsewhere++
    await handOn(result, tell)
    if (signal.aborted) break
  }
  await check()
  if (result.elsewhere > 0) recordFinding(result, otherBucket(result), isOwed)
  if (!signal.aborted) {
    const rest = await recordRest(days, plan, result, witnesses.held, tell)
    if (isOwed && !isCovered)
      await recordUncovered(result, plan, rest, witnesses)
  }
  // Logs are read several at once, so faults come in any order.
  result.faulty.sort((a, b) => compare(a.key, b.key))
  return result
}

// A folder is in scope as a whole or not at all.
function scopeTest(scope: Scope): (key: string) => boolean {
  const known = new Map<string, boolean>()
  return key => {
    const folder = key.slice(0, key.lastIndexOf('/') + 1)
    let isIn = known.get(folder)
    if (isIn === undefined) {
      isIn = isLogInScope(key, placeOf(key).leaf, scope)
      // A digest may name any number of folders.
      if (known.size < MAX_FOLDERS) known.set(folder, isIn)
    }
    return isIn
  }
}

const otherBucket = ({ elsewhere }: LeafResult): Finding =>
  plainFault(
    'malformed',
    `its digests name ${counted(elsewhere, 'log')} in another bucket than their own, where no log is looked for`,
  )

// Records the state of a log; gives the check that reads it, if it is to be
// read.
async function judgeLog(
  named: NamedLog,
  days: LeafDays,
  result: LeafResult,
  isInScope: (key: string) => boolean,
  firstDay: string,
  judge: Judge,
  { state, hashes, stored }: LeafSource,
): Promise<LogCheck | undefined> {
  const { key, hash } = named
  const { day } = placeOf(key)
  if (!isInScope(key)) {
    countLog(result, day)
    recordState(result, { key, day }, 'out_of_scope')
    return undefined
  }
  let taken: TakenLog | 'again'
  try {
    taken = await days.take(named)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    countLog(result, day)
    recordState(result, { key, day }, 'unread', messageOf(error))
    return undefined
  }
  if (taken === 'again') return undefined
  const { log, isAgain } = taken
  // Its state was recorded before; now it has another hash.
  if (isAgain)
    return log && (hashes || stored)
      ? { log, day, hash, stored: undefined }
      : undefined
  countLog(result, day)
  if (log === undefined) {
    recordState(result, { key, day }, 'missing')
    return undefined
  }
  const found = await judge(log)
  const told = toldState(found, { key, day }, firstDay, state)
  recordState(result, { key, day }, told.state, told.reason)
  const isStored = found === 'collected' || found === 'no_longer_known'
  if (!hashes && !(stored && isStored)) return undefined
  return { log, day, hash, stored: isStored ? stored : undefined }
}

/** Reads logs, several at once, and records their faults. */
export async function checkAll(
  checks: readonly LogCheck[],
  result: LeafResult,
  source: LogSource,
): Promise<void> {
  const goesOn = (): boolean => !source.signal.aborted
  await inParallel([...checks], goesOn, async one => {
    const { day, log, stored } = one
    const { key } = log
    result.repeats += stored?.repeatsOf(s3Url(source.bucket, key)) ?? 0
    for await (const { state, reason } of checkLog(one, source))
      // A check that a signal interrupted gives no finding.
      if (goesOn()) recordFault(result, { key, day, state, reason })
  })
}
