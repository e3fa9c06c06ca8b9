// Collects one fetched object: prints its records and notes the commit that
// their lines stand for. A failing object fails alone: the whole records before
// the fault are committed, and the rest is kept for another try.

import type { Fetched } from '../fetch/fetch-object.ts'
import type { Spool } from '../fetch/spool.ts'
import { SpoolError } from '../fetch/spool-error.ts'
import { isIn } from '../find/known-objects.ts'
import { listedEtag, type Candidate } from '../find/listing-result.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { isSameVersion } from '../s3/etag.ts'
import { s3Url } from '../s3/object-store.ts'
import { commitObject, forgetAttempts } from '../cursor/commit-object.ts'
import { cutState, UNCUT } from '../cursor/cut-state.ts'
import { begun, stepsDone } from '../cursor/failed-objects.ts'
import { NO_STEPS, stepsOf, type Steps } from '../cursor/kept-objects.ts'
import { DecodeError } from '../decode/decode-error.ts'
import { LineBuilder } from '../output/build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import type { Settings } from '../settings/settings-table.ts'
import { emitObject, type Emission } from './emit-object.ts'
import { recordCut, type CutRecording } from './record-cut.ts'
import { recordFailure, settle, UNREAD } from './record-failure.ts'
import type { Report } from '../report/report.ts'
import type { Turn } from './turns.ts'

/** The inputs of an object's lines. */
export interface LineForm {
  settings: Pick<Settings, 'BucketName' | 'OriginalMessage' | 'MaxRecordBytes'>
  logType: LogType
}

export interface Collecting extends CutRecording {
  settings: CutRecording['settings'] & LineForm['settings']
  logType: LogType
  spool: Pick<Spool, 'remove'>
  /** Tells whether the cycle is over. */
  mustStop(): boolean
  drain(): Promise<void>
}

/** Prints an object in its turn; false when the cycle takes no more. Throws only errors that end the cycle. */
export async function collectObject(
  { candidate, body }: Pick<Fetched, 'candidate' | 'body'>,
  turn: Turn,
  context: Collecting,
): Promise<boolean> {
  const { cursor, writer, commits, memory, counts, spool } = context
  const { key, folder } = candidate
  const { etag, size } = body
  const isOther = isOtherThanListed(candidate, body)
  if (isOther && isIn(folder, { key, size })) {
    const error = otherThanListed(candidate, body, context)
    recordFailure(candidate, { ...UNREAD, error }, context)
    return true
  }
  // If another server gave this answer, the listed object is still to come.
  const found = isOther ? { ...candidate, size } : candidate
  const emitted = { found, etag, size, whole: false, newest: '' }
  const recordSteps = (steps: Steps): void => {
    const { records: at } = writer.added
    const commit = (): void => {
      const { cut, share } = cutState(cursor, key) ?? UNCUT
      cursor.record({ k: 'partial', key, etag, size, ...steps, cut, share })
    }
    commits.add(writer.added, commit, () => {
      memory.keep(at, { ...emitted, steps })
      commit()
    })
  }
  const earlier = begun(cursor.state, key)
  const done = stepsDone(cursor, key, etag)
  const lines = lineBuilder(key, context)
  const emission = await emitObject(body.chunks, done, {
    logType: context.logType,
    lines,
    writer,
    mustStop: hasGained => turn.mustStop(hasGained),
    drain: () => turn.waiting(context.drain()),
    onStep: recordSteps,
  })
  reportMalformed(key, emission, context.report)
  const { end, error } = emission
  const steps = stepsOf(emission)
  const hasGained = steps.records > done.records
  switch (end) {
    case 'whole': {
      counts.objects_done++
      if (candidate.late) counts.objects_late++
      const { records: at } = writer.added
      const { newest } = lines
      const settleIt = (): void => {
        settle(candidate, counts)
        void spool.remove(key)
      }
      const commit = (): void => {
        commitObject(cursor, found, size, newest)
        settleIt()
      }
      commits.add(writer.added, commit, () => {
        // Without records there is nothing to wait for.
        if (!hasGained && !memory.holds(key)) return commit()
        memory.keep(at, { ...emitted, whole: true, newest, steps })
        forgetAttempts(cursor, key)
        settleIt()
      })
      return true
    }
    case 'failed':
      // The kept steps may be the cause of the failure.
      await spool.remove(key)
      if (error instanceof SpoolError && hasGained) recordSteps(steps)
      // Bytes that could not be decoded give no position for the next attempt:
      // the transfer may have damaged them.
      recordFailure(
        candidate,
        {
          ...(error instanceof DecodeError ? NO_STEPS : steps),
          records: steps.records,
          error,
          etag,
          size,
          counts: true,
        },
        context,
      )
      return true
    default: {
      if (!hasGained) turn.recordIdle()
      const used = turn.used()
      recordCut(
        candidate,
        { etag, size, earlier, steps, hasGained, used },
        context,
      )
      return end === 'cut' && !context.mustStop()
    }
  }
}

// A proxy's page has another size and ETag than the listed object, and so has a
// newer version, which will be listed by its own size.
function isOtherThanListed(
  candidate: Candidate,
  { etag, size }: Pick<Fetched['body'], 'etag' | 'size'>,
): boolean {
  return size !== candidate.size && !isSameVersion(etag, listedEtag(candidate))
}

const otherThanListed = (
  { key, size }: Candidate,
  body: Pick<Fetched['body'], 'size'>,
  { settings }: LineForm,
): SourceError =>
  new SourceError(
    `reading ${s3Url(settings.BucketName, key)}: ${size} bytes are listed, but the answer was again ` +
      `another version, of ${body.size} bytes, which was collected before; ` +
      'check Endpoint and any proxy',
    { code: 'OtherVersion', kind: 'object' },
  )

/** Makes the builder of an object's lines. */
export function lineBuilder(
  key: string,
  { logType, settings }: LineForm,
): LineBuilder {
  return new LineBuilder({
    logType,
    object: s3Url(settings.BucketName, key),
    originalMessage: settings.OriginalMessage,
    maxRecordBytes: settings.MaxRecordBytes,
  })
}

/** Warns of records that could not be parsed, and of columns that were left out. */
export function reportMalformed(
  key: string,
  emission: Emission,
  report: Report,
): void {
  if (emission.leftOut > 0)
    report.warn(
      'columns_left_out',
      `${emission.leftOut} nested or repeated columns were left out, since flow logs have none`,
      { key, columns: emission.leftOut },
    )
  if (emission.malformed === 0) return
  report.warn(
    'malformed_records',
    `${emission.malformed} records could not be parsed; ` +
      'they were emitted with original_message alone',
    { key, records: emission.malformed },
  )
}
