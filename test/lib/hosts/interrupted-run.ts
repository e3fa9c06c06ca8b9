// One cycle of the built program that something ends at a chosen moment: a
// signal, or a reader that closes the pipe. Moments are counted in requests or
// bytes, or in ms from the first request, so that they fall within the cycle
// on any machine.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Collector } from './collector.ts'
import type { Output } from '../cycle/exactly-once.ts'

/** A run that a signal ends is gone in two seconds; a busy machine takes longer, but a cycle of 20 s that goes on would too. */
export const SOON_MS = 10_000

/** Gives the shell's words that wait for a file, for a minute at most. */
export const untilThere = (file: string): string =>
  `for i in $(seq 600); do [ -e ${file} ] && break; sleep 0.1; done`

/** What ends a run. */
export type End = 'KILL' | 'TERM' | 'INT' | 'HUP' | 'close'

/** When it does: at a request, after so many bytes were read, or so long after the first request. */
export interface Moment {
  unit: 'request' | 'byte' | 'ms'
  count: number
}

/** Gets what ends a run, to call it when the moment has come. */
export type Watch = (kill: () => void) => void

/** What the run left; `goneMs` is how long it went on after a signal, undefined if it was over before. */
export interface Interrupted extends Required<Output> {
  code: number
  stderr: string
  goneMs: number | undefined
}

/** Draws moments from a seed, a third of them of each unit. */
export function moments(
  seed: number,
  count: number,
  most: { requests: number; bytes: number; ms: number },
): Moment[] {
  const moment = (unit: Moment['unit'], max: number) =>
    fc.record({
      unit: fc.constant(unit),
      count: fc.noBias(fc.integer({ min: 1, max: Math.floor(max) })),
    })
  const any = fc.oneof(
    moment('request', most.requests),
    moment('byte', most.bytes),
    moment('ms', most.ms),
  )
  return fc.sample(any, { seed, numRuns: count })
}

/** Runs one cycle up to its end or the moment, whichever is first; a close comes after bytes, whatever the unit. */
export async function interruptedRun(
  { s3, folder, script }: Collector,
  end: End,
  moment: Moment | Watch,
): Promise<Interrupted> {
  const { unit, count } =
    typeof moment === 'function' ? { unit: 'watch', count: 0 } : moment
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
  for (const name of ['sent', 'pid'])
    rmSync(join(folder, name), { force: true })
  let sent: number | undefined
  const kill = (): void => {
    if (end === 'close' || sent !== undefined) return
    sent = Date.now()
    try {
      process.kill(Number(read('pid')), `SIG${end}`)
    } catch {
      // It was over already.
      sent = undefined
    }
  }
  if (typeof moment === 'function') moment(kill)
  let requests = 0
  let timer: NodeJS.Timeout | undefined
  const { fault } = s3
  s3.fault = request => {
    requests++
    if (unit === 'request' && requests === count) kill()
    if (unit === 'ms' && requests === 1) timer = setTimeout(kill, count)
    return fault?.(request)
  }
  // Who closes has stood still for so long that a flush is due with the next
  // batch, and left a pipe full unread: what was committed too early shows.
  const send = `date +%s%3N >sent; kill -${end} $(cat pid)`
  const reader =
    end === 'close'
      ? `{ head -c ${count}; sleep 0.7; head -c 70000; sleep 0.2; }`
      : unit === 'byte'
        ? `{ head -c ${count}; ${send}; cat; }`
        : 'cat'
  await script(`exec 2>/dev/null
    { sh -c 'echo $$ >pid; exec "$@"' sh "$@" 2>err
      echo $? >code; date +%s%3N >gone; } | ${reader} >out`)
  clearTimeout(timer)
  s3.fault = fault
  const gone = Number(read('gone'))
  if (end !== 'close' && unit === 'byte') sent = Number(read('sent'))
  return {
    stdout: read('out'),
    cut: end === 'KILL' || end === 'close',
    code: Number(read('code')),
    stderr: read('err'),
    goneMs: sent === undefined || gone < sent ? undefined : gone - sent,
  }
}
