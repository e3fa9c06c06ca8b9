// With VerifyMinutes, a cycle that has time left proves, as `verify` does, that
// the last whole hours were collected. The proof comes after the commits, uses
// the rest of the cycle's time, and continues in the next cycle.

import { setMaxListeners } from 'node:events'
import type { Partition } from '../cursor/cursor-state.ts'
import type { VerifyNote } from '../cursor/verify-note.ts'
import { isSuspect } from '../find/clock-judgement.ts'
import { startOfDay } from '../find/day-folders.ts'
import { activeLeaves, isAtRest, windowOf } from '../find/window.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import { askKeys } from '../verify/keys/cloudtrail-api.ts'
import { isCaughtUp } from '../verify/caught-up.ts'
import { digestFoldersBeside } from '../verify/digests/digest-folders.ts'
import { flowUnits } from '../verify/prove-flow-logs.ts'
import { proveRound } from '../verify/prove-round.ts'
import { trailUnits } from '../verify/prove-trails.ts'
import type { ProofSource, ProofUnit } from '../verify/prove.ts'
import { keysOfCloudTrail } from '../verify/keys/public-keys.ts'
import type { Session } from './session.ts'
import { closed, dueRound, roundReason, roundText } from '../verify/round.ts'

// The rest of MaxCycleSeconds is for the output about the cycle itself.
const SHARE = 0.9
// A folder that is cut within less than this share of the time may only have
// started late.
const FAIR_SHARE = 0.5
const FLUSH_MS = 500
const PAGE = 1000

/** Proves the due hours, in a cycle that has used so many ms; gives the reason why the cycle is not whole, '' if nothing is wrong. Throws CursorError. */
export async function proveHours(
  spent: number,
  session: Session,
): Promise<string> {
  const { settings, cursor, clock, s3Clock, report, stop } = session
  const left = settings.MaxCycleSeconds * 1000 * SHARE - spent
  const round = isSuspect(cursor.state)
    ? undefined
    : roundOf(session, s3Clock.now())
  if (round === undefined || left <= 0 || stop.aborted) return ''
  const time = new AbortController()
  const over = new AbortController()
  void clock.sleep(left, over.signal).then(() => time.abort())
  const signal = AbortSignal.any([stop, time.signal])
  setMaxListeners(0, signal)
  const byDigests = session.logType.hasDigests
  let flushed = clock.elapsed()
  const onStep = (verify: VerifyNote): void => {
    cursor.record({ k: 'verify', ...verify })
    if (clock.elapsed() - flushed < FLUSH_MS) return
    flushed = clock.elapsed()
    // The next flush throws the error.
    cursor.flush().catch(() => {})
  }
  try {
    onStep(round)
    const units = await unitsOf(round, signal, session)
    const isLarge = (): boolean =>
      !stop.aborted &&
      left >= settings.MaxCycleSeconds * 1000 * SHARE * FAIR_SHARE
    const ended = await proveRound(round, units, {
      byDigests,
      isLarge,
      signal,
      onStep,
    })
    if (ended === undefined) return ''
    cursor.record({ k: 'verify', ...closed(ended) })
    const reason = roundReason(ended)
    const text = roundText(ended, byDigests)
    if (reason === '') report.info('verified', text)
    else report.warn('not_proved', text)
    return reason
  } catch (error) {
    if (signal.aborted) return ''
    if (!(error instanceof SourceError)) throw error
    const reason = `the proof of what was collected was broken off: ${error.message}`
    report.warn('not_verified', reason, { code: error.code })
    return reason
  } finally {
    over.abort()
    // Ends the requests that were begun ahead.
    time.abort()
    await cursor.flush()
  }
}

// Objects that are not collected yet are proved later.
function roundOf(
  { settings, cursor }: Session,
  now: number,
): VerifyNote | undefined {
  const { state } = cursor
  const days = activeLeaves(state, state.discovery.shape).map(
    ({ first }) => first,
  )
  const [first] = days.toSorted()
  if (first === undefined) return undefined
  const { VerifyMinutes } = settings
  const round = dueRound(state.verify, VerifyMinutes, now, startOfDay(first))
  const window = windowOf(state, settings, now)
  const atRest = (folder: Partition, day: string): boolean =>
    isAtRest(folder, day, window, settings, now)
  return round && isCaughtUp(state, round, atRest) ? round : undefined
}

async function unitsOf(
  { from, to }: VerifyNote,
  signal: AbortSignal,
  session: Session,
): Promise<ProofUnit[]> {
  const { settings, cursor, s3Clock, clock } = session
  const { state } = cursor
  const leaves = activeLeaves(state, state.discovery.shape)
  const store: ObjectStore = {
    get: request => session.store.get(request),
    list: request => session.store.list({ keys: PAGE, ...request }),
  }
  const proving: ProofSource = {
    ...session,
    state,
    store,
    signal,
    bucket: settings.BucketName,
    older:
      state.older.upTo === ''
        ? undefined
        : async () => (await cursor.older()).state,
    asked: { from, to },
    hashes: false,
    stored: undefined,
  }
  if (!session.logType.hasDigests) return flowUnits(leaves, proving, from).units
  const prefixes = leaves.map(({ prefix }) => prefix)
  const folders = await digestFoldersBeside(prefixes, store, signal)
  const keys = keysOfCloudTrail(askKeys(settings, s3Clock, clock, signal, true))
  return trailUnits(folders, proving, keys).units
}
