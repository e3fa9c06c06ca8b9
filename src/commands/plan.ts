// Computes the objects that the next cycle would collect and the cost of requests.
// The cycle's own search runs on a read-only cursor without the lock, so its
// entries are dropped.

import { lastOffset } from '../cursor/clock-note.ts'
import type { Partition } from '../cursor/cursor-state.ts'
import {
  DAY_SECONDS,
  dailyRequests,
  dollars,
  estimateBacklog,
} from './plan/estimates.ts'
import { countNew } from './plan/count-new.ts'
import { StoppedError } from '../output/stdout.ts'
import { judgeCycle, orSilent } from '../cycle/judge-cycle.ts'
import { reportErrors } from '../cycle/report-error.ts'
import { planText, type Plan } from './plan/plan-text.ts'
import { concealed, concealedJson } from '../report/conceal.ts'
import type { Outcome } from '../report/outcome.ts'
import { numberOption } from '../settings/settings-error.ts'
import { explainSilence, watchPatterns } from '../cycle/silence/find-silence.ts'
import { recordListings } from '../find/record-listings.ts'
import {
  loadAndWarn,
  openSource,
  readCursor,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import type { Session } from '../cycle/session.ts'

const EVERY_SECONDS = 60

/** Plans the next cycle; `print` takes the answer for stdout. Throws UsageError, SettingsError, CursorError, StoppedError and the errors of `print`. */
export async function plan(
  options: CommandOptions & { json: boolean; every: string | undefined },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const { every: text = String(EVERY_SECONDS) } = options
  const takes = '--every takes whole seconds'
  const every = numberOption(text, DAY_SECONDS, takes, ', such as 60')
  const { settings, cursorPath } = loadAndWarn(options, context)
  const cursor = await readCursor(settings, cursorPath)
  try {
    const offset = lastOffset(cursor.state)
    const source = openSource(settings, cursorPath, context, offset)
    const session = { ...source, cursor }
    const { answer, outcome } = await planCycle(session, every)
    if (answer)
      await print(
        options.json
          ? `${concealedJson(answer)}\n`
          : concealed(planText(answer, settings)),
      )
    return outcome
  } finally {
    await cursor.close()
  }
}

async function planCycle(
  session: Session,
  every: number,
): Promise<{ answer?: Plan; outcome: Outcome }> {
  const { cursor, settings, s3Clock, stop } = session
  const watch = watchPatterns(session)
  const watched = watch.over(session.store, cursor.state)
  const found = await countNew({ ...session, store: watched, signal: stop })
  if (stop.aborted) throw new StoppedError('a signal asked to stop')
  const { search, leaves, newIn } = found
  reportErrors(search, session.report)
  const verdict = judgeCycle(search, session.counts)
  if (!search.reached) return verdict
  recordListings(search, cursor, settings, s3Clock.now())
  const silence = await explainSilence(session, watch)
  const { outcome } = orSilent(verdict, silence)
  const { partitions, objects, bytes, lists, retries } = found
  const { summary } = cursor.state.cycle
  const { cycles, outputBytes } = estimateBacklog(found, summary, settings)
  const holdings = {
    leaves,
    folders: cursor.state.partitions,
    newIn: (folder: Partition) => newIn.get(folder) ?? 0,
  }
  const daily = dailyRequests(every, holdings, settings, s3Clock.now())
  const answer = {
    leaves: leaves.length,
    partitions,
    objects,
    bytes,
    lists,
    gets: objects,
    cycles,
    retries,
    output_bytes: outputBytes,
    every_seconds: every,
    lists_per_day: daily.lists,
    gets_per_day: daily.gets,
    dollars_per_day: Number(dollars(daily).toFixed(4)),
  }
  return { answer, outcome }
}
