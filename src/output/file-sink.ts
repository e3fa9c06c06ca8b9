// Writes lines to a file: a whole batch, or an error. Node's own stream for
// files takes a short write on a full disk for a whole one. A file that ends
// inside a line, after a killed cycle or a full disk, gets a line end first, so
// that the next line stays whole.

import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  write,
} from 'node:fs'
import { promisify } from 'node:util'
import { errorCode } from '../files/error-code.ts'
import { hostGone, type Sink } from './stdout.ts'

const writeSome = promisify(write)
const sync = promisify(fdatasync)

const LINE_FEED = 10

/** A file that lines are written to. */
export interface FileSink {
  /** Writes all bytes; rejects with HostGoneError. */
  write: Sink
  /** Resolves when everything written is on the disk; rejects with HostGoneError. */
  sync(): Promise<void>
  /** Makes the next write begin a line; `mayBeCut` decides for a file that cannot be read. */
  startLine(mayBeCut: boolean): void
}

/** Makes the sink of an open file. */
export function fileSink(fd: number): FileSink {
  let needsLineEnd = false
  return {
    write: async bytes => {
      try {
        if (needsLineEnd) await writeWhole(fd, Buffer.of(LINE_FEED))
        needsLineEnd = false
        await writeWhole(fd, bytes)
      } catch (error) {
        throw hostGone(error)
      }
    },
    sync: async () => {
      try {
        await sync(fd)
      } catch (error) {
        // A device has nothing to sync.
        if (errorCode(error) !== 'EINVAL') throw hostGone(error)
      }
    },
    startLine: mayBeCut => {
      needsLineEnd = endsInsideLine(fd) ?? mayBeCut
    },
  }
}

async function writeWhole(fd: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const left = bytes.length - done
    const { bytesWritten } = await writeSome(fd, bytes, done, left, null)
    done += bytesWritten
  }
}

// Undefined where the file cannot be read or the system does not tell the
// offset.
function endsInsideLine(fd: number): boolean | undefined {
  const stats = fstatSync(fd)
  if (!stats.isFile()) return false
  try {
    const end = writePosition(fd, stats.size)
    return end > 0 && byteAt(`/proc/self/fd/${fd}`, end - 1) !== LINE_FEED
  } catch {
    return stats.size === 0 ? false : undefined
  }
}

// A file that was truncated meanwhile is still written at its old offset, far
// behind its end.
function writePosition(fd: number, size: number): number {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')
  const flags = parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? '', 8)
  if ((flags & constants.O_APPEND) !== 0) return size
  return Number(/^pos:\s*(\d+)$/m.exec(info)?.[1])
}

function byteAt(path: string, offset: number): number | undefined {
  const file = openSync(path, 'r')
  try {
    const byte = Buffer.alloc(1)
    return readSync(file, byte, 0, 1, offset) === 1 ? byte[0] : undefined
  } finally {
    closeSync(file)
  }
}
