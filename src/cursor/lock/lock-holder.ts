// Identifies the process that holds a lock, and tells whether it still lives. A
// pid alone does not: pids are used again, and another container or machine has
// its own.

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCode, orElse } from '../../files/error-code.ts'

/** A process, distinguished from all others, also past and remote ones; '' is a value that this system does not give. */
export interface Process {
  pid: number
  start: string
  host: string
  boot: string
  namespace: string
}

/** The content of a lock file; the token has 16 hex digits and is never used twice. */
export interface LockHolder extends Process {
  token: string
  renewed: string
  /** When it was taken; '' in a lock of an older version. */
  since: string
}

/** Describes this process. */
export function thisProcess(): Process {
  return {
    pid: process.pid,
    start: processStat(process.pid)?.start ?? '',
    host: hostname(),
    boot: orElse('', () =>
      readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    ),
    namespace: orElse('', () => readlinkSync('/proc/self/ns/pid')),
  }
}

/** Reads a lock file's text; undefined if it was not written whole. */
export function parseHolder(text: string): LockHolder | undefined {
  const found: Record<string, unknown> = orElse({}, () =>
    Object(JSON.parse(text)),
  )
  const { pid, start, host, boot, namespace, token, renewed } = found
  const since = typeof found['since'] === 'string' ? found['since'] : ''
  return typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    pid < 2 ** 31 &&
    typeof start === 'string' &&
    typeof host === 'string' &&
    typeof boot === 'string' &&
    typeof namespace === 'string' &&
    typeof token === 'string' &&
    /^[0-9a-f]{16}$/.test(token) &&
    typeof renewed === 'string'
    ? { pid, start, host, boot, namespace, token, renewed, since }
    : undefined
}

/** Makes a lock file's text, always of the same length, since a renewal overwrites it in place; `now` is in ms since 1970. */
export function holderText(holder: LockHolder, now: number): string {
  return JSON.stringify({ ...holder, renewed: new Date(now).toISOString() })
}

/** Tells whether a lock's holder lives; undefined if that cannot be seen from here. */
export function isAlive(holder: Process, self: Process): boolean | undefined {
  if (
    holder.host !== self.host ||
    holder.boot !== self.boot ||
    holder.namespace !== self.namespace
  )
    return undefined
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: the process exists and is another user's.
    if (errorCode(error) === 'ESRCH') return false
  }
  const stat = processStat(holder.pid)
  if (stat === undefined || holder.start === '') return undefined
  return stat.state !== 'Z' && stat.start === holder.start
}

/** The folder in which Linux shows its processes; other systems have none. */
export const PROC = '/proc'

/** Reads a process's state, parent, and start time in clock ticks since boot, if the system gives them. */
export function processStat(
  pid: number,
  proc = PROC,
): { state: string; parent: number; start: string } | undefined {
  // proc_pid_stat(5): pid, (name), state, parent, ..., start time as the 22nd
  // field. The name may hold blanks and parentheses.
  const text = orElse('', () => readFileSync(`${proc}/${pid}/stat`, 'latin1'))
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, parent, start] = [fields[0], Number(fields[1]), fields[19]]
  return state && start ? { state, parent, start } : undefined
}
