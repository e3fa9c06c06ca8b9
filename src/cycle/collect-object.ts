// Collects one fetched object: emits its records and notes the commit that
// their lines stand for. An object that fails fails alone: what was whole
// before the fault is committed, the rest is kept for another try.

import type { Fetched } from '../fetch/fetch-object.ts'
import type { Spool } from '../fetch/spool.ts'
import { SpoolError } from '../fetch/spool-error.ts'
import { commitObject } from '../cursor/commit-object.ts'
import { recordsDone } from '../cursor/failed-objects.ts'
import { LineBuilder } from '../output/build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import type { Settings } from '../settings/settings-table.ts'
import { emitObject, type Emission } from './emit-object.ts'
import { noteFailure, settle, type FailureContext } from './record-failure.ts'
import { s3Url } from '../s3/object-store.ts'

/** What the lines of an object depend on. */
export interface LineContext {
  settings: Pick<Settings, 'BucketName' | 'OriginalMessage' | 'MaxRecordBytes'>
  logType: LogType
}

export interface CollectContext extends FailureContext {
  settings: FailureContext['settings'] & LineContext['settings']
  logType: LogType
  spool: Pick<Spool, 'remove'>
  mustStop(): boolean
  drain(): Promise<void>
}

/** Emits an object; false when the cycle takes no more. Throws only what ends the cycle. */
export async function collectObject(
  { candidate, body }: Pick<Fetched, 'candidate' | 'body'>,
  context: CollectContext,
): Promise<boolean> {
  const { cursor, writer, ledger, counts, spool } = context
  const { key } = candidate
  const { etag, size } = body
  const notePartial = (records: number): void =>
    ledger.note(writer.added, () =>
      cursor.record({ k: 'partial', key, etag, size, records }),
    )
  const skip = recordsDone(cursor, key, etag)
  const lines = lineBuilder(key, context)
  const emission = await emitObject(body.chunks, skip, {
    ...context,
    lines,
    onStep: notePartial,
  })
  reportMalformed(key, emission, context)
  const { end, error, records } = emission
  switch (end) {
    case 'whole':
      counts.objects_done++
      if (candidate.late) counts.objects_late++
      ledger.note(writer.added, () => {
        commitObject(cursor, candidate, size, lines.newest)
        settle(candidate, counts)
        void spool.remove(key)
      })
      return true
    case 'failed':
      // What is kept of it may be what is wrong with it.
      await spool.remove(key)
      if (error instanceof SpoolError && records > skip) notePartial(records)
      noteFailure(
        candidate,
        { error, etag, size, records, counts: true },
        context,
      )
      return true
    default:
      if (records > skip) notePartial(records)
      return false
  }
}

/** Makes what builds the lines of an object. */
export function lineBuilder(
  key: string,
  { logType, settings }: LineContext,
): LineBuilder {
  return new LineBuilder({
    logType,
    object: s3Url(settings.BucketName, key),
    originalMessage: settings.OriginalMessage,
    maxRecordBytes: settings.MaxRecordBytes,
  })
}

/** Warns of records that could not be parsed, if there were any. */
export function reportMalformed(
  key: string,
  emission: Emission,
  { report }: Pick<CollectContext, 'report'>,
): void {
  if (emission.malformed === 0) return
  report.warn(
    'malformed_records',
    `${emission.malformed} records could not be parsed; ` +
      'they were emitted with original_message alone',
    { key, records: emission.malformed },
  )
}
