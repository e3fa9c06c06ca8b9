// The process that works on a cursor, or that left its lock behind, for `status`.

import type { SeenLock } from '../../cursor/lock/see-lock.ts'
import { span } from '../../report/words.ts'

/** A process that holds, or held, the lock; `since` is '' if it is unknown. */
export interface HolderStatus {
  pid: number
  host: string
  since: string
  /** The seconds since then; null if unknown. */
  seconds: number | null
}

/** The lock with the names of --json: a running process, or one that has ended. */
export interface LockStatus {
  running: HolderStatus | null
  stale_lock: HolderStatus | null
}

/** Gives the status of the lock, if there is one; `now` is this machine's time in ms since 1970. */
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

/** Describes the lock, '' if there is none. */
export function lockText({ running, stale_lock: stale }: LockStatus): string {
  if (running !== null) return `a process ${holderText(running)}`
  if (stale === null) return ''
  return `no process; the lock of a process ${holderText(stale)} was left behind, and the next cycle takes it over`
}

function holderText({ pid, host, since, seconds }: HolderStatus): string {
  const when = seconds === null ? '' : `since ${since} (${span(seconds)} ago), `
  return `${when}pid ${pid} on ${host}`
}
