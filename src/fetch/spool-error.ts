// The spool could not be written or read. That is this machine's fault and not
// an object's: no attempt counts, and the object is fetched anew.

import { errorCode } from '../files/error-code.ts'

/** The error of the spool: the system's code and a sentence on what to do. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError'
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** Makes a SpoolError of a system error while `doing` something to a path. */
export function spoolError(
  cause: unknown,
  doing: string,
  path: string,
): SpoolError {
  const code = errorCode(cause)
  const reason =
    code ?? (cause instanceof Error ? cause.message : String(cause))
  return new SpoolError(
    `${doing} ${path}: ${reason}; ${adviceOn(code)}`,
    reason,
  )
}

function adviceOn(code: string | undefined): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'free space there: bodies over 8 MiB wait in it until collected'
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return 'move away the file in its place'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return 'make the folder writable by the user that collects'
  return 'check that folder and its disk'
}
