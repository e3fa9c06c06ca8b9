// Checks the file of older days before anything depends on it: if the cursor
// names it, it must exist and must not be an older copy, or all late objects
// would be printed again. Each write of it ends with its number, which is read
// from its last bytes alone, since the file may have megabytes.

import { open } from 'node:fs/promises'
import { errorCode } from '../files/error-code.ts'
import { CursorError, cursorError } from './cursor-error.ts'
import { expectFile } from './expect-usable.ts'

/** The cursor's own note of the file of older days. */
export interface OlderDays {
  /** The newest day whose sets were moved there; '' = the file need not exist. */
  upTo: string
  /** The oldest day whose sets are still kept; '' = no set was ever dropped. */
  from: string
  /** The number of writes of that file: a file with fewer is an older copy. */
  number: number
}

const doing = 'looking for the file of'
const OLDER = 'older days'
const TAIL_BYTES = 1024
const NOTE = '{"k":"older",'
const LINE_END = ']\n'

/** Gives the number of writes of the file, if it is needed and as far as its last bytes show it; `holds` names its contents. Throws CursorError when it is missing, is no file, or has fewer writes than the cursor knows. */
export async function writesOf(
  path: string,
  { upTo, number }: { upTo: string; number: number },
  holds = OLDER,
): Promise<number | undefined> {
  if (upTo === '') return number
  try {
    // Opening a pipe would wait for a writer.
    const { size } = await expectFile(path)
    const found = numberAtEnd(await lastBytes(path, size))
    if (found !== undefined) expectNumber(path, found, number, holds)
    return found ?? (number === 0 ? 0 : undefined)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw cursorError('CURSOR_UNREADABLE', `${doing} ${holds}`, path, error)
    throw new CursorError(
      'CURSOR_UNREADABLE',
      `${doing} ${holds} ${path}: the cursor names it and it is not there; put it ` +
        'back, or move the cursor away too and run `skip` to begin from now',
    )
  }
}

async function lastBytes(path: string, size: number): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(TAIL_BYTES),
      position: Math.max(0, size - TAIL_BYTES),
    })
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Throws CursorError when the file has fewer writes than the cursor knows. A crash, or a cursor from a backup, leaves more writes. */
export function expectNumber(
  path: string,
  found: number,
  known: number,
  holds = OLDER,
): void {
  if (found >= known) return
  throw new CursorError(
    'CURSOR_UNREADABLE',
    `${doing} ${holds} ${path}: it is an older copy, of write ${found} where the cursor ` +
      `knows of ${known}; put the newer one back, or the cursor of the same ` +
      'backup beside it, or move both away and run `skip` to begin from now',
  )
}

// A torn tail, or a file of version 1, has no number.
function numberAtEnd(text: string): number | undefined {
  const start = text.lastIndexOf(NOTE)
  if (start === -1 || !text.endsWith(LINE_END)) return undefined
  try {
    const note: unknown = JSON.parse(text.slice(start, -LINE_END.length))
    const { number } = note as Partial<OlderDays>
    return typeof number === 'number' ? number : undefined
  } catch {
    return undefined
  }
}
