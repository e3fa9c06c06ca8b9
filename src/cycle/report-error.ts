// Says on stderr what ended a command, and gives the way it ended a name that
// becomes the exit code.

import type { SourceErrorKind } from '../s3/errors/source-error.ts'
import { CursorError } from '../cursor/cursor-error.ts'
import { HostGoneError, StoppedError } from '../output/host-gone.ts'
import type { Report } from '../report/report.ts'
import { SettingsError } from '../settings/settings-error.ts'
import { UsageError } from '../settings/usage-error.ts'

/** How a command ended: done, done in part, or by what kept it from that. */
export type Outcome =
  'done' | 'partial' | 'usage' | 'cursor' | 'hostGone' | SourceErrorKind

/** Reports an error that ended a command and names the outcome. */
export function reportError(error: unknown, report: Report): Outcome {
  if (error instanceof StoppedError) {
    report.info('stopped', error.message)
    return 'done'
  }
  if (error instanceof SettingsError) {
    for (const { message, ...where } of error.warnings)
      report.warn('settings', message, { ...where })
    for (const { message, ...where } of error.problems)
      report.error('settings', message, { ...where })
    return 'usage'
  }
  if (error instanceof UsageError) {
    report.error('usage', error.message)
    return 'usage'
  }
  if (error instanceof CursorError) {
    report.error('cursor', error.message, { code: error.code })
    return 'cursor'
  }
  if (error instanceof HostGoneError) {
    report.error('host_gone', error.message)
    return 'hostGone'
  }
  const message = error instanceof Error ? error.message : String(error)
  report.error('internal', `unexpected: ${message}; please report this`)
  return 'partial'
}
