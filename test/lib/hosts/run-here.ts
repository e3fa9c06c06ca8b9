// `collect` and `check` in this process, from their words to the exit code, as
// main.ts runs them: for tables of many runs. stdout is a pipe that takes all.

import { systemClock } from '../../../src/clock.ts'
import { check } from '../../../src/commands/check.ts'
import { collect } from '../../../src/commands/collect.ts'
import { parseCommandLine } from '../../../src/commands/command-line.ts'
import { reportError } from '../../../src/cycle/report-error.ts'
import { pipeTo } from '../../../src/output/open-stdout.ts'
import { concealEnvironment } from '../../../src/report/conceal.ts'
import { outcomes, type Outcome } from '../../../src/report/outcome.ts'
import { Report } from '../../../src/report/report.ts'

/** What a run left behind: its exit code, and both streams. */
export interface HereRun {
  code: number
  stdout: string
  stderr: string
}

/** Runs `collect` or `check` in this process, with changes to the environment that end with it. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<HereRun> {
  const before = { ...process.env }
  const out: string[] = []
  const err: string[] = []
  setEnvironment(env)
  concealEnvironment(process.env)
  try {
    const outcome = await run(args, out, err)
    const { exit: code } = outcomes[outcome]
    return { code, stdout: out.join(''), stderr: err.join('') }
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

async function run(
  args: readonly string[],
  out: string[],
  err: string[],
): Promise<Outcome> {
  const report = new Report({
    write: line => err.push(line),
    now: () => Date.now(),
    isTerminal: false,
    quiet: false,
  })
  const stop = new AbortController().signal
  const context = { clock: systemClock, report, stop }
  const print = async (text: string): Promise<void> => void out.push(text)
  const stdout = pipeTo(bytes => print(bytes.toString()))
  try {
    const { command, config = '', state, json } = parseCommandLine(args)
    const options = { config, state, json }
    return command === 'check'
      ? await check(options, context, print)
      : await collect(options, { ...context, stdout })
  } catch (error) {
    return reportError(error, report)
  }
}

function setEnvironment(env: Readonly<Record<string, string | undefined>>) {
  for (const [name, value] of Object.entries(env))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
}
