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
}

/** Parses the arguments after the program's name; throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const { config, state, quiet } = values
  const [name = 'collect', ...rest] = positionals
  if (values.help) return { command: 'help', config, state, quiet }
  if (values.version) return { command: 'version', config, state, quiet }
  if (!Object.hasOwn(commands, name)) {
    const nearest = nearestName(name, Object.keys(commands))
    throw new UsageError(
      `there is no command "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`} (--help lists them)`,
    )
  }
  if (rest.length > 0)
    throw new UsageError(`"${name}" takes no further words: ${rest.join(' ')}`)
  return { command: name as CommandName, config, state, quiet }
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
        help: { type: 'boolean', default: false, short: 'h' },
        version: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message} (--help shows the usage)`)
  }
}
