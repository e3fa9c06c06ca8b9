// Reports an object that could not be collected, and notes the attempt, to be
// committed with the records printed before it. A failure of the spool is no
// attempt: the object stays pending.

import type { Candidate } from '../find/listing-result.ts'
import { isRefusal, type Outage, type Refusal } from '../fetch/refusals.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { SpoolError } from '../fetch/spool-error.ts'
import type { S3Clock } from '../s3/s3-clock.ts'
import { concealed } from '../report/conceal.ts'
import type { Cursor } from '../cursor/cursor.ts'
import { NO_STEPS, stepsOf, type Steps } from '../cursor/kept-objects.ts'
import { failedAttempt, type Attempt } from '../cursor/failed-objects.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { Commits } from './commits.ts'
import type { HostMemory } from './host-memory.ts'
import type { Quarantine } from './quarantine.ts'
import type { LineWriter } from '../output/line-writer.ts'
import type { Report } from '../report/report.ts'
import type { Counts } from './summary.ts'
import { s3Url } from '../s3/object-store.ts'

export interface Recording {
  settings: Pick<Settings, 'BucketName' | 'MaxObjectAttempts'>
  cursor: Cursor
  cycle: number
  s3Clock: Pick<S3Clock, 'now'>
  writer: LineWriter
  commits: Commits
  memory: Pick<HostMemory, 'keep' | 'holds'>
  quarantine: Pick<Quarantine, 'takes'>
  report: Report
  counts: Counts
}

/** An attempt that did not even read the object. */
export const UNREAD = { etag: '', size: 0, ...NO_STEPS, counts: true }

// An outage may last for days, and each of these is kept by its whole key.
const MAX_SET_ASIDE = 1000
// The limit up to which alike refused or unreachable objects are reported one
// by one.
const MAX_TOLD = 10

/** Removes an object from the pending ones: it was committed, or its failure was noted. */
export function settle(candidate: Candidate, counts: Counts): void {
  if (candidate.pending.delete(candidate)) counts.objects_left--
}

/** Reports a failure, unless it is reported elsewhere, and records it once the printed records are committed. */
export function recordFailure(
  candidate: Candidate,
  attempt: Pick<Attempt, 'etag' | 'size' | 'counts' | keyof Steps> & {
    error: unknown
  },
  context: Recording,
  isTold = false,
): void {
  const { cursor, cycle, counts, commits, writer, report } = context
  const { error, ...read } = attempt
  const { key } = candidate
  const { BucketName, MaxObjectAttempts } = context.settings
  const { code, message } = describe(error, key, BucketName)
  if (error instanceof SpoolError) {
    counts.objects_failed++
    report.error('spool_failed', message, { key, code })
    return
  }
  const wasQuarantined = cursor.state.failed.get(key)?.quarantined ?? false
  const refused = isRefusal(error)
  const at = context.s3Clock.now()
  const failed = failedAttempt(
    candidate,
    { code, message, ...read, refused, at },
    cursor,
    cycle,
    MaxObjectAttempts,
  )
  if (!attempt.counts) {
    // It still counts as left, but as a retry.
    cursor.record({ k: 'failed', ...failed })
    candidate.pending.delete(candidate)
    return
  }
  if (!wasQuarantined) counts.objects_failed++
  const outlook = failed.quarantined
    ? 'it is quarantined'
    : `attempt ${failed.attempts}, the next is in cycle ${failed.due}`
  const say = wasQuarantined ? 'warn' : 'error'
  if (!isTold)
    report[say]('object_failed', `${message}; ${outlook}`, {
      key,
      code,
      attempts: failed.attempts,
      quarantined: failed.quarantined,
      records: failed.records,
    })
  const { records: added } = writer.added
  const settleIt = (): void => settle(candidate, counts)
  const commit = (): void => {
    if (context.quarantine.takes(failed, settleIt)) return
    cursor.record({ k: 'failed', ...failed })
    settleIt()
  }
  // No record of it waits for the host.
  if (failed.records === 0 && !context.memory.holds(key)) return commit()
  commits.add(writer.added, commit, () => {
    const { etag, size } = read
    const emitted = { found: candidate, etag, size, whole: false, newest: '' }
    const steps = stepsOf(read)
    if (read.records > 0) context.memory.keep(added, { ...emitted, steps })
    commit()
  })
}

/**
 * Records, at the end of a cycle, the refused and unreachable objects; many
 * with the same error are reported in one line. In an outage no attempt counts,
 * but a stalled object becomes a retry, or the same objects would occupy the
 * same workers in each cycle.
 */
export function recordRefusals(
  { held, outage }: { held: readonly Refusal[]; outage?: Outage | undefined },
  context: Recording,
): void {
  const { state } = context.cursor
  const told = outage ? new Set<string>() : tellOfMany(held, context.report)
  for (const { candidate, error, counts } of held) {
    const attempt = { ...UNREAD, error, counts }
    const isTold = told.has(error.code)
    if (!outage) recordFailure(candidate, attempt, context, isTold)
    else if (isStalled(error) && state.waiting < MAX_SET_ASIDE)
      recordFailure(candidate, { ...attempt, counts: false }, context)
  }
}

// Gives the codes that so many objects have in common that they are reported
// here, once each.
function tellOfMany(held: readonly Refusal[], report: Report): Set<string> {
  const byCode = new Map<string, Refusal[]>()
  for (const refusal of held) {
    const { code } = refusal.error
    const alike = byCode.get(code) ?? []
    if (refusal.counts) alike.push(refusal)
    byCode.set(code, alike)
  }
  const told = new Set<string>()
  for (const [code, refusals] of byCode) {
    const [one] = refusals
    if (one === undefined || refusals.length <= MAX_TOLD) continue
    told.add(code)
    report.error(
      'objects_failed',
      `objects that were not read, all for the same reason: ${refusals.length}; \`status\` names them, and they are tried again in later cycles; one of them: ${one.error.message}`,
      { code, objects: refusals.length },
    )
  }
  return told
}

// Without credentials no request was made, so nothing stalled.
const isStalled = ({ code, unsigned }: SourceError): boolean =>
  code === 'Stalled' && !unsigned

/** Gives a failure its code and words; a decoder does not know its object, so the object is named here. */
export function describe(
  error: unknown,
  key: string,
  bucket: string,
): { code: string; message: string } {
  const { code, message } = (error ?? {}) as Record<string, unknown>
  const text = typeof message === 'string' ? message : String(error)
  const isNamed = error instanceof SourceError || error instanceof SpoolError
  return {
    code: typeof code === 'string' ? code : 'UnknownError',
    message: concealed(
      isNamed ? text : `reading ${s3Url(bucket, key)}: ${text}`,
    ),
  }
}
