// Marks all that is in the window now as collected, without emitting it: for
// the day on which another collector hands over. Knows no cycle limits.

import { archiveDays } from '../bucket/archive-days.ts'
import type { Findings } from '../bucket/findings.ts'
import { noteListings } from '../bucket/note-listings.ts'
import { startSearch } from '../bucket/start-search.ts'
import { commitObject } from '../cursor/commit-object.ts'
import { CycleTime } from '../cycle-time.ts'
import { StoppedError } from '../output/host-gone.ts'
import { reportErrors } from './collect.ts'
import type { Outcome } from './report-error.ts'
import {
  loadAndWarn,
  reportLocked,
  withCursor,
  type CommandContext,
  type CommandOptions,
  type Session,
} from './with-cursor.ts'

const SAVE_OBJECTS = 50_000

/** Skips what is there; `print` takes the answer for stdout. Throws SettingsError, CursorError, StoppedError and what `print` throws. */
export async function skip(
  options: CommandOptions,
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const { settings, cursorPath } = loadAndWarn(options, context)
  const patience = settings.MaxCycleSeconds * 1000
  const outcome = await withCursor(
    settings,
    cursorPath,
    context,
    patience,
    async session => {
      const { skipped, findings } = await skipAll(session)
      if (findings.reached)
        await print(`${skipped} objects marked as collected\n`)
      return reportErrors(findings, session)
    },
  )
  return outcome ?? reportLocked(settings, cursorPath, context)
}

async function skipAll(
  session: Session,
): Promise<{ skipped: number; findings: Findings }> {
  const { cursor, s3Clock, clock, settings, stop } = session
  const search = startSearch({
    ...session,
    settings: {
      ...settings,
      SweepMinutes: 0,
      DiscoveryMinutes: 0,
      // Only the window: what arrives late still comes.
      LateArrivalDays: 0,
    },
    time: new CycleTime(clock, Infinity),
    signal: stop,
    takesFailed: true,
  })

  let skipped = 0
  for (;;) {
    const found = await search.room.take()
    if (found === undefined) break
    commitObject(cursor, found, found.size, '')
    found.unsettled.delete(found)
    skipped++
    if (skipped % SAVE_OBJECTS === 0) await cursor.flush()
  }
  const findings = await search.findings
  if (findings.reached) {
    const now = s3Clock.now()
    noteListings(findings, cursor, settings, now)
    await cursor.flush()
    await archiveDays(cursor, settings, now)
  }
  if (stop.aborted)
    throw new StoppedError(
      `a signal asked to stop after ${skipped} objects were marked as collected; run \`skip\` again`,
    )
  return { skipped, findings }
}
