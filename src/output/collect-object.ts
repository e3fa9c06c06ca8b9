// Collects one fetched object: emits its records and notes the commit that
// their lines stand for. An object that fails fails alone: what was whole
// before the fault is committed, the rest is kept for another try.

import type { Download } from '../bucket/download.ts'
import type { Candidate } from '../bucket/listing.ts'
import { SourceError } from '../bucket/source-error.ts'
import type { Cursor } from '../cursor/cursor.ts'
import { failedAttempt, recordsDone } from '../cursor/failed-objects.ts'
import { fingerprint } from '../cursor/fingerprint.ts'
import { LineBuilder } from './build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { CommitLedger } from './commit-ledger.ts'
import { emitObject, type Emission } from './emit-object.ts'
import type { LineWriter } from './line-writer.ts'
import type { Report } from './report.ts'
import type { Counts } from './summary.ts'

export interface CollectContext {
  settings: Pick<
    Settings,
    'BucketName' | 'OriginalMessage' | 'MaxRecordBytes' | 'MaxObjectAttempts'
  >
  logType: LogType
  cursor: Cursor
  cycle: number
  writer: LineWriter
  ledger: CommitLedger
  report: Report
  counts: Counts
  mustStop(): boolean
  drain(): Promise<void>
}

/** Emits an object; false when the cycle takes no more. Throws only what ends the cycle. */
export async function collectObject(
  { candidate, open }: Download,
  context: CollectContext,
): Promise<boolean> {
  const { cursor, writer, ledger, counts } = context
  const { key } = candidate
  let body: Awaited<ReturnType<Download['open']>>
  try {
    body = await open()
  } catch (error) {
    if (context.mustStop()) return false
    noteFailure(candidate, { error, etag: '', records: 0 }, context)
    return true
  }
  const { etag } = body
  counts.bytes_in += body.size
  const notePartial = (records: number): void =>
    ledger.note(writer.added, () =>
      cursor.record({ k: 'partial', key, etag, records }),
    )
  const skip = recordsDone(cursor, key, etag)
  const emission = await emitObject(body.chunks, skip, {
    ...context,
    lines: lineBuilder(key, context),
    onStep: notePartial,
  })
  reportMalformed(key, emission, context)
  switch (emission.end) {
    case 'whole':
      counts.objects_done++
      ledger.note(writer.added, () => {
        const print = fingerprint(key, body.size)
        cursor.commit(candidate.folder, candidate.day, print, emission.newest)
        if (cursor.state.partial.has(key) || cursor.state.failed.has(key))
          cursor.record({ k: 'settled', key })
        candidate.unsettled.delete(candidate)
      })
      return true
    case 'failed':
      noteFailure(candidate, { ...emission, etag }, context)
      return true
    default:
      if (emission.records > skip) notePartial(emission.records)
      return false
  }
}

function lineBuilder(key: string, { logType, settings }: CollectContext) {
  return new LineBuilder({
    logType,
    bucket: settings.BucketName,
    key,
    originalMessage: settings.OriginalMessage,
    maxRecordBytes: settings.MaxRecordBytes,
  })
}

function noteFailure(
  candidate: Candidate,
  attempt: { error: unknown; etag: string; records: number },
  context: CollectContext,
): void {
  const { cursor, cycle, counts, ledger, writer, report } = context
  counts.objects_failed++
  const object = `s3://${context.settings.BucketName}/${candidate.key}`
  const { code, message } = describe(attempt.error, object)
  const failed = failedAttempt(
    candidate,
    { code, message, etag: attempt.etag, records: attempt.records },
    cursor,
    cycle,
    context.settings.MaxObjectAttempts,
  )
  const outlook = failed.quarantined
    ? 'it is quarantined'
    : `attempt ${failed.attempts}, the next is in cycle ${failed.due}`
  report.error('object_failed', `${message}; ${outlook}`, {
    key: candidate.key,
    code,
    attempts: failed.attempts,
    quarantined: failed.quarantined,
    records: failed.records,
  })
  ledger.note(writer.added, () => {
    cursor.record({ k: 'failed', ...failed })
    candidate.unsettled.delete(candidate)
  })
}

// A decoder does not know what it reads; the bucket names it.
function describe(
  error: unknown,
  object: string,
): { code: string; message: string } {
  const { code, message } = (error ?? {}) as Record<string, unknown>
  const text = typeof message === 'string' ? message : String(error)
  return {
    code: typeof code === 'string' ? code : 'UnknownError',
    message: error instanceof SourceError ? text : `reading ${object}: ${text}`,
  }
}

function reportMalformed(
  key: string,
  emission: Emission,
  { report }: CollectContext,
): void {
  if (emission.malformed === 0) return
  report.warn(
    'malformed_records',
    `${emission.malformed} records could not be parsed; ` +
      'they were emitted with original_message alone',
    { key, records: emission.malformed },
  )
}
