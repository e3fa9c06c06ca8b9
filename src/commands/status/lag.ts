// Measures the lag of the collection for probes: by the last cycle and by objects
// that were found and still wait. A quiet account has no new events, so the newest
// event counts only on request, as does the quarantine, which needs a person.

import { span } from '../../report/words.ts'
import { numberOption, UsageError } from '../../settings/settings-error.ts'
import { hostTimes } from '../host-numbers.ts'
import type { CursorStatus } from './cursor-status.ts'

/** The limit for a lag. */
export interface LagLimit {
  seconds: number
  isStrict: boolean
}

const MAX_SECONDS = 366 * 86_400
// A host may run cycles less often than every minute.
const PATIENT_SECONDS = 15 * 60
const PATIENT_INTERVALS = 3

/** Reports that the last cycle ended longer ago than any host's interval; '' if it did not. `at` and `now` are in ms since 1970. */
export function overdueText(
  at: number,
  now: number,
  maxCycleSeconds: number,
): string {
  const { interval } = hostTimes(maxCycleSeconds)
  const seconds = Math.max(PATIENT_SECONDS, PATIENT_INTERVALS * interval)
  return (now - at) / 1000 <= seconds
    ? ''
    : `no cycle has reached S3 and finished for more than ${span(seconds)}: check that the host runs \`collect\`, and read its lines on stderr (or LogFile)`
}

/** Reads the limit from the command line; undefined without --max-lag. Throws UsageError. */
export function lagLimit(
  maxLag: string | undefined,
  strict: boolean,
): LagLimit | undefined {
  if (maxLag === undefined) {
    if (strict) throw new UsageError('--strict goes with --max-lag SECONDS')
    return undefined
  }
  const takes = '--max-lag takes whole seconds'
  const seconds = numberOption(maxLag, MAX_SECONDS, takes, ', such as 900')
  return { seconds, isStrict: strict }
}

/** Lists the lags of a collection above the limit; `now` is S3's time in ms since 1970. */
export function lags(
  status: CursorStatus,
  { seconds, isStrict }: LagLimit,
  now: number,
): string[] {
  const isOver = (time: string): boolean =>
    now - Date.parse(time) > seconds * 1000
  const ago = (time: string): string => span((now - Date.parse(time)) / 1000)
  const { last_cycle: last, waiting_since: waiting, leaves } = status
  const found: string[] = []
  if (last === null) found.push('no cycle has reached S3 yet')
  else if (isOver(last.at))
    found.push(`the last cycle that reached S3 ended ${ago(last.at)} ago`)
  if (waiting !== '' && isOver(waiting))
    found.push(
      `the oldest object that was found and waits has been in the bucket for ${ago(waiting)}`,
    )
  if (!isStrict) return found
  const newest = leaves.map(leaf => leaf.newest_event).toSorted()
  const event = newest.at(-1) ?? ''
  if (event === '') found.push('no event was collected yet')
  else if (isOver(event)) found.push(`the newest event is ${ago(event)} old`)
  const { quarantined_objects: objects } = status
  if (objects > 0) found.push(`quarantined objects: ${objects}`)
  return found
}
