// Reports on stderr the error that ended a command, or the errors that kept a
// cycle from reading everything, and names the outcome of a thrown error.

import type { Outage } from '../fetch/refusals.ts'
import type { SearchResult } from '../find/search-result.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { CursorError } from '../cursor/cursor-error.ts'
import { HostGoneError, StoppedError } from '../output/stdout.ts'
import type { Outcome } from '../report/outcome.ts'
import type { Fields, Report } from '../report/report.ts'
import {
  SettingsError,
  UsageError,
  type SettingsWarning,
} from '../settings/settings-error.ts'
import { messageOf } from '../report/words.ts'
import { cursorFault, firstError } from './judge-cycle.ts'

/** Reports an error that ended a command and names the outcome. */
export function reportError(error: unknown, report: Report): Outcome {
  if (error instanceof StoppedError) {
    report.info('stopped', error.message)
    return 'done'
  }
  if (error instanceof SettingsError) {
    reportWarnings(error.warnings, report)
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
  report.error(
    'internal',
    `unexpected: ${messageOf(error)}; please report this`,
  )
  return 'partial'
}

/** Reports the warnings about settings; those about secrets in plain text only if `alsoPlain`. */
export function reportWarnings(
  warnings: readonly SettingsWarning[],
  report: Report,
  alsoPlain = false,
): void {
  for (const { message, isOfPlain, ...where } of warnings)
    if (alsoPlain || !isOfPlain) report.warn('settings', message, { ...where })
}

/** Reports the errors of listings, in one line when nothing was reached, and an outage. */
export function reportErrors(
  search: SearchResult,
  report: Report,
  outage?: Outage,
): void {
  const { errors, asked, reached } = search
  const fault = cursorFault(search.errors)
  if (fault) reportError(fault, report)
  const say = (event: string, error: unknown): void =>
    report.error(event, messageOf(error), fieldsOf(error))
  if (asked && !reached && !fault)
    say('not_collected', firstError(search.errors))
  else for (const error of errors) if (error !== fault) say('not_listed', error)
  if (outage) {
    const { message, code, objects } = outage
    report.error('outage', message, { code, objects })
  }
}

const fieldsOf = (error: unknown): Fields =>
  error instanceof SourceError
    ? { code: error.code, ...(error.key !== undefined && { key: error.key }) }
    : { code: 'UnknownError' }
