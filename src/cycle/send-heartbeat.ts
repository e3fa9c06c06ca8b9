// Prints the heartbeat of a cycle, as the last line of its output. It comes
// after the commits, since only then are counts and lag known: no commit waits
// for it or is made earlier because of it.

import { type Clock, CycleTime } from '../clock.ts'
import { Deadline } from './deadline.ts'
import { heartbeatLine, type Heartbeat } from './heartbeat.ts'
import { LineWriter } from '../output/line-writer.ts'
import type { Report } from '../report/report.ts'
import type { S3Time } from '../s3/s3-clock.ts'
import type { Sink } from '../output/stdout.ts'
import type { Summary } from './summary.ts'
import { outcomes, worstOutcome, type Outcome } from '../report/outcome.ts'
import { reportError } from './report-error.ts'

/** The end of a cycle: its outcome, its fault ('' = none), and its counts. */
export interface CycleResult {
  outcome: Outcome
  reason: string
  summary: Summary
}

interface Ended {
  settings: Heartbeat['settings'] & { MaxCycleSeconds: number }
  s3Clock: S3Time
  clock: Clock
  report: Report
  /** Aborts when a signal asks the process to stop. */
  stop: AbortSignal
}

// A cycle that used up its time still prints its heartbeat.
const MIN_SECONDS = 1

/** Prints the heartbeat unless the cycle was stopped, and waits for the host up to the end of the cycle's time, of which so many ms are used; names the outcome, which a missing host may change. */
export async function sendHeartbeat(
  { outcome, reason, summary }: CycleResult,
  spent: number,
  { settings, s3Clock, clock, report, stop }: Ended,
  sink: Sink,
): Promise<Outcome> {
  if (stop.aborted || outcome === 'hostGone') return outcome
  const status = outcomes[outcome].heartbeat
  const at = s3Clock.now()
  const line = heartbeatLine({ at, status, reason, summary, settings })
  const seconds = settings.MaxCycleSeconds - spent / 1000
  const time = new CycleTime(clock, Math.max(MIN_SECONDS, seconds))
  const deadline = new Deadline(stop, time, clock)
  // It has its own writer: the limit and the counts of the cycle apply to
  // records only.
  const writer = new LineWriter(sink, Infinity)
  try {
    writer.line.bytes(Buffer.from(line))
    writer.endLine()
    await deadline.orAbort(writer.sendLast())
    return outcome
  } catch (error) {
    return worstOutcome([outcome, reportError(error, report)])
  } finally {
    await deadline.finish(writer.close())
  }
}
