// Marks all objects in the window, or those before a given time, as skipped without
// emitting them, for the take-over from another collector. The limits of a cycle do
// not apply.

import { archiveDays } from '../find/close-days.ts'
import { DAY_MS } from '../find/day-folders.ts'
import { findAll } from '../find/start-search.ts'
import type { SearchResult } from '../find/search-result.ts'
import type { Candidate } from '../find/listing-result.ts'
import { recordListings } from '../find/record-listings.ts'
import { activeLeaves } from '../find/window.ts'
import { shapeOf } from '../find/scope.ts'
import { forgetAttempts, joinSkipped } from '../cursor/commit-object.ts'
import { NEVER_LISTED } from '../cursor/cursor-state.ts'
import type { Cursor } from '../cursor/cursor.ts'
import { commitTaken } from '../cursor/taken-objects.ts'
import { StoppedError } from '../output/stdout.ts'
import { judgeCycle, orSilent } from '../cycle/judge-cycle.ts'
import { reportErrors } from '../cycle/report-error.ts'
import type { Outcome } from '../report/outcome.ts'
import { counted } from '../report/words.ts'
import { UsageError } from '../settings/settings-error.ts'
import {
  loadAndWarn,
  reportLocked,
  withCursor,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import type { Session } from '../cycle/session.ts'
import { explainSilence, watchPatterns } from '../cycle/silence/find-silence.ts'

const SAVE_OBJECTS = 50_000
const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/

/** Skips the present objects; `print` takes the answer for stdout. Throws UsageError, SettingsError, CursorError, StoppedError and the errors of `print`. */
export async function skip(
  options: CommandOptions & { before?: string | undefined },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const before = timeOf(options.before)
  const { settings, cursorPath } = loadAndWarn(options, context)
  const patience = settings.MaxCycleSeconds * 1000
  const outcome = await withCursor(
    settings,
    cursorPath,
    context,
    patience,
    async session => {
      const { skipped, left, search, silence } = await skipAll(before, session)
      const rest =
        left === 0 ? '' : `, ${counted(left, 'object')} left to collect`
      if (search.reached)
        await print(`${counted(skipped, 'object')} marked as skipped${rest}\n`)
      reportErrors(search, session.report)
      const verdict = judgeCycle(search, session.counts)
      return orSilent(verdict, silence).outcome
    },
  )
  return outcome ?? reportLocked(settings, cursorPath, context)
}

interface Skipped {
  skipped: number
  left: number
  search: SearchResult
  /** The reason why the settings match nothing; '' if they match. */
  silence: string
}

async function skipAll(before: number, session: Session): Promise<Skipped> {
  const { cursor, s3Clock, scope, settings, spool, stop } = session
  beginAnew(cursor)
  if (before === Infinity)
    for (const taken of cursor.state.taken.values()) commitTaken(cursor, taken)
  let skipped = 0
  let left = 0
  const take = async (found: Candidate): Promise<boolean> => {
    if (found.modified >= before) {
      left++
      return false
    }
    joinSkipped(cursor, found)
    forgetAttempts(cursor, found.key)
    await spool.remove(found.key)
    skipped++
    if (skipped % SAVE_OBJECTS === 0) await cursor.flush()
    return true
  }
  const everything = {
    ...settings,
    SweepMinutes: 0,
    DiscoveryMinutes: 0,
    // Searches only the window, so that late arrivals are still collected.
    LateArrivalDays: 0,
  }
  // Objects that failed before that time stay with the collector that tries them.
  const takesFailed = before === Infinity
  const watch = watchPatterns(session)
  const search = await findAll(
    {
      ...session,
      store: watch.over(session.store, cursor.state),
      settings: everything,
      signal: stop,
      takesFailed,
    },
    take,
  )
  await spool.close()
  let silence = ''
  if (search.reached) {
    const now = s3Clock.now()
    // The other collector searched older days once a day.
    const baseline = before - DAY_MS
    for (const leaf of activeLeaves(cursor.state, shapeOf(scope)))
      if (leaf.baseline > baseline)
        cursor.record({ k: 'leaf', ...leaf, baseline })
    recordListings(search, cursor, settings, now)
    silence = await explainSilence(session, watch)
    await cursor.flush()
    await archiveDays(cursor, settings, now)
  }
  if (stop.aborted)
    throw new StoppedError(
      `a signal asked to stop after ${skipped} objects were marked as skipped; run \`skip\` again`,
    )
  return { skipped, left, search, silence }
}

function timeOf(text: string | undefined): number {
  if (text === undefined) return Infinity
  const time = UTC_TIME.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new UsageError(
    `--before takes a time in UTC as YYYY-MM-DDTHH:MM:SSZ, such as 2026-01-31T08:30:00Z, not "${text}"`,
  )
}

// A listing cut off in a cycle would continue from its place and miss objects that
// have arrived before it since.
function beginAnew(cursor: Cursor): void {
  const { byId, discovery } = cursor.state
  for (const { id, resume, token, listed } of byId.values())
    if (resume !== '' || token !== '')
      cursor.record({ k: 'listing', id, ...NEVER_LISTED, listed })
  if (discovery.left.length > 0)
    cursor.record({ k: 'discovery', ...discovery, elsewhere: '', left: [] })
}
