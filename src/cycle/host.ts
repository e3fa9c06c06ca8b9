// Finds the host: the process that reads what this one prints. It is told apart
// by boot, pid and start time, so that a cycle knows whether the process that
// took the lines of the last one still lives. Through a shell it is still the
// reader of the pipe; only where none is to be seen do ancestors stand for it:
// the nearest that lasts, and when that is gone what was started in its place.

import { fstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { uptime } from 'node:os'
import { PROC, processStat, thisProcess } from '../cursor/lock/lock-holder.ts'

/** A process that reads our output; '' is what this system does not tell. */
export interface Host {
  boot: string
  pid: number
  /** When it started, in clock ticks since boot; after GUESS while no cycle has shown that it lasts. */
  start: string
}

/** What the search for the host asks of the system. */
export interface ProcessTable {
  boot: string
  parent: number
  /** Gives the processes that hold the other end of stdout open for reading. */
  readers(): number[]
  stat(pid: number): { parent: number; start: string } | undefined
}

const GUESS = '?'
// USER_HZ is 100 on every architecture that Node runs on.
const TICKS_PER_SECOND = 100
// proc(5): the access mode is in the lowest two bits, 1 is for writing alone.
const ACCESS_MODE = 3
const WRITE_ONLY = 1

/** Finds the host; `last` is the one of the last cycle, with the seconds from boot to that cycle. */
export function findHost(
  last: Host & { uptime: number },
  table: ProcessTable = thisSystem(PROC),
): Host {
  const { boot, parent } = table
  const first = table
    .readers()
    .map(pid => ({ pid, start: table.stat(pid)?.start ?? '' }))
    .filter(({ start }) => start !== '')
    .toSorted((a, b) => Number(a.start) - Number(b.start) || a.pid - b.pid)[0]
  if (first !== undefined) return { boot, ...first }
  const ancestors = ancestorsOf(parent, table)
  const at = ancestors.findIndex(
    ({ start }) =>
      last.boot === boot && Number(start) / TICKS_PER_SECOND <= last.uptime,
  )
  const [nearest = { pid: parent, start: '' }] = ancestors
  const lasting = ancestors[at]
  // The nearest may be a shell that comes and goes with each cycle.
  if (lasting === undefined)
    return { boot, ...nearest, start: nearest.start && GUESS + nearest.start }
  // A host that was known and is gone was started again by what lasts.
  const isKnown = last.start !== '' && !last.start.startsWith(GUESS)
  const isGone = isKnown && !isSameHost({ boot, ...lasting }, last)
  return { boot, ...((isGone && ancestors[at - 1]) || lasting) }
}

/** Tells whether two hosts are one process, as far as the system tells: a parent in another pid namespace is seen as 0, one that is hidden has no start time, and either may be any. */
export function isSameHost(a: Host, b: Host): boolean {
  const [start, other] = [a, b].map(host => host.start.replace(GUESS, ''))
  const isSame = a.boot === b.boot && a.pid === b.pid && start === other
  // Without boot and start times, as on macOS, the parent's number has to do.
  const isSeen = start !== '' || a.boot === ''
  return isSame && isSeen && a.pid > 0
}

/** Gives the seconds since boot. */
export function secondsSinceBoot(): number {
  return Math.floor(uptime())
}

// From the nearest on.
function ancestorsOf(
  parent: number,
  table: ProcessTable,
): { pid: number; start: string }[] {
  const found: { pid: number; start: string }[] = []
  for (let pid = parent; pid > 0;) {
    const stat = table.stat(pid)
    if (stat === undefined) break
    found.push({ pid, start: stat.start })
    pid = stat.parent
  }
  return found
}

/** Asks the system, by its folder of processes; `output` is the descriptor of stdout. */
export function thisSystem(proc: string, output = 1): ProcessTable {
  return {
    boot: thisProcess().boot,
    parent: process.ppid,
    readers: () =>
      isPipe(output)
        ? readersOf(linkOf(`${proc}/self/fd/${output}`), proc)
        : [],
    stat: pid => processStat(pid, proc),
  }
}

// The other end of a socket is another file: who holds this one is no reader,
// but a shell on the way that comes and goes with each cycle.
function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO()
  } catch {
    return false
  }
}

// Others' processes do not show what they have open, and any may end meanwhile.
function readersOf(file: string, proc: string): number[] {
  if (file === '') return []
  const pids = entriesOf(proc).map(Number).filter(Number.isInteger)
  return pids.filter(
    pid =>
      pid !== process.pid &&
      entriesOf(`${proc}/${pid}/fd`).some(
        fd =>
          linkOf(`${proc}/${pid}/fd/${fd}`) === file &&
          isRead(`${proc}/${pid}/fdinfo/${fd}`),
      ),
  )
}

function isRead(about: string): boolean {
  try {
    const info = readFileSync(about, 'latin1')
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? ''
    return (Number.parseInt(flags, 8) & ACCESS_MODE) !== WRITE_ONLY
  } catch {
    return false
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
