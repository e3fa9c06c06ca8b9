// Reads a cursor's lock without taking it: its holder, the time it was taken,
// and whether the holder is gone.

import { lstat, readFile } from 'node:fs/promises'
import { realPath } from '../../files/real-path.ts'
import { isAlive, parseHolder, thisProcess } from './lock-holder.ts'
import { DEAD_MS } from './seize-lock.ts'

/** A lock as seen from outside; `since` is '' if unknown. */
export interface SeenLock {
  pid: number
  host: string
  since: string
  /** The holder is gone: the next cycle takes the lock over. */
  isStale: boolean
}

/** Reads the lock of a cursor; undefined if there is none, or it was not written whole. */
export async function seeLock(
  path: string,
  now: number,
): Promise<SeenLock | undefined> {
  try {
    const lock = `${await realPath(path)}.lock`
    const found = await lstat(lock)
    // Reading a pipe in its place could wait for ever.
    if (!found.isFile()) return undefined
    const holder = parseHolder(await readFile(lock, 'utf8'))
    if (holder === undefined) return undefined
    const { pid, host, since } = holder
    const isSilent = Math.abs(now - found.mtimeMs) > DEAD_MS
    const isStale = !(isAlive(holder, thisProcess()) ?? !isSilent)
    const isTime = !Number.isNaN(Date.parse(since))
    return { pid, host, since: isTime ? since : '', isStale }
  } catch {
    return undefined
  }
}
