// A pipe of the kernel between a child and a test: what Node makes for 'pipe'
// is a pair of sockets, which hold more and fail otherwise.

import { execFileSync } from 'node:child_process'
import { constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A host reads little ahead; from Node 22 on a socket holds four times as much.
const READ_AHEAD = 16 * 1024

export interface RealPipe {
  reader: Socket
  /** The descriptor to hand to the child, and to close then. */
  writer: number
}

let made = 0

/** Makes a pipe; it ends when every holder of the writer has closed it. */
export function realPipe(): RealPipe {
  const path = join(tmpdir(), `pipe-${process.pid}-${++made}`)
  execFileSync('mkfifo', [path])
  // A reader that does not block may open it before there is a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, 'w')
  rmSync(path)
  const options = { readable: true, writable: false, highWaterMark: READ_AHEAD }
  return { reader: new Socket({ fd, ...options }), writer }
}
