// Opens stdout for what it is: lines are written to it the same way whatever it
// is, but when they count as read differs.

import { fileSink } from './file-sink.ts'
import { streamSink, type Sink } from './stdout.ts'
import {
  distanceOf,
  PIPE_DISTANCE,
  stdoutKind,
  type Distance,
  type StdoutKind,
} from './stdout-kind.ts'

/** Takes lines, and says when they count as read. */
export interface Stdout {
  kind: StdoutKind
  /** Resolves when the bytes are accepted; rejects with HostGoneError. */
  write: Sink
  /** What must be accepted after a line, and synced, before it counts as read. */
  distance: Distance
  /** Resolves when what was accepted outlasts a power cut, where it can; rejects with HostGoneError. */
  sync(): Promise<void>
  /** Has the next write begin a line; `mayBeCut` tells whether the last cycle may have ended inside one. */
  startLine(mayBeCut: boolean): void
}

/** Opens the stream that stdout is. */
export function openStdout(
  stream: NodeJS.WritableStream & { fd: number; isTTY?: boolean },
): Stdout {
  const kind = stdoutKind(stream)
  const distance = distanceOf(kind)
  if (kind === 'file') return { kind, distance, ...fileSink(stream.fd) }
  return { ...pipeTo(streamSink(stream)), kind, distance }
}

/** Makes a stdout that is a pipe into a sink. */
export function pipeTo(write: Sink): Stdout {
  return {
    kind: 'pipe',
    write,
    distance: PIPE_DISTANCE,
    sync: () => Promise.resolve(),
    startLine: () => {},
  }
}
