// Reasons why a cursor, its journal or its lock cannot be used. The program
// never starts anew in their place: the caller stops, and the message gives the
// remedy.

import { errorCode } from '../files/error-code.ts'
import { thisUser } from '../files/this-user.ts'

/** The faults of a cursor. */
export type CursorErrorCode =
  | 'CURSOR_DAMAGED'
  | 'CURSOR_FOREIGN'
  | 'CURSOR_NEWER'
  | 'CURSOR_UNREADABLE'
  | 'CURSOR_UNWRITABLE'

/** The error of an unusable cursor; the message names the action, the file, the finding and the remedy. */
export class CursorError extends Error {
  override readonly name = 'CursorError'
  readonly code: CursorErrorCode

  constructor(code: CursorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The remedy for a damaged cursor. */
export const damageCure =
  'restore it from a backup, or move it away and run `skip` to begin from ' +
  'now (without `skip` the whole window is collected again)'

/** The remedy for a cursor that is a mount of its own. */
export const mountCure =
  'it is a mount of its own, as `docker -v FILE:FILE` or a `subPath` makes one, so it cannot be replaced, ' +
  'and its lock and its other files would lie elsewhere: mount the folder that it lies in instead'

const NOT_ALLOWED = new Set(['EACCES', 'EPERM'])
const cures = new Map([
  ['EISDIR', 'let StateFile name a file, not a folder'],
  ['ENOENT', 'create its folder if that is missing, then run again'],
  ['ENOTDIR', 'let StateFile name a file in a folder that exists'],
  ['ENOSPC', 'make room on that disk; the cursor is as it was before'],
  ['EDQUOT', 'raise the quota; the cursor is as it was before'],
  ['EFBIG', 'raise the limit on file sizes; the cursor is as it was before'],
  ['ELOOP', 'let StateFile name a file; its links lead in a circle'],
  ['EBUSY', mountCure],
  ['EROFS', 'let StateFile name a file on a disk that can be written'],
])

/** Turns a system error into a CursorError; `doing` is the action, such as "reading the cursor". */
export function cursorError(
  code: CursorErrorCode,
  doing: string,
  path: string,
  cause: unknown,
): CursorError {
  if (cause instanceof CursorError) return cause
  const said = cause instanceof Error ? cause.message : String(cause)
  const other =
    code === 'CURSOR_DAMAGED' ? damageCure : 'check that disk, run again'
  const reason = errorCode(cause) ?? ''
  const cure = NOT_ALLOWED.has(reason)
    ? `let ${thisUser()}, who runs this, read and write it and its folder`
    : (cures.get(reason) ?? other)
  return new CursorError(code, `${doing} ${path}: ${said}; ${cure}`, { cause })
}

/** Quotes a value from a file, which may be of any length in a file that is not a cursor. */
export function quote(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 100)
}
