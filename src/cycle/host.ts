// Finds the host, the process that reads this one's output. Boot, pid and start
// time identify it, so that a cycle knows whether the process that took the
// last cycle's lines still lives. The host is the reader of the pipe, also
// through a shell. Only if no reader is visible do ancestors stand for it: the
// nearest lasting one or, once a known host is gone, the process started in its
// place.

import { fstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { uptime } from 'node:os'
import { orElse } from '../files/error-code.ts'
import { PROC, processStat, thisProcess } from '../cursor/lock/lock-holder.ts'

/** A process that reads the output; '' is a value that this system does not give. */
export interface Host {
  boot: string
  pid: number
  /** Its start time, in clock ticks since boot, with GUESS before it while no cycle has shown that it lasts. */
  start: string
}

/** The system calls that finding the host needs. */
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
  // A known host that is gone was started again by the lasting ancestor.
  const isKnown = last.start !== '' && !last.start.startsWith(GUESS)
  const isGone = isKnown && !isSameHost({ boot, ...lasting }, last)
  return { boot, ...((isGone && ancestors[at - 1]) || lasting) }
}

/** Tells whether two hosts are one process, as far as the system shows it: a parent in another pid namespace has the number 0, a hidden one has no start time, and either could be any process. */
export function isSameHost(a: Host, b: Host): boolean {
  const [start, other] = [a, b].map(host => host.start.replace(GUESS, ''))
  const isSame = a.boot === b.boot && a.pid === b.pid && start === other
  // Without boot and start times, as on macOS, the parent's number must
  // suffice.
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

// The other end of a socket is another file: a process that holds this end is
// no reader, but a shell on the way that comes and goes with each cycle.
const isPipe = (fd: number): boolean =>
  orElse(false, () => fstatSync(fd).isFIFO())

// Other users' processes hide their open files, and any process may end
// meanwhile.
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

const isRead = (about: string): boolean =>
  orElse(false, () => {
    const info = readFileSync(about, 'latin1')
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? ''
    return (Number.parseInt(flags, 8) & ACCESS_MODE) !== WRITE_ONLY
  })

const linkOf = (path: string): string => orElse('', () => readlinkSync(path))

const entriesOf = (path: string): string[] =>
  orElse([], () => readdirSync(path))
