// The errors of an ini and of a command line. All mistakes of an ini are reported
// at once, so that one run shows them all. No text here contains a secret's value.

/** Describes a value in the ini that was accepted, but is perhaps a mistake. */
export interface SettingsWarning {
  setting: string
  line?: number
  message: string
  /** True of a warning of secrets in plain text, which only some commands print. */
  isOfPlain?: true
}

/** Describes a value in the ini that cannot be accepted; `value` is never a secret, and `setting` is '' if a line names none. */
export interface SettingsProblem extends SettingsWarning {
  value?: string
}

/** Reports every problem of an ini, one per line, and the warnings, which often explain a problem (a misspelt name). */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'SETTINGS'
  readonly problems: readonly SettingsProblem[]
  readonly warnings: readonly SettingsWarning[]
  /** The LogFile of these settings, '' if it is missing or unusable. */
  readonly logFile: string

  constructor(
    iniPath: string,
    problems: readonly SettingsProblem[],
    warnings: readonly SettingsWarning[] = [],
    logFile = '',
  ) {
    const lines = problems.map(problem => `  ${problem.message}`)
    super([`Settings cannot be used: ${iniPath}`, ...lines].join('\n'))
    this.problems = problems
    this.warnings = warnings
    this.logFile = logFile
  }
}

// A longer word may be a secret in the wrong place.
const MAX_REPEATED_LENGTH = 12

/** Repeats a wrong word for a message; '' if it may be a secret. */
export const notThis = (word: string): string =>
  word.length > MAX_REPEATED_LENGTH ? '' : `, not "${word}"`

/** Reports a command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}

/** Reads an option's whole number from 1 to `most`; throws UsageError, which begins with `takes`, such as `-n takes a whole number`. */
export function numberOption(
  text: string,
  most: number,
  takes: string,
  example = '',
): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number
  throw new UsageError(`${takes} from 1 to ${most}${example}${notThis(text)}`)
}
