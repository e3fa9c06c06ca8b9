// What is wrong in an ini, all of it at once, so that nobody has to run the
// program once for each mistake, or on a command line. No text here holds a
// secret's value.

/** Tells of something in the ini that was taken, but perhaps not as meant. */
export interface SettingsWarning {
  setting: string
  line?: number
  message: string
  /** It is about secrets in plain text, which not every command tells. */
  isOfPlain?: true
}

/** Tells of something in the ini that cannot be taken; value is never a secret's, and setting is '' when a line names none. */
export interface SettingsProblem extends SettingsWarning {
  value?: string
}

/** Reports every problem of an ini, a line each, and the warnings, which often hold the cure (a misspelt name). */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'SETTINGS'
  readonly problems: readonly SettingsProblem[]
  readonly warnings: readonly SettingsWarning[]
  /** The LogFile that they name, '' when none can be taken. */
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

// What is longer may be a secret in the wrong place.
const MAX_REPEATED_LENGTH = 12

/** Repeats, for a message, what was written instead of something; '' where it may be a secret. */
export const notThis = (word: string): string =>
  word.length > MAX_REPEATED_LENGTH ? '' : `, not "${word}"`

/** Reports a command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}
