// The counts of a cycle, under the names of its last line on stderr.

import type { Cursor } from '../cursor/cursor.ts'
import type { VerifyNote } from '../cursor/verify-note.ts'
import { quarantinedCount } from '../cursor/shelve.ts'
import type { Written } from '../output/line-writer.ts'
import { counted, span } from '../report/words.ts'

/** Makes counts that are all zero. */
export const noCounts = () => ({
  objects_found: 0,
  objects_done: 0,
  objects_failed: 0,
  objects_quarantined: 0,
  objects_left: 0,
  objects_late: 0,
  objects_filtered: 0,
  records: 0,
  bytes_in: 0,
  bytes_out: 0,
  lists: 0,
  gets: 0,
  retries: 0,
})

/** The counts of a cycle. */
export type Counts = ReturnType<typeof noCounts>

/** With VerifyMinutes: the time up to which the collection was proved, and the number of unproved things. */
interface ProvedSummary {
  verified_until?: string
  not_proved?: number
}

/** The counts of a cycle, its lag, and its duration. */
export interface Summary extends Counts, ProvedSummary {
  newest_event: string
  lag_seconds: number | null
  duration_ms: number
}

/** Counts the output that the host has accepted so far. */
export function countOutput(counts: Counts, accepted: Written): void {
  counts.records = accepted.records
  counts.bytes_out = accepted.bytes
}

/** Gives the results of the proofs of this and earlier cycles. */
export function provedSummary({ until, notProved }: VerifyNote): ProvedSummary {
  return {
    ...(until > 0 && { verified_until: new Date(until).toISOString() }),
    not_proved: notProved,
  }
}

/** Gives the result of a cycle, or of a replay, in one sentence. */
export function summaryText(
  what: string,
  counts: Counts & Partial<Summary>,
): string {
  const { records, objects_done: done, duration_ms: ms = 0 } = counts
  const { newest_event: newest = '', lag_seconds: lag = null } = counts
  const rest = [
    [counts.objects_failed, 'failed'],
    [counts.objects_left, 'left for later'],
    [counts.objects_quarantined, 'quarantined'],
  ] as const
  return [
    `${what}: ${counted(records, 'record')} of ${counted(done, 'object')} in ${(ms / 1000).toFixed(1)} s`,
    ...rest
      .filter(([count]) => count > 0)
      .map(([count, how]) => `${counted(count, 'object')} ${how}`),
    ...(newest === ''
      ? []
      : [`newest event ${newest} (${span(lag ?? 0)} ago)`]),
  ].join(', ')
}

/** Completes the counts; `now` is S3's time in ms since 1970. */
export function summarize(
  counts: Counts,
  cursor: Cursor,
  now: number,
  duration: number,
): Summary {
  const { partitions, leaves, taken } = cursor.state
  let newest = ''
  for (const one of [
    ...partitions.values(),
    ...leaves.values(),
    ...taken.values(),
  ])
    if (one.newest > newest) newest = one.newest
  return {
    ...counts,
    objects_quarantined: quarantinedCount(cursor.state),
    newest_event: newest,
    lag_seconds:
      newest === '' ? null : Math.round((now - Date.parse(newest)) / 1000),
    duration_ms: Math.round(duration),
  }
}
