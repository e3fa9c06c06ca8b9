// Emits one fetched object from its first record to its last. A fault is reported,
// but not stored; the records before it have been emitted.

import { NO_STEPS } from '../../cursor/kept-objects.ts'
import type { Fetched } from '../../fetch/fetch-object.ts'
import type { Spool } from '../../fetch/spool.ts'
import {
  lineBuilder,
  reportMalformed,
  type LineForm,
} from '../../cycle/collect-object.ts'
import { emitObject } from '../../cycle/emit-object.ts'
import type { LineWriter } from '../../output/line-writer.ts'
import { describe } from '../../cycle/record-failure.ts'
import type { Report } from '../../report/report.ts'
import type { Counts } from '../../cycle/summary.ts'

interface FailureReport {
  settings: { BucketName: string }
  report: Report
  counts: Counts
}

export interface Replaying extends LineForm {
  writer: LineWriter
  spool: Pick<Spool, 'remove'>
  report: Report
  counts: Counts
  mustStop(): boolean
  drain(): Promise<void>
}

/** Emits an object; throws only errors that end the replay. */
export async function replayObject(
  { candidate, body }: Pick<Fetched, 'candidate' | 'body'>,
  context: Replaying,
): Promise<void> {
  const { key } = candidate
  const emission = await emitObject(body.chunks, NO_STEPS, {
    ...context,
    lines: lineBuilder(key, context),
    onStep: () => {},
  })
  reportMalformed(key, emission, context.report)
  await context.spool.remove(key)
  const { end, error, records } = emission
  if (end === 'whole') context.counts.objects_done++
  if (end === 'failed') reportFailure(key, error, records, context)
}

/** Reports an object that could not be read beyond a number of records. */
export function reportFailure(
  key: string,
  error: unknown,
  records: number,
  { settings, report, counts }: FailureReport,
): void {
  const { code, message } = describe(error, key, settings.BucketName)
  counts.objects_failed++
  report.error('object_failed', message, { key, code, records })
}
