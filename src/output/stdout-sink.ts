// Writes to the process's stdout and waits for the callback, which comes when
// the system has taken the bytes. A reader that went away is EPIPE, once as
// an event and once for each write: all are caught here.

import { HostGoneError } from './host-gone.ts'
import type { Sink } from './line-writer.ts'

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
