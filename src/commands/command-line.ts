// Reads the command line: which command, on which files.

import { parseArgs } from 'node:util'
import { nearestName } from '../settings/nearest-name.ts'
import { commands, type CommandName } from './help.ts'
import { UsageError } from './usage-error.ts'

export interface CommandLine {
  command: CommandName | 'help' | 'version'
  config: string | undefined
  state: string | undefined
  quiet: boolean
  /** What `retry` is to queue again. */
  keys: readonly string[]
  all: boolean
  /** Has a command answer in JSON. */
  json: boolean
  /** How many seconds apart `plan` takes cycles to be, as it was written. */
  every: string | undefined
  /** The day that `replay` is to emit, as it was written. */
  day: string | undefined
}

const JSON_COMMANDS: ReadonlySet<string> = new Set(['check', 'plan', 'status'])

/** Parses the arguments after the program's name; throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const { help, version, config, state, quiet, all, json } = values
  const [name = 'collect', ...keys] = positionals
  const { every, day } = values
  const line = { config, state, quiet, keys, all, json, every, day }
  if (help) return { command: 'help', ...line }
  if (version) return { command: 'version', ...line }
  if (!Object.hasOwn(commands, name)) {
    const nearest = nearestName(name, Object.keys(commands))
    throw new UsageError(
      `there is no command "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`} (--help lists them)`,
    )
  }
  if (keys.length > 0 && name !== 'retry')
    throw new UsageError(`"${name}" takes no further words: ${keys.join(' ')}`)
  if (all && name !== 'retry')
    throw new UsageError(`"${name}" takes no --all; \`retry\` does`)
  if (json && !JSON_COMMANDS.has(name))
    throw new UsageError(
      `"${name}" takes no --json; \`${[...JSON_COMMANDS].join('`, `')}\` do`,
    )
  if (every !== undefined && name !== 'plan')
    throw new UsageError(`"${name}" takes no --every; \`plan\` does`)
  if (day !== undefined && name !== 'replay')
    throw new UsageError(`"${name}" takes no --day; \`replay\` does`)
  return { command: name as CommandName, ...line }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        state: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        every: { type: 'string' },
        day: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
        version: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message} (--help shows the usage)`)
  }
}
