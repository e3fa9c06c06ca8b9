// The command `collect` in this process, over real HTTP: for tests that need
// many cycles and no process of their own. The real clock, but the last line
// of a cycle is not held back.

import { systemClock, type Clock } from '../../../src/clock.ts'
import { collect } from '../../../src/commands/collect.ts'
import type { Outcome } from '../../../src/report/outcome.ts'
import { pipeTo } from '../../../src/output/open-stdout.ts'
import { Report } from '../../../src/report/report.ts'
import type { Output } from './exactly-once.ts'
import type { Line } from '../hosts/run-program.ts'

const LAST_LINE_MS = 500

/** What a cycle left behind; `ms` is how long it took. */
export interface Cycle extends Output {
  outcome: Outcome
  events: Line[]
  summary: Line
  ms: number
}

const clock: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) =>
    milliseconds === LAST_LINE_MS
      ? Promise.resolve()
      : systemClock.sleep(milliseconds, signal),
}

/** Runs one cycle with an ini; `host` is called with each batch before it is taken, and `elapsed` is the clock that only goes forward. */
export async function collectHere(
  ini: string,
  host?: (batch: Buffer) => Promise<void>,
  elapsed = systemClock.elapsed,
): Promise<Cycle> {
  const batches: Buffer[] = []
  const events: Line[] = []
  const stdout = pipeTo(async bytes => {
    // The writer fills its buffers anew.
    batches.push(Buffer.from(bytes))
    await host?.(bytes)
  })
  const report = new Report({
    write: line => events.push(JSON.parse(line) as Line),
    now: () => Date.now(),
    isTerminal: false,
    quiet: false,
  })
  const stop = new AbortController().signal
  const began = performance.now()
  const options = { config: ini, state: undefined }
  const outcome = await collect(options, {
    clock: { ...clock, elapsed },
    report,
    stop,
    stdout,
  })
  return {
    outcome,
    events,
    summary: events.find(({ event }) => event === 'summary') ?? {},
    stdout: Buffer.concat(batches).toString(),
    ms: performance.now() - began,
  }
}
