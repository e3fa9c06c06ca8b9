// Writes to the process's stdout and waits for the callback, which comes when
// the system has taken the bytes. A reader that went away is an EPIPE, once as
// an event and once for each write: all are caught here. The errors by which a
// host ends a cycle early stand here, too.

import { errorCode, errorReason } from '../files/error-code.ts'

/** Takes bytes; resolves once the system has accepted them all. */
export type Sink = (bytes: Buffer) => Promise<void>

/** The error of a stdout that its reader closed, or that took nothing until the end of the cycle. */
export class HostGoneError extends Error {
  override readonly name = 'HostGoneError'
  readonly code = 'HOST_GONE'
}

/** The error of a process that a signal asked to stop. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
  readonly code = 'STOPPED'
}

/** Makes a sink of a stream; its promises reject with HostGoneError when the reader is gone. */
export function streamSink(stream: NodeJS.WritableStream): Sink {
  stream.on('error', () => {})
  return bytes =>
    new Promise((resolve, reject) => {
      stream.write(bytes, error => {
        if (error) reject(hostGone(error))
        else resolve()
      })
    })
}

const NO_ROOM = 'the disk is full: make room'
const CURES: Readonly<Record<string, string>> = {
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  EFBIG: 'the file may not grow any more: begin another',
}

/** Makes the error of a write that failed, with its reason. */
export function hostGone(error: unknown): HostGoneError {
  const reason = errorReason(error)
  const why = CURES[reason] ?? 'the host takes no more'
  return new HostGoneError(
    `writing to stdout: ${reason}; ${why}; its unread lines come again`,
    { cause: error },
  )
}

/** Tells whether a write failed because stdout has no reader any more; other failures of writing are false. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof HostGoneError && errorCode(error.cause) === 'EPIPE'
}
