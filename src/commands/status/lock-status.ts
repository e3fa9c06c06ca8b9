// Who is at work on a cursor, or left its lock behind, as `status` tells it.

import type { SeenLock } from '../../cursor/lock/see-lock.ts'
import { span } from '../../report/words.ts'

/** A process that holds, or held, the lock; `since` is '' where that is not known. */
export interface HolderStatus {
  pid: number
  host: string
  since: string
  /** How long ago that was; null where it is not known. */
  seconds: number | null
}

/** The lock in the names of --json: a process at work, or one that is gone. */
export interface LockStatus {
  running: HolderStatus | null
  stale_lock: HolderStatus | null
}

/** Tells of a lock, if there is one; `now` is this machine's time in ms since 1970. */
export function lockStatus(
  lock: SeenLock | undefined,
  now: number,
): LockStatus {
  if (lock === undefined) return { running: null, stale_lock: null }
  const { pid, host, since, isStale } = lock
  const seconds =
    since === '' ? null : Math.round((now - Date.parse(since)) / 1000)
  const holder = { pid, host, since, seconds }
  return isStale
    ? { running: null, stale_lock: holder }
    : { running: holder, stale_lock: null }
}

/** Says it in words, '' where there is no lock. */
export function lockText({ running, stale_lock: stale }: LockStatus): string {
  if (running !== null) return `a process ${holderText(running)}`
  if (stale === null) return ''
  return `nobody; the lock of a process ${holderText(stale)} was left behind, and the next cycle takes it over`
}

function holderText({ pid, host, since, seconds }: HolderStatus): string {
  const when = seconds === null ? '' : `since ${since} (${span(seconds)} ago), `
  return `${when}pid ${pid} on ${host}`
}
