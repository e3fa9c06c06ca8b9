// Writes to the process's stdout and waits for the callback, which comes when
// the system has taken the bytes. A reader that went away is EPIPE, once as
// an event and once for each write: all are caught here. Beside it, the errors
// by which a host ends a cycle before its time.

/** Takes bytes; resolves once the system has accepted them all. */
export type Sink = (bytes: Buffer) => Promise<void>

/** Reports that stdout was closed by its reader, or stood still to the end of the cycle. */
export class HostGoneError extends Error {
  override readonly name = 'HostGoneError'
  readonly code = 'HOST_GONE'
}

/** Reports that a signal asked the process to stop. */
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

function hostGone(error: Error & { code?: string }): Error {
  return new HostGoneError(
    `writing to stdout: ${error.code ?? error.message}; ` +
      'the host takes no more, what it had not read comes again',
  )
}
