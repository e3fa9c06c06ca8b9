// Opens files that a person named. Opening a pipe could wait for ever, in a
// call that no signal interrupts, and opening a device may do anything. So
// opening never waits, and only regular files are used.

import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  type Stats,
} from 'node:fs'
import { errorCode, NoFileError, orElse } from './error-code.ts'

/** Opens a file with flags of the system; throws NoFileError for a pipe, a socket or a device, or the system's error. */
export function openNamed(path: string, flags: number, mode?: number): number {
  let file: number
  try {
    // Windows has no such flag, and no such pipes.
    file = openSync(path, flags | constants.O_NONBLOCK, mode)
  } catch (error) {
    // It is a pipe without a reader, or a socket.
    if (errorCode(error) === 'ENXIO') throw new NoFileError(kindAt(path))
    throw error
  }
  const kind = kindOf(fstatSync(file))
  if (kind === undefined) return file
  closeSync(file)
  throw new NoFileError(kind)
}

/** Reads all of a file; throws as openNamed does. */
export function readNamed(path: string): Buffer {
  const file = openNamed(path, constants.O_RDONLY)
  try {
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** Names the thing at a path, such as `a pipe`; undefined for a file, a folder, or a path at which nothing can be seen. */
export const kindAt = (path: string): string | undefined =>
  orElse(undefined, () => kindOf(statSync(path)))

// A folder is refused by the system itself.
const kindOf = (stat: Stats): string | undefined =>
  stat.isFIFO()
    ? 'a pipe'
    : stat.isSocket()
      ? 'a socket'
      : stat.isFile() || stat.isDirectory()
        ? undefined
        : 'a device'
