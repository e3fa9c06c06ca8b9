// Tells the kind of stdout, which decides when an accepted line counts as read:
// a pipe and a UNIX socket hold lines that are not read yet, a terminal and a
// file hold none. Where records would be lost, or their loss could not be seen,
// stdout is refused, so that none is committed.

import { fstatSync, statSync, type Stats } from 'node:fs'
import type { Socket } from 'node:net'
import { UsageError } from '../settings/settings-error.ts'

/** The kinds of stdout; a device other than a terminal counts as a file. */
export type StdoutKind =
  'pipe' | 'socket' | 'terminal' | 'file' | 'tcp' | 'nowhere' | 'unknown'

/** The amount that must be accepted after a line before it counts as read: `bytes`, and either `records` or `orBytes`. */
export interface Distance {
  bytes: number
  records: number
  orBytes: number
}

const MIB = 1024 * 1024

/** The distance in a pipe, which holds up to 1 MiB unread, behind which Vector queues 1,024 records. */
export const PIPE_DISTANCE: Distance = {
  bytes: MIB,
  records: 1100,
  orBytes: 8 * MIB,
}

// Each end of a socket may choose how much it holds.
const SOCKET_DISTANCE: Distance = { ...PIPE_DISTANCE, bytes: 8 * MIB }

const NO_DISTANCE: Distance = { bytes: 0, records: 0, orBytes: 0 }

/** Gives the distance of a kind of stdout. */
export function distanceOf(kind: StdoutKind): Distance {
  if (kind === 'file' || kind === 'terminal') return NO_DISTANCE
  return kind === 'pipe' ? PIPE_DISTANCE : SOCKET_DISTANCE
}

/** Tells the kind of a descriptor's stream; Node opens /dev/null in the place of a closed stdout. */
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

/** Throws UsageError for a stdout whose loss of records could not be seen, so that they must not be committed. */
export function refuseStdout(kind: StdoutKind): void {
  const why = REFUSED[kind]
  if (why !== undefined) throw new UsageError(`stdout ${why}`)
}

const REFUSED: Partial<Record<StdoutKind, string>> = {
  nowhere:
    'is closed or /dev/null, so every record would be lost: let a host read it, or write to a file; `skip` marks all present objects as skipped without printing them',
  tcp: 'is a TCP socket, whose reader may be gone, with unread lines, long before that shows: let the reader start this program with a pipe or a UNIX socket as its stdout',
  unknown:
    'is not a pipe, UNIX socket, terminal or file: let a host read it through a pipe',
}

// For an unknown kind of descriptor Node makes a stream that drops all it
// takes.
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
