// Prints the heartbeat of a cycle, as the last line of its output. It comes
// after the commits, since only then are counts and lag known: no commit waits
// for it, and none is made sooner for its sake.

import { CycleTime } from '../clock.ts'
import { Halt } from './halt.ts'
import { heartbeatLine, type Heartbeat } from './heartbeat.ts'
import { LineWriter, type Sink } from '../output/line-writer.ts'
import type { Summary } from './summary.ts'
import { reportError, type Outcome } from './report-error.ts'
import type { Session } from '../commands/with-cursor.ts'

/** How a cycle ended: its outcome, what is wrong ('' = nothing), and its counts. */
export interface CycleResult {
  outcome: Outcome
  reason: string
  summary: Summary
}

const STATUSES: Record<Outcome, Heartbeat['status']> = {
  done: 'ok',
  partial: 'partial',
  access: 'outage',
  network: 'outage',
  object: 'partial',
  cursor: 'error',
  hostGone: 'error',
  usage: 'error',
}
// A cycle that used up its time still tells of itself.
const LEAST_SECONDS = 1

/** Prints the heartbeat unless the cycle was stopped, waiting for the host up to the end of the cycle's time, of which so many ms are spent; names the outcome, which a host that is gone may change. */
export async function sendHeartbeat(
  { outcome, reason, summary }: CycleResult,
  spent: number,
  session: Pick<
    Session,
    'settings' | 's3Clock' | 'clock' | 'report' | 'stop'
  > & { sink: Sink },
): Promise<Outcome> {
  const { settings, s3Clock, clock, report, stop, sink } = session
  if (stop.aborted || outcome === 'hostGone') return outcome
  const status = STATUSES[outcome]
  const at = s3Clock.now()
  const line = heartbeatLine({ at, status, reason, summary, settings })
  const seconds = settings.MaxCycleSeconds - spent / 1000
  const time = new CycleTime(clock, Math.max(LEAST_SECONDS, seconds))
  const halt = new Halt(stop, time, clock)
  // A writer of its own: the limit of the cycle and the counts are the records'.
  const writer = new LineWriter(sink, Infinity)
  try {
    writer.line.bytes(Buffer.from(line))
    writer.endLine()
    await halt.guard(writer.sendLast())
    return outcome
  } catch (error) {
    const end = reportError(error, report)
    return end === 'hostGone' && outcome !== 'cursor' ? end : outcome
  } finally {
    await halt.end(writer.close())
  }
}
