// The command a shipper runs on its schedule: one cycle, and the line that
// sums it up.

import { uptime } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import type { Findings } from '../find/search-result.ts'
import type { Outage } from '../fetch/refusals.ts'
import { otherShard } from '../find/scope.ts'
import { shardText } from '../find/shard.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { isGrowing, leftBehind } from '../cursor/backlog-trend.ts'
import { runCycle } from '../cycle.ts'
import { cycleOutcome } from '../cycle/outcome.ts'
import type { Sink } from '../output/line-writer.ts'
import { showProgress } from '../report/progress.ts'
import { summarize, type Summary } from '../cycle/summary.ts'
import { reportError, type Outcome } from '../cycle/report-error.ts'
import { sendHeartbeat, type CycleResult } from '../cycle/send-heartbeat.ts'
import {
  loadAndWarn,
  withCursor,
  type CommandContext,
  type CommandOptions,
  type Session,
} from './with-cursor.ts'

/** What a cycle gets from outside. */
export interface CollectContext extends CommandContext {
  sink: Sink
  /** Is called when a cycle has come to its end. */
  onCycle?: (() => void) | undefined
}

/** Runs one cycle; throws SettingsError and CursorError before it begins. */
export async function collect(
  options: CommandOptions,
  context: CollectContext,
): Promise<Outcome> {
  const { report } = context
  const { settings, cursorPath } = loadAndWarn(options, context)
  const wait = settings.StartupDelayInSeconds - uptime()
  if (wait > 0) {
    report.info(
      'startup_delay',
      `this machine started a moment ago: nothing is collected for ${Math.ceil(wait)} s more (StartupDelayInSeconds)`,
    )
    return 'done'
  }
  // Flow logs come in few and small objects: a larger young heap costs 10 MB
  // and saves a tenth of the CPU. With CloudTrail it costs 40.
  if (settings.LogType === 'VPCFlowLogs')
    setFlagsFromString('--semi-space-growth-factor=2')
  const { sink, onCycle } = context
  const outcome = await withCursor(settings, cursorPath, context, 0, session =>
    collectOnce({ ...session, sink, onCycle }),
  )
  if (outcome === undefined)
    report.info('locked', 'another cycle is at work on this cursor', {
      cursor: cursorPath,
    })
  return outcome ?? 'done'
}

async function collectOnce(
  session: Session & Pick<CollectContext, 'sink' | 'onCycle'>,
): Promise<Outcome> {
  const { clock, cursor, report, settings } = session
  const began = clock.elapsed()
  const other = otherShard(cursor.state.discovery.shape, settings.Shard)
  if (other !== '') report.warn('shard', `the cursor ${other}`)
  const result = await tryCycle(session, began)
  const outcome = settings.EmitHeartbeat
    ? await sendHeartbeat(result, clock.elapsed() - began, session)
    : result.outcome
  const shard = shardText(settings.Shard)
  report.info('summary', 'cycle ended', {
    ...(shard !== '' && { shard }),
    ...result.summary,
  })
  return outcome
}

async function tryCycle(
  session: Session & Pick<CollectContext, 'sink' | 'onCycle'>,
  began: number,
): Promise<CycleResult> {
  const { clock, s3Clock, report, counts, cursor } = session
  const sumUp = (): Summary =>
    summarize(counts, cursor, s3Clock.now(), clock.elapsed() - began)
  try {
    const end = await runCycle(session).finally(showProgress(session))
    if (end.summary) session.onCycle?.()
    if (s3Clock.source === 'local')
      report.warn(
        'clock',
        "S3 sent no Date: days are taken from this machine's clock",
      )
    warnIfNoLeaf(session)
    const outcome = reportErrors(end.findings, session, end.outage)
    const reason = reasonOf(end.findings, session, end.outage)
    return { outcome, reason, summary: end.summary ?? sumUp() }
  } catch (error) {
    const outcome = reportError(error, report)
    return { outcome, reason: messageOf(error), summary: sumUp() }
  }
}

/** Warns when the search for leaves came to its end and found none. */
export function warnIfNoLeaf({ cursor, settings, report }: Session): void {
  const { leaves, discovery } = cursor.state
  if (leaves.size > 0 || discovery.complete === 0) return
  const { BucketName, FilePath, LogType, Shard } = settings
  const shard = shardText(Shard)
  const whose = shard === '' ? '' : ` that falls to shard ${shard}`
  report.warn(
    'no_logs',
    `s3://${BucketName}/${FilePath} holds no folder with ${LogType} logs${whose}; check FilePath, LogType, RegionFolders and ExclusionDirectories${shard && ', or use fewer shards'}`,
  )
}

const noAnswer = new SourceError(
  'S3 gave no answer within the time of the cycle; check Endpoint, Region and the network',
  { code: 'NoAnswer', kind: 'network' },
)

/** Reports what kept folders from being listed, in one line when nothing was reached, and an outage; names the outcome. */
export function reportErrors(
  findings: Findings,
  { report, counts }: Pick<Session, 'report' | 'counts'>,
  outage?: Outage,
): Outcome {
  const { errors, asked, reached } = findings
  // Requests that were cut off with the cycle left no error of their own.
  const [first = noAnswer] = errors
  if (asked && !reached)
    report.error('not_collected', messageOf(first), { code: codeOf(first) })
  else
    for (const error of errors)
      report.error('not_listed', messageOf(error), { code: codeOf(error) })
  if (outage) {
    const { message, code, objects } = outage
    report.error('outage', message, { code, objects })
  }
  return cycleOutcome(findings, counts, outage)
}

/** Says in a sentence what is wrong after a cycle, '' if nothing is. */
export function reasonOf(
  { errors, asked, reached }: Findings,
  { counts, cursor }: Pick<Session, 'counts' | 'cursor'>,
  outage?: Outage,
): string {
  const [first = noAnswer] = errors
  if (asked && !reached) return messageOf(first)
  if (outage) return outage.message
  if (errors.length > 0)
    return `folders that were not listed: ${errors.length}; ${messageOf(first)}`
  if (counts.objects_failed > 0)
    return `objects that failed in this cycle: ${counts.objects_failed}; \`status\` names them`
  const { cycle } = cursor.state
  return isGrowing(cycle)
    ? `the backlog grows: ${leftBehind(cycle).join(', ')} objects left in three cycles`
    : ''
}

const codeOf = (error: unknown): string =>
  error instanceof SourceError ? error.code : 'UnknownError'
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
