// Reads a log in the bucket and reports its faults: it was altered since
// CloudTrail signed its hash, or the host has not stored all of it.

import { messageOf, some } from '../../report/words.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import { s3Url, type ListedObject } from '../../s3/object-store.ts'
import type { FaultState } from './leaf-result.ts'
import { inReadingTime } from '../digests/reading-time.ts'
import { countLog, readSignedLog, type LogSource } from './read-log.ts'
import type { StoredRecords, Stretch } from '../stored/stored-records.ts'

interface HeldLog {
  log: ListedObject
  /** The hash in a digest, undefined without one. */
  hash: string | undefined
  /** The records that the host has stored, undefined if these are not checked. */
  stored: StoredRecords | undefined
}

/** A log to be checked. */
export interface LogCheck extends HeldLog {
  /** The day that it is counted under. */
  day: string
}

/** A fault of a log. */
export interface LogFault {
  state: FaultState
  reason: string
}

/** Reads a log and yields its faults. */
export async function* checkLog(
  { log, hash, stored }: HeldLog,
  source: LogSource,
): AsyncGenerator<LogFault> {
  const read = hash === undefined ? countLog : readSignedLog
  let content
  try {
    content = await inReadingTime(log, source, signal =>
      read(log, { ...source, signal }),
    )
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    const isGone = error.code === 'NoSuchKey'
    yield { state: isGone ? 'missing' : 'unread', reason: messageOf(error) }
    return
  }
  const { notOne, notWhole, sha256, records } = content
  if (notOne !== '') return yield { state: 'altered', reason: notOne }
  if (hash !== undefined && sha256 !== hash)
    return yield {
      state: 'altered',
      reason: 'its SHA-256 is not the one in the digest',
    }
  if (stored === undefined) return
  if (notWhole !== '')
    return yield {
      state: 'not_stored',
      reason: `its records cannot be counted: ${notWhole}`,
    }
  const missing = stored.missing(s3Url(source.bucket, log.key), records)
  if (missing.length > 0)
    yield { state: 'not_stored', reason: missingText(missing, records) }
}

function missingText(missing: readonly Stretch[], records: number): string {
  const whole = missing[0]?.from === 1 && missing[0].to === records
  if (whole) return `none of its ${records} records is stored`
  const names = missing.map(({ from, to }) =>
    from === to ? `${from}` : `${from} to ${to}`,
  )
  return `of its ${records} records these are not stored: ${some(names)}`
}
