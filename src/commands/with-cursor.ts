// The beginning and end of every command that changes the cursor: it opens settings,
// lock, cursor and bucket, and closes them in reverse. Read-only commands use parts
// of it.

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeScope } from '../find/scope.ts'
import { filePatterns } from '../find/file-patterns.ts'
import type { ObservedRequest } from '../s3/observe.ts'
import { openBucket } from '../s3/store.ts'
import { Spool } from '../fetch/spool.ts'
import type { Clock } from '../clock.ts'
import { lastOffset } from '../cursor/clock-note.ts'
import { Cursor, type CursorOptions } from '../cursor/cursor.ts'
import { acquireLock, type Lock } from '../cursor/lock/lock.ts'
import type { Session, Source } from '../cycle/session.ts'
import { findLogType } from '../normalize/log-types.ts'
import { StoppedError } from '../output/stdout.ts'
import type { Report } from '../report/report.ts'
import { reportWarnings } from '../cycle/report-error.ts'
import { noCounts } from '../cycle/summary.ts'
import { loadSettings } from '../settings/load-settings.ts'
import { SettingsError } from '../settings/settings-error.ts'
import type { Settings } from '../settings/settings-table.ts'

/** The file options of the command line. */
export interface CommandOptions {
  config: string
  state: string | undefined
}

/** The surroundings of a command. */
export interface CommandContext {
  clock: Clock
  report: Report
  /** Aborts when a signal asks the process to stop. */
  stop: AbortSignal
}

/** Loads the settings and reports their warnings, those of secrets in plain text only with `alsoPlain`; throws SettingsError. */
export function loadAndWarn(
  options: CommandOptions,
  { report }: CommandContext,
  alsoPlain = false,
): { settings: Settings; cursorPath: string } {
  const { settings, warnings, cursorPath } = load(options, report)
  if (settings.LogFile !== '') report.copyTo(settings.LogFile)
  reportWarnings(warnings, report, alsoPlain)
  return { settings, cursorPath }
}

// Problems of the settings are copied to LogFile too, if that is usable.
function load({ config, state }: CommandOptions, report: Report) {
  try {
    return loadSettings(config, state)
  } catch (error) {
    if (error instanceof SettingsError && error.logFile !== '')
      report.copyTo(error.logFile)
    throw error
  }
}

/** Runs a function with a locked, open cursor and the bucket; undefined if another cycle holds the lock for `patience` ms. Throws StoppedError and CursorError. */
export function withCursor<T>(
  settings: Settings,
  cursorPath: string,
  context: CommandContext,
  patience: number,
  run: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  return withLock(settings, cursorPath, context, patience, cursor => {
    const offset = lastOffset(cursor.state)
    const spool = `${cursorPath}.spool`
    const source = openSource(settings, spool, context, offset)
    return run({ ...source, cursor })
  })
}

/** Opens the cursor read-only and without the lock; its new entries are dropped. Throws CursorError. */
export function readCursor(
  settings: Settings,
  cursorPath: string,
): Promise<Cursor> {
  return Cursor.open({ ...cursorOptions(settings, cursorPath), readOnly: true })
}

const cursorOptions = (settings: Settings, path: string): CursorOptions => ({
  path,
  bucket: settings.BucketName,
  logType: settings.LogType,
})

/** Runs a function with the bucket of an ini and without a cursor; large bodies lie in a temporary folder, which is removed at the end. Throws SettingsError. */
export async function withSource<T>(
  options: CommandOptions,
  context: CommandContext,
  run: (source: Source) => Promise<T>,
): Promise<T> {
  const { settings } = loadAndWarn(options, context)
  const spool = join(tmpdir(), `lr-s3-input-${randomUUID()}`)
  try {
    return await run(openSource(settings, spool, context, 0))
  } finally {
    await rm(spool, { recursive: true, force: true }).catch(() => {})
  }
}

/** Opens the bucket, and a spool that makes its folder on demand; `lastOffset` is S3's time minus this machine's in ms, or 0 if unknown. */
export function openSource(
  settings: Settings,
  spoolFolder: string,
  context: CommandContext,
  lastOffset: number,
): Source {
  const { clock, report } = context
  const logType = findLogType(settings.LogType, settings)
  const counts = noCounts()
  const bucket = openBucket(settings, clock, lastOffset, counts, request =>
    reportRequest(request, report),
  )
  return {
    ...context,
    ...bucket,
    settings,
    logType,
    counts,
    spool: new Spool(spoolFolder, () => clock.now()),
    scope: makeScope(settings, logType.service),
    matchesPatterns: filePatterns(settings.Inclusions, settings.Exclusions),
  }
}

/** Runs a function with a locked, open cursor but without the bucket; otherwise like withCursor. */
export async function withLock<T>(
  settings: Settings,
  cursorPath: string,
  context: CommandContext,
  patience: number,
  run: (cursor: Cursor) => Promise<T>,
): Promise<T | undefined> {
  const lock = await waitForLock(cursorPath, context, patience)
  if (lock === undefined) return undefined
  try {
    const cursor = await Cursor.open(cursorOptions(settings, cursorPath))
    try {
      warnOf(cursor, cursorPath, context)
      return await run(cursor)
    } finally {
      await cursor.close()
    }
  } finally {
    await lock.release()
  }
}

function warnOf(
  { tornBytes: bytes, putOff, isTakenOver }: Cursor,
  cursor: string,
  { report }: CommandContext,
): void {
  if (bytes > 0)
    report.warn(
      'cursor_torn',
      `the cursor ended in ${bytes} bytes of an incomplete write; they were cut off, and the work that they recorded is done again`,
      { cursor, bytes },
    )
  if (putOff !== '')
    report.warn(
      'cursor_grows',
      `the cursor cannot be made compact for lack of room, so it keeps growing: ${putOff}`,
      { cursor },
    )
  if (isTakenOver)
    report.warn(
      'cursor_taken_over',
      'the cursor was begun for another bucket or LogType and never met a folder with logs there; it begins anew for those of the settings',
      { cursor },
    )
}

/** Reports that waiting for the lock was in vain, and gives the command's outcome. */
export function reportLocked(
  { MaxCycleSeconds }: Settings,
  cursorPath: string,
  { report }: CommandContext,
): 'partial' {
  report.error(
    'locked',
    `another cycle held the cursor for ${MaxCycleSeconds} s; try again when it has ended`,
    { cursor: cursorPath },
  )
  return 'partial'
}

/** Reports a request with the fields of LogApiRequests only, since headers may hold secrets. */
export function reportRequest(request: ObservedRequest, report: Report): void {
  const { method, path, status, attempt, milliseconds, requestId } = request
  const { prefix, startAfter } = request
  report.info('request', `${method} ${path}`, {
    method,
    path,
    prefix,
    start_after: startAfter || undefined,
    status,
    ms: milliseconds,
    attempt,
    request_id: requestId,
  })
}

const LOCK_PAUSE_MS = 500

async function waitForLock(
  cursorPath: string,
  { clock, stop }: CommandContext,
  patience: number,
): Promise<Lock | undefined> {
  const began = clock.elapsed()
  for (;;) {
    const lock = await acquireLock(cursorPath, { clock })
    if (lock !== undefined) return lock
    if (clock.elapsed() - began >= patience) return undefined
    if (stop.aborted) throw new StoppedError('a signal asked to stop')
    await clock.sleep(LOCK_PAUSE_MS, stop)
  }
}
