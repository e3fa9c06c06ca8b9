// Marks all that is in the window now as collected, without emitting it: for
// the day on which another collector hands over. Knows no cycle limits.

import { archiveDays } from '../bucket/archive-days.ts'
import { findAll } from '../bucket/find-all.ts'
import type { Findings } from '../bucket/findings.ts'
import type { Candidate } from '../bucket/listing.ts'
import { noteListings } from '../bucket/note-listings.ts'
import { commitObject } from '../cursor/commit-object.ts'
import { NEVER_LISTED } from '../cursor/cursor-state.ts'
import type { Cursor } from '../cursor/cursor.ts'
import { StoppedError } from '../output/host-gone.ts'
import { reportErrors } from './collect.ts'
import type { Outcome } from './report-error.ts'
import { counted } from './status-text.ts'
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
        await print(`${counted(skipped)} marked as collected\n`)
      return reportErrors(findings, session)
    },
  )
  return outcome ?? reportLocked(settings, cursorPath, context)
}

async function skipAll(
  session: Session,
): Promise<{ skipped: number; findings: Findings }> {
  const { cursor, s3Clock, settings, spool, stop } = session
  beginAnew(cursor)
  let skipped = 0
  const take = async (found: Candidate): Promise<void> => {
    commitObject(cursor, found, found.size, '')
    await spool.remove(found.key)
    skipped++
    if (skipped % SAVE_OBJECTS === 0) await cursor.flush()
  }
  const everything = {
    ...settings,
    SweepMinutes: 0,
    DiscoveryMinutes: 0,
    // Only the window: what arrives late still comes.
    LateArrivalDays: 0,
  }
  const findings = await findAll(
    { ...session, settings: everything, signal: stop, takesFailed: true },
    take,
  )
  await spool.close()
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

// What was cut off in a cycle would go on where it was, past what has come
// before that place since.
function beginAnew(cursor: Cursor): void {
  const { byId, discovery } = cursor.state
  for (const { id, resume, listed } of byId.values())
    if (resume !== '')
      cursor.record({ k: 'listing', id, ...NEVER_LISTED, listed })
  if (discovery.left.length > 0)
    cursor.record({ k: 'discovery', ...discovery, left: [] })
}
