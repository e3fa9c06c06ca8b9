// Emits a day again. It opens no cursor and takes no lock, so it may run beside a
// cycle. Large bodies go to a temporary folder on disk, as in a cycle: a slow body
// does not delay others, and a broken download continues.

import type { Sink } from '../output/stdout.ts'
import { showProgress } from '../report/progress.ts'
import { replayDay } from './replay/replay-day.ts'
import { judgeCycle, orSilent } from '../cycle/judge-cycle.ts'
import { explainNothing } from '../cycle/silence/find-silence.ts'
import { PatternWatch } from '../cycle/silence/pattern-watch.ts'
import { summaryText } from '../cycle/summary.ts'
import type { Outcome } from '../report/outcome.ts'
import { reportError, reportErrors } from '../cycle/report-error.ts'
import { notThis, UsageError } from '../settings/settings-error.ts'
import { isDayText } from '../verify/range.ts'
import {
  withSource,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import type { Source } from '../cycle/session.ts'

/** Emits all records of a day; throws UsageError and SettingsError before it begins. */
export async function replay(
  options: CommandOptions & { day: string | undefined },
  context: CommandContext & { sink: Sink },
): Promise<Outcome> {
  const day = checkedDay(options.day)
  const { sink } = context
  return withSource(options, context, source =>
    replayOnce(day, { ...source, sink }),
  )
}

async function replayOnce(
  day: string,
  source: Source & { sink: Sink },
): Promise<Outcome> {
  const { clock, report, counts } = source
  const began = clock.elapsed()
  try {
    const watch = new PatternWatch(false, source.matchesPatterns)
    const watched = {
      ...source,
      matchesPatterns: (key: string): boolean => watch.matches(key),
    }
    const { search, outage } = await replayDay(day, watched).finally(
      showProgress(source),
    )
    const left = counts.objects_left
    if (left > 0)
      report.error(
        'objects_left',
        `${left} of the ${counts.objects_found} objects of ${day} were not read, since others of them were refused or could not be kept; mend that and run \`replay\` again`,
        { objects: left },
      )
    reportErrors(search, report, outage)
    const verdict = judgeCycle(search, counts, outage)
    if (verdict.outcome !== 'done') return verdict.outcome
    return orSilent(verdict, await explainNothing(source, watch)).outcome
  } catch (error) {
    return reportError(error, report)
  } finally {
    const duration_ms = Math.round(clock.elapsed() - began)
    const summary = { ...counts, duration_ms }
    report.info('summary', summaryText('replay ended', summary), {
      day,
      ...summary,
    })
  }
}

function checkedDay(text = ''): string {
  if (isDayText(text)) return text
  throw new UsageError(
    `\`replay\` takes the day, in UTC, as --day YYYY-MM-DD, such as 2026-01-31${text === '' ? '' : notThis(text)}`,
  )
}
