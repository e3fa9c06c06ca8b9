// LogFile, the copy of stderr: appended to by name each time, so that it may be
// rotated at any time.

import {
  appendFileSync,
  closeSync,
  constants,
  fchownSync,
  lstatSync,
  openSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, errorReason } from '../files/error-code.ts'
import { isRoot } from '../files/give-to-owner.ts'
import { openNamed } from '../files/named-file.ts'
import { thisUser } from '../files/this-user.ts'

const APPENDING = constants.O_WRONLY | constants.O_APPEND

/** Appends a line to a file, which is made if it is not there; throws the system's error. */
export function appendLine(file: string, line: string): void {
  if (isRoot() && !lstatSync(file, { throwIfNoEntry: false })) makeFor(file)
  const log = openNamed(file, APPENDING | constants.O_CREAT, 0o600)
  try {
    appendFileSync(log, line)
  } finally {
    closeSync(log)
  }
}

/** Opens a file that is there as appendLine does, and leaves it as it is; throws the system's error. */
export const tryLogFile = (file: string): void =>
  closeSync(openNamed(file, APPENDING))

/** Says why a file cannot be written, and what to do. */
export function logFileFault(file: string, error: unknown): string {
  return `writing LogFile ${file}: ${whyNot(file, error)}; let it name a file that can be written, or leave it blank`
}

function whyNot(file: string, error: unknown): string {
  const reason = errorReason(error)
  switch (errorCode(error)) {
    case 'ENOENT':
      return `the folder ${dirname(file)} is not there (${reason})`
    case 'EISDIR':
      return `it is a folder (${reason})`
    case 'EACCES':
    case 'EPERM':
      return `${thisUser()}, who runs this, may not write it (${reason})`
    default:
      return reason
  }
}

// As of the cursor: what root makes is its folder's owner's.
function makeFor(file: string): void {
  const made = openSync(file, 'ax', 0o600)
  try {
    const { uid, gid } = statSync(dirname(file))
    fchownSync(made, uid, gid)
  } catch {
    // Where it cannot be given away, root goes on writing to it.
  } finally {
    closeSync(made)
  }
}
