// The findings of the verification of digests: a fault breaks the proof, a
// warning marks where the proof ends.

import type { Span } from './digest-hours.ts'

/** The kinds of findings; all but those of WarningCode are faults. */
export type FindingCode =
  // The digest is listed but cannot be read, or is not a digest.
  | 'unreadable'
  | 'malformed'
  // It lies under another key than it was written to.
  | 'moved'
  // Its bytes, or its signature, differ from those that CloudTrail signed.
  | 'altered'
  | 'signature'
  | 'no-key'
  // The next digest names it but it is not there, or an hour has no digest.
  | 'missing'
  | 'gap'
  // No digest covers any hour of the range.
  | 'uncovered'
  // It names an impossible predecessor, or has no successor.
  | 'order'
  // A folder could not be listed.
  | 'listing'
  // Logs lie in a folder that belongs to no digest.
  | 'unproved'
  | WarningCode

/** The kinds of findings that only warn. */
export type WarningCode =
  | 'copy'
  // The bucket holds fewer objects than the cursor knows.
  | 'gone'
  | 'not-recorded'
  | 'other-bucket'
  | 'not-provable'
  | 'signatures-not-checked'
  | 'bad-key'
  | 'no-digests'
  | 'not-a-digest'

/** The level, code and text of a fault or a warning. */
export interface Said {
  level: 'fault' | 'warning'
  code: string
  message: string
}

/** One finding; `hour` is the UTC time at which an hour without a digest begins, or FROM/TO of a longer span; `span` is the time concerned, in ms. */
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

/** Makes a fault of a folder, or of a time. */
export const plainFault = (
  code: Exclude<FindingCode, WarningCode>,
  message: string,
): Finding => ({ level: 'fault', code, message })

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
