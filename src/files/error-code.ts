// Reasons of failed system calls. Each such call throws an error whose code,
// such as ENOENT, is safe to print.

/** Reads the code of a system error, such as ENOENT; undefined when there is none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The error of a path at which something other than a file lies, such as `a pipe`. */
export class NoFileError extends Error {
  override readonly name = 'NoFileError'
  readonly code = 'ENOFILE'

  constructor(kind = 'a device') {
    super(`it is ${kind}, not a file`)
  }
}

/** Gives the reason of a failed call for a message: its code or, without a code, its message. */
export function errorReason(error: unknown): string {
  if (error instanceof NoFileError) return error.message
  return errorCode(error) ?? String(error)
}

/** Gives the result of a call, or `otherwise` if it throws; for calls whose fault does not matter. */
export function orElse<T>(otherwise: T, call: () => T): T {
  try {
    return call()
  } catch {
    return otherwise
  }
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Tells whether a call failed because a disk, a quota or a limit on the size of files left it no room. */
export function lacksRoom(error: unknown): boolean {
  return NO_ROOM.has(errorCode(error) ?? '')
}
