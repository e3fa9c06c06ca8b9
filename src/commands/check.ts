// The command for set-up and for trouble: it prints one line per finding, either
// ok or the fault and its cure. Nothing is emitted or committed.

import { uptime } from 'node:os'
import {
  findingLine,
  findingsJson,
  verdictOf,
  type Finding,
} from './check/check-finding.ts'
import { checkAccess } from './check/check-access.ts'
import { checkClock, checkFiles, checkHost } from './check/check-machine.ts'
import { openForCheck, type CheckedBucket } from './check/checked-bucket.ts'
import { checkCursor } from './check/check-cursor.ts'
import { checkDigests } from './check/check-digests.ts'
import { checkFolders } from './check/check-folders.ts'
import { checkNewest } from './check/check-newest.ts'
import { checkLogFile, checkSpool, checkUser } from './check/check-places.ts'
import { checkReading } from './check/check-reading.ts'
import { checkSettings } from './check/check-settings.ts'
import { StoppedError } from '../output/stdout.ts'
import type { Outcome } from '../report/outcome.ts'
import type { CommandContext, CommandOptions } from './with-cursor.ts'

/** Checks settings, bucket and cursor; `print` takes the answer for stdout. Throws StoppedError and the errors of `print`. */
export async function check(
  options: CommandOptions & { json: boolean; isTerminal?: boolean },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const findings: Finding[] = []
  const inColour = options.isTerminal === true && !process.env['NO_COLOR']
  for await (const finding of runChecks(options, context)) {
    // A check that a signal cut off gives no finding.
    if (context.stop.aborted)
      throw new StoppedError('a signal asked to stop before all was checked')
    findings.push(finding)
    if (!options.json) await print(findingLine(finding, inColour))
  }
  const verdict = verdictOf(findings)
  await print(
    options.json ? findingsJson(findings) : findingLine(verdict, inColour),
  )
  return verdict.outcome
}

// The checks follow the path of the data: each is skipped if a check that it
// depends on failed, and all others still run.
async function* runChecks(
  options: CommandOptions,
  context: CommandContext,
): AsyncGenerator<Finding> {
  const loaded = yield* checkSettings(options)
  yield* checkUser(loaded?.cursorPath)
  yield* checkFiles(options.config, loaded?.settings)
  if (loaded === undefined) return
  const { settings, cursorPath } = loaded
  const opened = openForCheck(settings, context)
  yield* checkBucket(opened)
  yield* checkCursor(cursorPath, settings, opened.s3Clock.now())
  yield* checkSpool(cursorPath)
  yield* checkLogFile(settings.LogFile)
  yield* checkHost(settings, uptime())
}

async function* checkBucket(bucket: CheckedBucket): AsyncGenerator<Finding> {
  const { logType, s3Clock, bucketRegion } = bucket
  const page = yield* checkAccess(bucket, bucketRegion)
  yield* checkClock(s3Clock)
  if (page === undefined) return
  const folders = yield* checkFolders(page, bucket)
  if (folders.length === 0) return
  const newest = yield* checkNewest(folders, logType, bucket)
  if (newest !== undefined) yield* checkReading(newest, logType, bucket)
  yield* checkDigests(folders, bucket)
}
