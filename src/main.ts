// From the command line to a command to an exit code. Only this file uses
// signals and the process's own streams.

import { availableParallelism } from 'node:os'
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import packageJson from '../package.json' with { type: 'json' }
import { systemClock } from './clock.ts'
import { check } from './commands/check.ts'
import { collect } from './commands/collect.ts'
import { parseCommandLine, type CommandLine } from './commands/command-line.ts'
import { encrypt } from './commands/encrypt.ts'
import { help, manual, topicText } from './commands/help.ts'
import { init } from './commands/init.ts'
import { plan } from './commands/plan.ts'
import { replay } from './commands/replay.ts'
import { outcomes, type Outcome } from './report/outcome.ts'
import { reportError } from './cycle/report-error.ts'
import { retry } from './commands/retry.ts'
import { sample } from './commands/sample.ts'
import { skip } from './commands/skip.ts'
import { status } from './commands/status.ts'
import { verify } from './commands/verify.ts'
import { UsageError } from './settings/settings-error.ts'
import type { CommandContext } from './commands/with-cursor.ts'
import { concealEnvironment } from './report/conceal.ts'
import { Report } from './report/report.ts'
import { isReaderGone, type Sink } from './output/stdout.ts'
import { openStdout } from './output/open-stdout.ts'

// A write that the host never takes would keep the process alive.
const LINGER_MS = 300

// Node gives the first address of a host a quarter of a second, and so never
// reaches a slow host whose second address is absent.
const ADDRESS_MS = 2500

/** Whether a cycle has finished; launch.ts then keeps the compiled code. */
export let cycled = false
const onCycle = (): void => {
  cycled = true
}

// Without a terminal the question would be invisible, so it is not asked.
function prompt(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(text)
}

// The question must be visible on a terminal, which may be stdout.
function ask(text: string): void {
  const { stderr, stdout } = process
  if (stderr.isTTY) stderr.write(text)
  else stdout.write(text)
}

async function run(
  line: CommandLine,
  context: CommandContext,
): Promise<Outcome> {
  const stdout = openStdout(process.stdout)
  const sink: Sink = bytes => {
    // Records on the terminal would follow the live line without a line break.
    if (process.stdout.isTTY) context.report.live('')
    return stdout.write(bytes)
  }
  const print = (text: string): Promise<void> => sink(Buffer.from(text))
  switch (line.command) {
    case 'help':
      await print(await helpText(line))
      return 'done'
    case 'version':
      await print(`${packageJson.version}\n`)
      return 'done'
    case 'init':
      await print(init(line, runtime(), context.report))
      return 'done'
    case 'encrypt': {
      const { stdin } = process
      return encrypt(line, context, { stdin, prompt }, print)
    }
    case 'skip':
      return skip(withFiles(line), context, print)
    case 'retry':
      return retry(withFiles(line), context, print)
    case 'status':
      return status(withFiles(line), context, print)
    case 'check':
      return check(
        { ...withFiles(line), isTerminal: process.stdout.isTTY },
        context,
        print,
      )
    case 'plan':
      return plan(withFiles(line), context, print)
    case 'verify': {
      const { stdin } = process
      return verify(withFiles(line), context, stdin, print)
    }
    case 'replay':
      stdout.startLine(false)
      return replay(withFiles(line), { ...context, sink })
    case 'sample':
      return sample(withFiles(line), { ...context, sink })
    case 'collect':
      return collect(withFiles(line), {
        ...context,
        asked: { stdin: process.stdin, prompt: ask },
        stdout: { ...stdout, write: sink },
        onCycle,
      })
  }
}

// The paths that a host's configuration names.
const runtime = () => ({
  node: process.execPath,
  program: process.argv[1] ?? '',
  threads: availableParallelism(),
})

async function helpText(line: CommandLine): Promise<string> {
  const { manual: topic, topic: command } = line
  if (topic === undefined) return help(command)
  return topic === '' ? manual() : topicText(topic)
}

function withFiles(line: CommandLine) {
  const { config } = line
  if (config === undefined)
    throw new UsageError(
      "--config FILE is missing: name LogRhythm's awsS3CloudTrail.ini, or make one with `init` (--help shows the usage)",
    )
  return { ...line, config }
}

// Replaces Node's own listener, which prints plain lines; it is missing if Node
// was told to print no warnings.
function reportWarnings(report: Report): void {
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  const told = new Set<string>()
  process.on('warning', ({ name, message }) => {
    if (told.has(message)) return
    told.add(message)
    report.warn('node_warning', `Node warns: ${message}`, { name })
  })
}

async function main(): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(ADDRESS_MS)
  process.stderr.on('error', () => {})
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => stop.abort())
  concealEnvironment(process.env)
  const args = process.argv.slice(2)
  const report = new Report({
    write: line => process.stderr.write(line),
    now: () => Date.now(),
    isTerminal: process.stderr.isTTY,
    columns: () => process.stderr.columns,
    quiet: args.includes('--quiet'),
  })
  reportWarnings(report)
  process.on('uncaughtException', error => {
    process.exitCode = outcomes[reportError(error, report)].exit
    setTimeout(() => process.exit(), LINGER_MS)
  })
  const context = { clock: systemClock, report, stop: stop.signal }
  let end: Outcome
  let emits = true
  try {
    const line = parseCommandLine(args)
    emits = line.command === 'collect' || line.command === 'replay'
    end = await run(line, context)
  } catch (error) {
    // A reader that has closed its end needs no further message.
    end = isReaderGone(error) && !emits ? 'done' : reportError(error, report)
  }
  process.exitCode = outcomes[end].exit
  setTimeout(() => process.exit(), LINGER_MS).unref()
  if (end === 'hostGone' || stop.signal.aborted)
    setTimeout(() => process.exit(), LINGER_MS)
}

void main()
