// What verifying digests comes upon: a fault breaks the proof, a warning says
// where the proof ends.

import type { Span } from './digest-hours.ts'

/** Names what is the matter; each code is a fault, but for those that only warn. */
export type FindingCode =
  // The digest is listed and cannot be read, or is none.
  | 'unreadable'
  | 'malformed'
  // It lies under another key than it was written to.
  | 'moved'
  // Its bytes, or its signature, are not those that CloudTrail signed.
  | 'altered'
  | 'signature'
  | 'no-key'
  // The next one names it, and it is not there; or no digest has the hour.
  | 'missing'
  | 'gap'
  // No digest has any hour of the range.
  | 'uncovered'
  // It names a predecessor that cannot be, or none goes on from it.
  | 'order'
  // A folder could not be listed.
  | 'listing'
  // Logs lie in a folder that no digest is about.
  | 'unproved'
  | WarningCode

export type WarningCode =
  | 'copy'
  // Fewer objects lie there than the cursor knows.
  | 'gone'
  | 'not-recorded'
  | 'other-bucket'
  | 'not-provable'
  | 'signatures-not-checked'
  | 'bad-key'
  | 'no-digests'
  | 'not-a-digest'

/** What is told as a fault, or as a warning. */
export interface Said {
  level: 'fault' | 'warning'
  code: string
  message: string
}

/** One finding; `hour` is the UTC time at which an hour without a digest begins, or FROM/TO of more than that; `span` is the time that it is about, in ms. */
export interface Finding extends Said {
  code: FindingCode
  key?: string
  hour?: string
  span?: Span
}

/** Makes a fault of a digest, or of the place where it should be. */
export const fault = (
  code: Exclude<FindingCode, WarningCode>,
  key: string,
  message: string,
): Finding => ({ level: 'fault', code, key, message: `${key}: ${message}` })

/** Makes a warning. */
export const warning = (
  code: WarningCode,
  message: string,
  key?: string,
): Finding => ({
  level: 'warning',
  code,
  message: key === undefined ? message : `${key}: ${message}`,
  ...(key !== undefined && { key }),
})
