// What is longer may be a secret in the wrong place.
const LONGEST_REPEATED = 12

/** Repeats, for a message, what was written instead of something; '' where it may be a secret. */
export const notThis = (word: string): string =>
  word.length > LONGEST_REPEATED ? '' : `, not "${word}"`

/** Reports a command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}
