// Opens stdout by its kind: lines are written alike to all kinds, but they
// count as read at different times.

import { fileSink } from './file-sink.ts'
import { streamSink, type Sink } from './stdout.ts'
import {
  distanceOf,
  PIPE_DISTANCE,
  stdoutKind,
  type Distance,
  type StdoutKind,
} from './stdout-kind.ts'

/** Takes lines; `distance` and `sync` decide when they count as read. */
export interface Stdout {
  kind: StdoutKind
  /** Resolves when the bytes are accepted; rejects with HostGoneError. */
  write: Sink
  /** The amount that must be accepted after a line, and synced, before the line counts as read. */
  distance: Distance
  /** Resolves when everything accepted outlasts a power cut, as far as the kind allows; rejects with HostGoneError. */
  sync(): Promise<void>
  /** Makes the next write begin a line; `mayBeCut` says that the last cycle may have ended inside a line. */
  startLine(mayBeCut: boolean): void
}

/** Opens stdout by the kind of its stream. */
export function openStdout(
  stream: NodeJS.WritableStream & { fd: number; isTTY?: boolean },
): Stdout {
  const kind = stdoutKind(stream)
  const distance = distanceOf(kind)
  if (kind === 'file') return { kind, distance, ...fileSink(stream.fd) }
  return { ...pipeTo(streamSink(stream)), kind, distance }
}

/** Makes a stdout of the kind pipe from a sink. */
export function pipeTo(write: Sink): Stdout {
  return {
    kind: 'pipe',
    write,
    distance: PIPE_DISTANCE,
    sync: () => Promise.resolve(),
    startLine: () => {},
  }
}
