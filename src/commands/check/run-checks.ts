// All checks, in the order of the way of the data: each goes as far as the
// ones before let it, and none stops those that need nothing of it.

import { uptime } from 'node:os'
import type { CommandContext, CommandOptions } from '../with-cursor.ts'
import { checkAccess } from './check-access.ts'
import { checkClock } from './check-clock.ts'
import { openForCheck, type CheckContext } from './check-context.ts'
import { checkCursor } from './check-cursor.ts'
import { checkFiles } from './check-files.ts'
import { checkFolders } from './check-folders.ts'
import { checkHost } from './check-host.ts'
import { checkNewest } from './check-newest.ts'
import { checkReading } from './check-reading.ts'
import { checkSettings } from './check-settings.ts'
import type { Finding } from './finding.ts'

/** Runs the checks and yields what they find as they find it; changes nothing. */
export async function* runChecks(
  options: CommandOptions,
  context: CommandContext,
): AsyncGenerator<Finding> {
  const loaded = yield* checkSettings(options)
  yield* checkFiles(options.config, loaded?.settings)
  if (loaded === undefined) return
  const { settings, cursorPath } = loaded
  const opened = openForCheck(settings, context)
  yield* checkBucket(opened)
  yield* checkCursor(cursorPath, settings, opened.s3Clock.now())
  yield* checkHost(settings, uptime())
}

async function* checkBucket(context: CheckContext): AsyncGenerator<Finding> {
  const page = yield* checkAccess(context)
  yield* checkClock(context)
  if (page === undefined) return
  const folders = yield* checkFolders(page, context)
  if (folders.length === 0) return
  const newest = yield* checkNewest(folders, context)
  if (newest !== undefined) yield* checkReading(newest, context)
}
