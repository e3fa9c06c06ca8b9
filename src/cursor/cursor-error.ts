// Why a cursor, its journal or its lock cannot be used. Nothing here is mended
// by starting anew: whoever catches this stops, and the text says what to do.

import { errorCode } from '../files/error-code.ts'
import { thisUser } from '../files/this-user.ts'

/** Names what is wrong with a cursor. */
export type CursorErrorCode =
  | 'CURSOR_DAMAGED'
  | 'CURSOR_FOREIGN'
  | 'CURSOR_NEWER'
  | 'CURSOR_UNREADABLE'
  | 'CURSOR_UNWRITABLE'

/** Tells that a cursor cannot be used; the message says what was done, on which file, what was found, and what to do. */
export class CursorError extends Error {
  override readonly name = 'CursorError'
  readonly code: CursorErrorCode

  constructor(code: CursorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What to do about a cursor that is damaged. */
export const damageCure =
  'restore it from a backup, or move it away and run `skip` to begin from ' +
  'now (without `skip` the whole window is collected again)'

/** What to do about a cursor that is a mount of its own. */
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

/** Turns what the system said into a CursorError; `doing` is what was being done, such as "reading the cursor". */
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

/** Quotes what a file says, which may be of any length where it is a stranger's. */
export function quote(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 100)
}
