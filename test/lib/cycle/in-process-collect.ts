// The command `collect` in this process, over real HTTP: for tests that need
// many cycles and no process of their own. The real clock, but it does not run
// while a busy machine keeps it waiting, and the last line of a cycle is not
// held back.

import { systemClock, type Clock } from '../../../src/clock.ts'
import { collect } from '../../../src/commands/collect.ts'
import type { Outcome } from '../../../src/report/outcome.ts'
import { pipeTo } from '../../../src/output/open-stdout.ts'
import { Report } from '../../../src/report/report.ts'
import type { Output } from './exactly-once.ts'
import type { Line } from '../hosts/run-program.ts'
import { PatientClock } from '../patient-clock.ts'

const LAST_LINE_MS = 500

/** What a cycle left behind; `ms` is how long it took by its own clock. */
export interface Cycle extends Output {
  outcome: Outcome
  events: Line[]
  summary: Line
  ms: number
}

/** Runs one cycle with an ini; `host` is called with each batch before it is taken, and `elapsed` is another clock that only goes forward, beside which sleeps and timers take the machine's time. */
export async function collectHere(
  ini: string,
  host?: (batch: Buffer) => Promise<void>,
  elapsed?: () => number,
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
  const patient = new PatientClock()
  const rest = elapsed ? systemClock : patient
  const clock: Clock = {
    now: () => patient.now(),
    elapsed: elapsed ?? (() => patient.elapsed()),
    sleep: (milliseconds, signal) =>
      milliseconds === LAST_LINE_MS
        ? Promise.resolve()
        : rest.sleep(milliseconds, signal),
    after: (milliseconds, call) => rest.after(milliseconds, call),
  }
  const began = clock.elapsed()
  try {
    const options = { config: ini, state: undefined }
    const outcome = await collect(options, { clock, report, stop, stdout })
    return {
      outcome,
      events,
      summary: events.find(({ event }) => event === 'summary') ?? {},
      stdout: Buffer.concat(batches).toString(),
      ms: clock.elapsed() - began,
    }
  } finally {
    patient.stop()
  }
}
