// The command that a host runs on schedule: one cycle and its summary line.

import { uptime } from 'node:os'
import type { Readable } from 'node:stream'
import { otherShard } from '../find/scope.ts'
import { shardText } from '../find/shard.ts'
import { clockWarning } from '../find/clock-judgement.ts'
import { runCycle } from '../cycle.ts'
import type { Stdout } from '../output/open-stdout.ts'
import { refuseStdout } from '../output/stdout-kind.ts'
import { showProgress } from '../report/progress.ts'
import {
  provedSummary,
  summarize,
  summaryText,
  type Summary,
} from '../cycle/summary.ts'
import { orSilent, type Verdict } from '../cycle/judge-cycle.ts'
import { proveHours } from '../cycle/prove-hours.ts'
import type { Outcome } from '../report/outcome.ts'
import { reportError, reportErrors } from '../cycle/report-error.ts'
import { messageOf } from '../report/words.ts'
import { sendHeartbeat, type CycleResult } from '../cycle/send-heartbeat.ts'
import { UsageError } from '../settings/settings-error.ts'
import {
  loadAndWarn,
  withCursor,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import type { Session } from '../cycle/session.ts'
import { enlargeYoungHeap } from '../v8-flags.ts'

interface Asked {
  stdin: Readable & { isTTY?: boolean }
  prompt(text: string): void
}

/** The surroundings of a cycle. */
export interface CollectContext extends CommandContext {
  stdout: Stdout
  /** The person to ask if stdout is a terminal. */
  asked?: Asked | undefined
  /** Called at the end of a finished cycle. */
  onCycle?: (() => void) | undefined
}

/** Runs one cycle; throws UsageError, SettingsError and CursorError before it begins. */
export async function collect(
  options: CommandOptions & { yes?: boolean },
  context: CollectContext,
): Promise<Outcome> {
  const { report, stdout, asked, onCycle } = context
  refuseStdout(stdout.kind)
  const { settings, cursorPath } = loadAndWarn(options, context, true)
  const wait = settings.StartupDelayInSeconds - uptime()
  if (wait > 0) {
    report.info(
      'startup_delay',
      `this machine started a moment ago: nothing is collected for ${Math.ceil(wait)} s more (StartupDelayInSeconds)`,
    )
    return 'done'
  }
  const isShown = stdout.kind === 'terminal' && options.yes !== true
  if (isShown && asked && !(await askToCommit(asked, context.stop))) {
    report.info('declined', 'nothing is collected, and nothing committed')
    return 'done'
  }
  if (settings.LogType === 'VPCFlowLogs') enlargeYoungHeap()
  const began = context.clock.elapsed()
  const outcome = await withCursor(settings, cursorPath, context, 0, session =>
    collectOnce(session, stdout, began, onCycle),
  )
  if (outcome === undefined)
    report.info('locked', 'another cycle is at work on this cursor', {
      cursor: cursorPath,
    })
  return outcome ?? 'done'
}

const QUESTION =
  'The records shown here are committed, and no host gets them: `sample` commits nothing.\nCollect and commit? [y/N] '

/** Asks a person before a cycle prints on their terminal, since the printed records are committed and no host gets them; tells whether the person agreed. Throws UsageError if stdin is not a terminal. */
async function askToCommit(
  { stdin, prompt }: Asked,
  stop: AbortSignal,
): Promise<boolean> {
  if (!stdin.isTTY)
    throw new UsageError(
      'stdout is a terminal, so the records shown would be committed and no host would get them, and stdin is not a terminal to ask on: `sample` shows records and commits nothing, `collect --yes` does not ask',
    )
  // Loaded on demand, since it would slow down each cycle.
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: stdin, signal: stop })
  try {
    prompt(QUESTION)
    for await (const line of lines) return /^y(es)?$/i.test(line.trim())
    return false
  } finally {
    lines.close()
  }
}

async function collectOnce(
  session: Session,
  stdout: Stdout,
  began: number,
  onCycle?: () => void,
): Promise<Outcome> {
  const { clock, cursor, report, settings } = session
  stdout.startLine(cursor.state.cycle.number > 0)
  const other = otherShard(cursor.state.discovery.shape, settings.Shard)
  if (other !== '') report.warn('shard', `the cursor ${other}`)
  const ended = await tryCycle(session, stdout, began, onCycle)
  const isProving = settings.VerifyMinutes > 0
  const proved = isProving ? provedSummary(cursor.state.verify) : {}
  const result = { ...ended, summary: { ...ended.summary, ...proved } }
  const outcome = settings.EmitHeartbeat
    ? await sendHeartbeat(
        result,
        clock.elapsed() - began,
        session,
        stdout.write,
      )
    : result.outcome
  const shard = shardText(settings.Shard)
  report.info('summary', summaryText('cycle ended', result.summary), {
    ...(shard !== '' && { shard }),
    ...result.summary,
  })
  return outcome
}

async function tryCycle(
  session: Session,
  stdout: Stdout,
  began: number,
  onCycle?: () => void,
): Promise<CycleResult> {
  const { clock, s3Clock, report, counts, cursor, settings } = session
  const sumUp = (): Summary =>
    summarize(counts, cursor, s3Clock.now(), clock.elapsed() - began)
  try {
    const lostMs = clock.elapsed() - began
    const cycle = runCycle(session, stdout, lostMs)
    const end = await cycle.finally(showProgress(session))
    if (end.summary) onCycle?.()
    const warning = clockWarning(cursor, s3Clock)
    if (warning !== '') report.warn('clock', warning)
    reportErrors(end.search, report, end.outage)
    if (end.silence !== '') report.error('nothing_matches', end.silence)
    const { summary = sumUp(), verdict } = end
    if (settings.VerifyMinutes === 0) return { ...verdict, summary }
    return await tryProof(session, { ...verdict, summary }, began, sumUp)
  } catch (error) {
    const outcome = reportError(error, report)
    return { outcome, reason: messageOf(error), summary: sumUp() }
  }
}

// The cursor already has the cycle's result for the records; a second entry adds
// its proof.
async function tryProof(
  session: Session,
  result: CycleResult & Verdict,
  began: number,
  sumUp: () => Summary,
): Promise<CycleResult> {
  const { clock, s3Clock, counts, cursor } = session
  const { outcome } = result
  // Without access to S3 there is no proof.
  if (outcome !== 'done' && outcome !== 'partial') return result
  const { lists } = counts
  const reason = await proveHours(clock.elapsed() - began, session)
  if (counts.lists === lists && reason === '') return result
  const summary = sumUp()
  const verdict = orSilent(result, reason)
  const { state } = cursor
  const note = { at: s3Clock.now(), outcome: verdict.outcome, summary }
  cursor.record({ k: 'cycle', ...state.cycle, ...note })
  await cursor.flush()
  return { ...verdict, summary }
}
