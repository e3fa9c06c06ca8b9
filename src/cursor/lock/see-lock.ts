// Looks at a cursor's lock without taking it: who is at work, since when, or
// who was when it was left behind.

import { readFile, stat } from 'node:fs/promises'
import { realPath } from '../../files/real-path.ts'
import { isAlive, parseHolder, thisProcess } from './lock-holder.ts'
import { DEAD_MS } from './seize-lock.ts'

/** A lock as it is seen; `since` is '' where that is not known. */
export interface SeenLock {
  pid: number
  host: string
  since: string
  /** Nobody holds it any more: the next cycle takes it over. */
  isStale: boolean
}

/** Sees the lock of a cursor; undefined where there is none, or none that was written whole. */
export async function seeLock(
  path: string,
  now: number,
): Promise<SeenLock | undefined> {
  try {
    const lock = `${await realPath(path)}.lock`
    const holder = parseHolder(await readFile(lock, 'utf8'))
    if (holder === undefined) return undefined
    const { pid, host, since } = holder
    const { mtimeMs } = await stat(lock)
    const isSilent = Math.abs(now - mtimeMs) > DEAD_MS
    const isStale = !(isAlive(holder, thisProcess()) ?? !isSilent)
    const isTime = !Number.isNaN(Date.parse(since))
    return { pid, host, since: isTime ? since : '', isStale }
  } catch {
    return undefined
  }
}
