// What stdout is, which decides when a line that it took has been read: a pipe
// and a UNIX socket hold lines that nobody has read yet, a terminal and a file
// hold none. Where records would go nowhere, or nobody could tell whether they
// arrive, none may be committed.

import { fstatSync, statSync, type Stats } from 'node:fs'
import type { Socket } from 'node:net'
import { UsageError } from '../settings/settings-error.ts'

/** Names what stdout is; a device that is no terminal counts as a file. */
export type StdoutKind =
  'pipe' | 'socket' | 'terminal' | 'file' | 'tcp' | 'nowhere' | 'unknown'

/** Says how much must have been accepted after a line before it counts as read: so many bytes, and so many records or the other number of bytes. */
export interface Distance {
  bytes: number
  records: number
  orBytes: number
}

const MIB = 1024 * 1024

/** Is the distance in a pipe: it holds up to 1 MiB unread, and Vector a queue of 1,024 records. */
export const PIPE_DISTANCE: Distance = {
  bytes: MIB,
  records: 1100,
  orBytes: 8 * MIB,
}

// How much a socket holds its two ends may set as they like.
const SOCKET_DISTANCE: Distance = { ...PIPE_DISTANCE, bytes: 8 * MIB }

const NO_DISTANCE: Distance = { bytes: 0, records: 0, orBytes: 0 }

/** Gives the distance that holds for a kind of stdout. */
export function distanceOf(kind: StdoutKind): Distance {
  if (kind === 'file' || kind === 'terminal') return NO_DISTANCE
  return kind === 'pipe' ? PIPE_DISTANCE : SOCKET_DISTANCE
}

/** Tells what the stream of a descriptor is; nothing open is /dev/null, which Node puts in its place. */
export function stdoutKind(
  stream: NodeJS.WritableStream & { fd: number; isTTY?: boolean },
): StdoutKind {
  const { fd } = stream
  if (stream.isTTY) return 'terminal'
  const stats = fstatSync(fd)
  if (stats.isFIFO()) return 'pipe'
  if (stats.isSocket()) return socketKind(stream)
  if (stats.isCharacterDevice() && isNowhere(stats)) return 'nowhere'
  return 'file'
}

/** Throws UsageError where what is printed could be lost unseen, so that it must not be committed. */
export function refuseStdout(kind: StdoutKind): void {
  const why = REFUSED[kind]
  if (why !== undefined) throw new UsageError(`stdout ${why}`)
}

const REFUSED: Partial<Record<StdoutKind, string>> = {
  nowhere:
    'is closed or /dev/null, so all that is collected would be lost: let a host read it, or write to a file; `skip` marks what there is as skipped without printing it',
  tcp: 'is a TCP socket, whose reader may be gone long before that shows, with what it had not read: let the reader start this program with a pipe or a UNIX socket as its stdout',
  unknown:
    'is no pipe, UNIX socket, terminal or file: let a host read it through a pipe',
}

// For what it does not know, Node makes a stream that takes all and drops it.
function socketKind(stream: NodeJS.WritableStream): StdoutKind {
  if (!('address' in stream)) return 'unknown'
  return 'port' in (stream as Socket).address() ? 'tcp' : 'socket'
}

function isNowhere({ rdev }: Stats): boolean {
  return ['/dev/null', '/dev/zero'].some(path => {
    const device = statSync(path, { throwIfNoEntry: false })
    return device?.isCharacterDevice() && device.rdev === rdev
  })
}
